// A trace as the CPU table of kernel commit messages: one column per agent, time downwards, ASCII, no line wider than asked for. The full list
// of steps is trace/print.ts's.
import type { Trace } from '../trace/trace.ts';
import { type Line, storyOf } from './story.ts';
import { ascii, wrap } from './wrap.ts';

export interface TextOptions {
  /** Columns, margin included; at least 40. */
  readonly width: number;
}

/** More rows than these and the least telling ones give way to `...`. */
const ROWS_MAX = 36;
const COLUMNS_MAX = 3;
/** A mail's own text stands at the left edge; a table is set off by one column. */
const MARGIN = 1;
const GAP = 2;

interface Row {
  /** Index of the column; -1: across all of them. */
  readonly column: number;
  readonly text: string;
  readonly depth: number;
  /** Stands at the end of the row: `<-- use-after-free`. */
  readonly mark: string;
  readonly weight: number;
}

export function textDiagram(trace: Trace, options: TextOptions): string {
  const width = Math.max(40, Math.floor(options.width));
  const story = storyOf(trace, { fold: true, open: new Set() });
  const columns = columnsOf(trace, story);
  const rows = elide(rowsOf(trace, story, columns));
  const widths = columnWidths(columns, rows, width - MARGIN);
  const lines = [...header(columns, widths), ...rows.flatMap((r) => rowLines(r, widths, width - MARGIN))];
  const table = lines.map((l) => ' '.repeat(MARGIN) + l);
  const legend = wrap(legendOf(trace), width);
  return [...table, '', ...legend].map((l) => l.trimEnd() + '\n').join('');
}

/** Those who say most, in the order in which they begin; the violator always. Who has no column is told across the table. */
function columnsOf(trace: Trace, story: readonly Line[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const l of story) if (l.kind !== 'fold') counts.set(l.agent, (counts.get(l.agent) ?? 0) + 1);
  const begin = [...counts.keys()];
  return [...begin]
    .sort((a, b) => Number(b === trace.verdict.agent) - Number(a === trace.verdict.agent) || (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
    .slice(0, COLUMNS_MAX)
    .sort((a, b) => begin.indexOf(a) - begin.indexOf(b));
}

function rowsOf(trace: Trace, story: readonly Line[], columns: readonly string[]): readonly Row[] {
  const keys = new Set(trace.verdict.keys.map((k) => k.step));
  const rows = story.flatMap((l, i): readonly Row[] => {
    if (l.kind === 'fold' || isArgument(l, story[i + 1])) return [];
    const column = columns.indexOf(l.agent);
    const said = ascii(l.kind === 'wait' ? `(${l.text})` : kernelText(l.text));
    return [
      {
        column,
        text: column < 0 ? `[ ${l.agent}: ${said} ]` : said,
        depth: column < 0 ? 0 : l.depth,
        mark: l.violation ? `<-- ${trace.verdict.kind}` : '',
        weight: l.violation || l.steps.some((s) => keys.has(s)) ? 3 : l.kind === 'wait' || l.depth === 0 ? 2 : l.kind === 'call' && !l.library ? 2 : 1,
      },
    ];
  });
  // A finding that is a state: the mark goes to the last row of who is stuck.
  if (rows.some((r) => r.mark !== '')) return rows;
  const stuck = rows.map((r) => r.column).lastIndexOf(columns.indexOf(trace.verdict.agent));
  return rows.map((r, i) => (i === stuck ? { ...r, mark: `<-- ${trace.verdict.kind}`, weight: 3 } : r));
}

/** `t.core` before `core_unregister()`: what is read for a call says nothing beside it. */
function isArgument(l: Line, next: Line | undefined): boolean {
  return l.kind === 'step' && !l.violation && /^[\w.]+$/.test(l.text) && next?.kind === 'call' && next.agent === l.agent && next.depth === l.depth;
}

/** Lifeline's own words as C would have them; the rest is the kernel's already. */
function kernelText(text: string): string {
  return text
    .replace(/^let /, '')
    .replace(/^with /, '')
    .replace(/ as [\w.]+\b/g, '')
    .replace(/\?$/, '')
    .replace(/^free (.+)$/, 'kfree($1)')
    .replace(/= new (.+)$/, '= kzalloc($1)')
    .replace(/^[a-z]+(_[a-z]+)+$/, '$&()');
}

/** A table that is too long loses its least telling rows; if that is not enough, its beginning, but for the key steps. */
function elide(rows: readonly Row[]): readonly Row[] {
  if (rows.length <= ROWS_MAX) return rows;
  const telling = withGaps(rows, (r) => r.weight > 1, (first) => ({ ...first, text: '...', mark: '', weight: 1 }));
  if (telling.length <= ROWS_MAX) return telling;
  const tail = telling.length - ROWS_MAX;
  return withGaps(
    telling,
    (r, i) => i >= tail || r.weight === 3,
    (first, count) => ({ ...first, column: -1, depth: 0, text: `[ ... ${count} ${count === 1 ? 'row' : 'rows'} left out ... ]`, mark: '', weight: 1 }),
  );
}

/** Each run of rows that are not kept becomes one. */
function withGaps(rows: readonly Row[], kept: (row: Row, index: number) => boolean, gap: (first: Row, count: number) => Row): readonly Row[] {
  const result: Row[] = [];
  let run: Row[] = [];
  const close = () => {
    if (run.length > 0) result.push(gap(run[0], run.length));
    run = [];
  };
  rows.forEach((r, i) => {
    if (!kept(r, i)) return run.push(r);
    close();
    return result.push(r);
  });
  close();
  return result;
}

function titles(columns: readonly string[]): readonly string[] {
  return columns.map((agent, i) => ascii(`CPU${i} (${agent})`));
}

/** Each column as wide as its rows ask, as long as all fit. Otherwise what is left beside the titles is shared by need. */
function columnWidths(columns: readonly string[], rows: readonly Row[], room: number): readonly number[] {
  const last = columns.length - 1;
  const needs = (marks: boolean) =>
    titles(columns).map((t, i) => {
      const own = rows.filter((r) => r.column === i).map((r) => indent(r) + r.text.length + (marks && i === last && r.mark !== '' ? GAP + r.mark.length : 0));
      return Math.max(t.length, ...own) + (i === last ? 0 : GAP);
    });
  const marked = needs(true);
  // A mark for which there is no room goes below its row.
  const need = marked.reduce((a, b) => a + b, 0) <= room ? marked : needs(false);
  const even = Math.floor(room / Math.max(1, columns.length));
  // The usual look: the second column begins at the middle, if the first does not need more.
  if (need.every((n) => n <= even)) return need.map(() => even);
  const total = need.reduce((a, b) => a + b, 0);
  if (total <= room) return need.map((n, i) => (i === last ? room - (total - n) : n));
  const names = titles(columns).map((t) => t.length + GAP);
  const floors = names.reduce((a, b) => a + b, 0) <= room ? names : names.map(() => even);
  const spare = room - floors.reduce((a, b) => a + b, 0);
  const wants = need.map((n, i) => Math.max(0, n - floors[i]));
  const all = wants.reduce((a, b) => a + b, 0) || 1;
  const widths = floors.map((f, i) => f + Math.floor((spare * wants[i]) / all));
  widths[last] += room - widths.reduce((a, b) => a + b, 0);
  return widths;
}

function indent(row: Row): number {
  return row.depth * 2;
}

function header(columns: readonly string[], widths: readonly number[]): readonly string[] {
  const names = titles(columns).map((t, i) => t.slice(0, widths[i] - (i < columns.length - 1 ? GAP : 0)));
  return [names, names.map((n) => '-'.repeat(n.length))].map((cells) => cells.map((c, i) => c.padEnd(widths[i])).join(''));
}

/** The other columns are empty in a row: a line that is a little too long, and the mark, may stand in their room. */
function rowLines(row: Row, widths: readonly number[], room: number): readonly string[] {
  if (row.column < 0) return wrap(row.text, room, 4);
  const left = widths.slice(0, row.column).reduce((a, b) => a + b, 0);
  const last = row.column === widths.length - 1;
  const cell = last ? room - left : widths[row.column] - GAP;
  const reach = last ? cell : widths[row.column] + Math.floor(widths[row.column + 1] / 2);
  const deep = Math.min(indent(row), Math.max(0, reach - 16));
  const text = shorten(row.text, reach - deep);
  const lines = (text.length <= reach - deep ? [text] : wrap(text, cell - deep, 4)).map((l) => ' '.repeat(left + deep) + l);
  if (row.mark === '') return lines;
  const end = lines.length - 1;
  const marked = `${lines[end].padEnd(left + deep)}  ${row.mark}`;
  if (marked.length <= room) return [...lines.slice(0, end), marked];
  return [...lines, ' '.repeat(Math.max(0, Math.min(left + deep + 2, room - row.mark.length))) + row.mark];
}

/** Arguments are the first to go where a cell is too narrow. */
function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  const short = text.replace(/^([\w.# =]*\b[\w.]+\()[^()]{4,}(\).*)$/, '$1...$2');
  return short.length <= width ? short : text;
}

function legendOf(trace: Trace): string {
  const { kind, message, waitsFor } = trace.verdict;
  const said = ascii(message.replace(/`/g, '')).replace(/\.?$/, '.');
  return `${kind}: ${said}${waitsFor === null || message.includes(waitsFor) ? '' : ` Goes on after: ${ascii(waitsFor.replace(/`/g, ''))}.`}`;
}
