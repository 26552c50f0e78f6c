// `lifeline explain`: the page of one verdict or of one diagnostic of a file's text; of everything else that has a name, what hover shows, or how a
// name of the kernel's is written.
import { analyse, prelude } from '../../src/analysis.ts';
import { codes } from '../../src/base/codes.ts';
import { nearest } from '../../src/base/nearest.ts';
import { VERDICTS } from '../../src/base/verdicts.ts';
import { libraryNames } from '../../src/check/libraries.ts';
import { verdictPage } from '../../src/export/verdictPages.ts';
import { hoverOf } from '../../src/semantics/hover.ts';
import { writtenInstead } from '../../src/semantics/kernelNames.ts';
import type { Symbol, Unit } from '../../src/semantics/program.ts';
import { keyword } from '../../src/syntax/keywords.ts';
import { wrong } from './check.ts';
import { type Exit, exit, type Io } from './io.ts';
import { parseOptions } from './options.ts';

export function explain(args: readonly string[], io: Io): Exit {
  const parsed = parseOptions(args, {});
  if (typeof parsed === 'string') return wrong(parsed, io);
  if (parsed.positional.length !== 1) return wrong(`explain wants a primitive, a function of a library, a diagnostic, or a verdict: ${Object.keys(VERDICTS).join(', ')}`, io);
  const [kind] = parsed.positional;
  const page = verdictPage(kind) ?? codePage(kind) ?? keywordPage(kind) ?? symbolPage(kind) ?? libraryPage(kind) ?? habitPage(kind);
  if (page !== null) {
    io.out(page);
    return exit.fine;
  }
  const near = nearest(kind, [...symbols().keys(), ...Object.keys(VERDICTS), ...Object.values(codes).map((c) => c.code)]);
  return wrong(`there is no verdict, diagnostic, primitive or function of a library ${kind}${near === null ? '' : `, did you mean ${near}?`}`, io);
}

/** What hover shows: of a primitive, or of what a library that ships has. */
function symbolPage(name: string): string | null {
  const found = symbols().get(name);
  if (found === undefined) return null;
  const models = found.library === null ? '' : `\n\n**Library:** \`${found.library}\``;
  return `# ${name}\n\n${hoverOf(prelude, found.symbol)}${models}\n`;
}

interface Named {
  readonly symbol: Symbol;
  readonly library: string | null;
}

/** Primitives, their types, constants and settings, and functions and structs of every library, by name: the first that has it. */
function symbols(): ReadonlyMap<string, Named> {
  const named = new Map<string, Named>();
  const add = (name: string, symbol: Symbol, unit: Unit | null): void => {
    if (!named.has(name)) named.set(name, { symbol, library: unit?.file.header?.name.text ?? null });
  };
  for (const primitive of prelude.functions) add(primitive.name, { kind: 'primitive', primitive }, null);
  for (const { name, value, doc } of prelude.constants) add(name, { kind: 'constant', name, value, node: null, doc }, null);
  for (const { settings } of prelude.settings) for (const setting of settings) add(setting.name, { kind: 'setting', setting }, null);
  const { program } = analyse('explain.lifeline', `scenario explain\nuse ${libraryNames().join(', ')}\n`, { read: () => null });
  for (const f of program.functions) add(f.name, { kind: 'function', function: f }, f.unit);
  for (const struct of program.structs) add(struct.name, { kind: 'struct', struct }, struct.unit);
  for (const { name, unit, ...variable } of program.variables) add(name, { kind: 'variable', variable: { name, unit, ...variable } }, unit);
  return named;
}

function codePage(name: string): string | null {
  const code = Object.values(codes).find((c) => c.code === name);
  return code === undefined ? null : `# ${code.code}\n\n${code.title}.\n\n${code.explanation}\n`;
}

/** What a library that ships says of itself, and the names of its functions. */
function libraryPage(name: string): string | null {
  if (!libraryNames().includes(name)) return null;
  const { program } = analyse('explain.lifeline', `scenario explain\nuse ${name}\n`, { read: () => null });
  const own = program.units.find((u) => u.file.header?.name.text === name);
  if (own === undefined) return null;
  const functions = program.functions.filter((f) => f.unit === own && f.node.kind === 'fn').map((f) => `\`${f.name}\``);
  return `# ${name}\n\nA library. ${own.file.header?.doc ?? ''}\n\n**Functions:** ${functions.join(', ')}\n`;
}

/** A name that kernel developers type by habit. */
function habitPage(name: string): string | null {
  const written = writtenInstead(name, 'name') ?? writtenInstead(name, 'type');
  return written === null ? null : `# ${name}\n\n${written[0].toUpperCase()}${written.slice(1)}.\n`;
}

function keywordPage(name: string): string | null {
  const known = keyword(name);
  return known === null ? null : `# ${name}\n\n${known.doc}\n`;
}
