// What makes a file green because nothing of it happens: a driver that no device binds, and an open of a name that nobody registers. Both are seen
// in the text, over all branches of params, so that every combination says the same.
import { nearest } from '../base/nearest.ts';
import type { Span } from '../base/span.ts';
import type { Program } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import { walk, type Node } from '../syntax/visit.ts';

interface Remark {
  readonly span: Span;
  readonly message: string;
}

/** Drivers of the file with a `probe`, which the `binds` of no device names. */
export function neverProbed(program: Program): readonly Remark[] {
  const { file } = program.units[0];
  const bound = new Set<string>();
  walk(file, (node) => {
    if (node.kind === 'device') for (const path of node.binds) bound.add(path.parts[path.parts.length - 1].text);
  });
  return program.ops.flatMap(({ node, unit, module, name }) => {
    if (unit !== program.units[0] || node.keyword !== 'driver' || bound.has(node.name.text) || !hasProbe(node.entries)) return [];
    const path = module === null ? name : `${module.name}.${name}`;
    return [{ span: node.name, message: `no device binds \`${name}\`: its probe never runs; \`device gpu: TYPE binds ${path}\` has one` }];
  });
}

function hasProbe(entries: readonly tree.OpsEntry[]): boolean {
  return entries.some((e) => (e.kind === 'ifEntries' ? hasProbe(e.then) || hasProbe(e.else) : e.name.text === 'probe'));
}

/** Calls of `open` in the file with a path of which no other text of the program, here or in a library, is the name. */
export function neverRegistered(program: Program): readonly Remark[] {
  const { file } = program.units[0];
  const opened = opens(program, file);
  const unknown = opened.filter(({ value }) => !program.units.some((u) => textsOf(u.file).some((t) => !opened.includes(t) && names(value, t.value))));
  if (unknown.length === 0) return [];
  const registered = textsOf(file).filter((t) => !opened.includes(t)).map((t) => `/dev/${t.value}`);
  return unknown.map((path) => {
    const close = nearest(path.value, registered);
    const proposal = close === null ? '' : `: did you mean \`${close}\`?`;
    return { span: path, message: `nothing registers \`${path.value}\`, so that this open fails in every run${proposal}` };
  });
}

function names(path: string, name: string): boolean {
  return path === name || path.endsWith(`/${name}`);
}

/** Elsewhere than in a process a system call is an error of its own. */
function opens(program: Program, file: tree.File): tree.Str[] {
  const found: tree.Str[] = [];
  const inProcess = (node: Node): void => {
    if (node.kind !== 'call' || node.callee.kind !== 'name') return;
    const symbol = program.symbols.get(node.callee);
    const [path] = node.arguments;
    if (symbol?.kind === 'function' && symbol.function.unit.library && symbol.function.name === 'open' && path?.kind === 'string') found.push(path);
  };
  walk(file, (node) => {
    if (node.kind === 'process') walk(node, inProcess);
  });
  return found;
}

function textsOf(file: Node): tree.Str[] {
  const found: tree.Str[] = [];
  walk(file, (node) => {
    if (node.kind === 'string') found.push(node);
  });
  return found;
}
