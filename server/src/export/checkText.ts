// `check` for people: each finding as compilers print theirs, the trace below it in as few lines as tell it, one line per file at the end.
import type { FileResult, Violation } from '../analysis.ts';
import type { Range } from '../base/span.ts';
import { matrixOf, matrixText } from '../diagram/matrix.ts';
import type { TraceStep } from '../trace/trace.ts';
import { assumedOfRun } from './assumed.ts';
import { byGravity, commonHints, type Group, groups, outcome, whenText } from './group.ts';
import type { Places } from './places.ts';
import { plural, summary, unmetText } from './summary.ts';

export interface TextOptions {
  readonly color: boolean;
  /** Only what makes a file red, and no traces. */
  readonly quiet: boolean;
}

type Paint = (text: string, style: 'bold' | 'red' | 'green' | 'yellow' | 'blue' | 'dim') => string;

export function checkText(result: FileResult, places: Places, options: TextOptions): string {
  const paint = painter(options.color);
  const file = result.file;
  const parts: string[] = [];
  for (const e of result.errors)
    parts.push(finding(file, e.range, e.severity, `${e.message} [${e.code}]`, paint) + excerpt(file, e.range, places, paint));
  for (const g of byGravity(groups(result))) {
    if (options.quiet && (g.expected || g.violation.severity === 'information')) continue;
    parts.push(groupText(g, result.runs.length, places, options, paint));
  }
  if (!options.quiet) {
    const assumed = new Set(result.runs.map(assumedOfRun));
    for (const text of assumed) if (text !== null) parts.push(paint(text, 'dim'));
  }
  for (const e of result.expects) {
    if (e.met === false) parts.push(finding(file, e.range, 'error', unmetText(e), paint) + excerpt(file, e.range, places, paint));
    else if (e.met === null && !options.quiet)
      parts.push(finding(file, e.range, 'note', `\`expect ${e.text}\` is not decided: an exploration was incomplete`, paint));
  }
  if (!options.quiet) {
    for (const hint of commonHints(result, file))
      parts.push(finding(file, hint.range, 'hint', hint.message, paint) + excerpt(file, hint.range, places, paint));
    for (const c of result.claims)
      parts.push(
        finding(file, c.range, c.state, `claim "${c.text}"${c.underAssumption === null ? '' : ` (assuming ${c.underAssumption})`}`, paint),
      );
  }
  // A design space is answered by its table.
  if (!options.quiet && result.runs.length > 1) parts.push(matrixText(matrixOf(result), 80).replace(/\n$/, ''));
  if (!options.quiet || outcome(result) !== 'green') parts.push(summaryLine(result, paint));
  return parts.map((p) => p + '\n').join('');
}

function groupText(g: Group, runs: number, places: Places, options: TextOptions, paint: Paint): string {
  const v = g.violation;
  const when = whenText(g, runs);
  const label = g.expected ? 'expected' : v.severity;
  const lines = [
    finding(v.at.file, v.range, label, `${v.kind}: ${v.message}${when === '' ? '' : ` (${when})`}`, paint) +
      excerpt(v.at.file, v.range, places, paint),
  ];
  if (options.quiet) return lines.join('\n');
  // Of a design space the table is the answer: the ways to what everybody knows would bury it.
  if (!g.expected || runs === 1) lines.push(...stepLines(v.trace.steps, v.at.file, paint));
  lines.push(paint(`      = violation ${g.number}, ${plural(v.steps, 'step')}, ${plural(v.switches, 'switch', 'switches')}`, 'dim'));
  if (v.kind === 'unload-refused' && !g.expected) lines.push(paint(`      = if that is meant: \`${expectOf(v)}\``, 'dim'));
  return lines.join('\n');
}

/** The line that says that an `unload-refused` is meant; of several holders, or one of several threads, it names none. */
function expectOf({ kind, object, by }: Violation): string {
  const holder = by.length === 1 && !by[0].includes('#') ? ` by ${by[0]}` : '';
  return `expect ${kind}${object === null ? '' : ` of ${object}`}${holder}`;
}

// Runs of steps inside libraries that neither allocate, free, wait nor refuse say little: they are counted.
function stepLines(steps: readonly TraceStep[], file: string, paint: Paint): readonly string[] {
  const width = Math.max(...steps.map((s) => s.agent.length), 1);
  const last = steps[steps.length - 1];
  const times = last === undefined || last.time === '0' ? 0 : last.time.length;
  const lines: string[] = [];
  let hidden: TraceStep[] = [];
  const flush = () => {
    if (hidden.length === 0) return;
    const where = [...new Set(hidden.map((s) => s.function))];
    lines.push(
      paint(
        `          ${times === 0 ? '' : `${hidden[0].time.padStart(times)} ns  `}${hidden[0].agent.padEnd(width)}  ... ${plural(hidden.length, 'step')} in ${where.slice(0, 3).join(', ')}${where.length > 3 ? ', ...' : ''}`,
        'dim',
      ),
    );
    hidden = [];
  };
  steps.forEach((s, i) => {
    const isLast = i === steps.length - 1;
    if (!isLast && s.at.file !== file && !TELLING.has(s.event)) {
      if (hidden.length > 0 && hidden[0].agent !== s.agent) flush();
      hidden.push(s);
      return;
    }
    flush();
    const inside = s.function === s.agent || s.text.startsWith(s.function) ? '' : `${s.function}: `;
    const time = times === 0 ? '' : `${s.time.padStart(times)} ns  `;
    const line = `    ${String(s.index + 1).padStart(4)}  ${time}${s.agent.padEnd(width)}  ${inside}${s.text}`;
    lines.push(isLast ? paint(line, 'bold') : line);
  });
  flush();
  return lines;
}

const TELLING: ReadonlySet<TraceStep['event']> = new Set(['alloc', 'free', 'block', 'wake', 'refuse', 'violation']);

function summaryLine(result: FileResult, paint: Paint): string {
  const { outcome: state, word, rest } = summary(result);
  const color = { errors: 'red', red: 'red', incomplete: 'yellow', green: 'green' } as const;
  return `${result.file}: ${paint(word, color[state])}${rest}`;
}

function finding(file: string, range: Range, label: string, message: string, paint: Paint): string {
  const where = `${file}:${range.start.line + 1}:${range.start.character + 1}:`;
  const color =
    label === 'error' || label === 'refuted'
      ? 'red'
      : label === 'warning'
        ? 'yellow'
        : label === 'holds' || label === 'expected'
          ? 'green'
          : 'blue';
  return `${paint(where, 'bold')} ${paint(`${label}:`, color)} ${message}`;
}

function excerpt(file: string, range: Range, places: Places, paint: Paint): string {
  const line = places.lineAt(file, range.start.line);
  if (line.trim() === '') return '';
  const number = String(range.start.line + 1).padStart(5);
  const end = range.end.line === range.start.line ? range.end.character : line.length;
  const under = line.slice(0, range.start.character).replace(/[^\t]/g, ' ') + '^'.repeat(Math.max(1, end - range.start.character));
  return `\n${paint(`${number} |`, 'blue')} ${line}\n${paint('      |', 'blue')} ${paint(under, 'red')}`;
}

function painter(color: boolean): Paint {
  if (!color) return (text) => text;
  const codes = { bold: 1, red: 31, green: 32, yellow: 33, blue: 34, dim: 2 } as const;
  return (text, style) => `\u001b[${codes[style]}m${text}\u001b[0m`;
}
