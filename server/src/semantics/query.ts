// Questions that an editor asks of a resolved program: what is here, where is it declared, where is it used. What to show is hover.ts,
// what could be written is inScope.ts.
import type { Place, Span } from '../base/span.ts';
import type * as tree from '../syntax/tree.ts';
import { type Node, pathAt, walk } from '../syntax/visit.ts';
import type { FunctionInfo, Program, Symbol, Unit } from './program.ts';

/** The name at an offset (or just before it) with what it stands for; null where there is no name, or nothing is called so. */
export function symbolAt(program: Program, path: string, offset: number): { readonly name: tree.Name; readonly symbol: Symbol } | null {
  const unit = program.units.find((u) => u.path === path);
  const name = unit === undefined ? undefined : pathAt(unit.file, offset).at(-1);
  if (name?.kind !== 'name') return null;
  const symbol = program.symbols.get(name);
  return symbol === undefined ? null : { name, symbol };
}

/** Where a symbol is declared: the span of its name. Null for what is built in. */
export function definitionOf(program: Program, symbol: Symbol): Place | null {
  const declared = declarationOf(program, symbol);
  if (declared === null || declared.unit === null) return null;
  return { file: declared.unit.path, span: { start: declared.at.start, end: declared.at.end } };
}

/**
 * Every name that stands for the symbol, its declaration included, in the order of units and text. With `spelt`, only names spelt so: a
 * struct has other names where `struct pci_dev = device` gives it one, and those are not renamed with it.
 */
export function referencesTo(program: Program, symbol: Symbol, spelt: string | null = null): readonly Place[] {
  const wanted = identityOf(symbol);
  const found: Place[] = [];
  for (const unit of program.units) {
    walk(unit.file, (node) => {
      const other = node.kind === 'name' && (spelt === null || node.text === spelt) ? program.symbols.get(node) : undefined;
      if (other !== undefined && identityOf(other) === wanted) found.push({ file: unit.path, span: { start: node.start, end: node.end } });
    });
  }
  return found;
}

interface Declared {
  readonly unit: Unit | null;
  readonly at: Span;
}

function declarationOf(program: Program, s: Symbol): Declared | null {
  switch (s.kind) {
    case 'struct':
      return s.struct.node === null ? null : { unit: s.struct.unit, at: s.struct.node.name };
    case 'field':
      return { unit: s.field.struct.unit, at: s.field.node.name };
    case 'enum':
      return { unit: s.enum.unit, at: s.enum.node.name };
    case 'enumMember':
      return { unit: s.enum.unit, at: s.enum.node.members[s.index] };
    case 'module':
      return { unit: s.module.unit, at: s.module.node.name };
    case 'function':
      return { unit: s.function.unit, at: nameOfFunction(s.function) };
    case 'variable':
      return { unit: s.variable.unit, at: s.variable.node.name };
    case 'local':
      return { unit: s.function?.unit ?? program.units[0], at: s.local.node };
    case 'ops':
      return { unit: s.ops.unit, at: s.ops.node.name };
    case 'device':
      return { unit: s.device.unit, at: s.device.node.name };
    case 'process':
      return { unit: s.process.unit, at: s.process.node.name };
    case 'thread':
      return declaredIn(s.process.unit, s.process.node, (n) => (n.kind === 'thread' && n.name.text === s.name ? n.name : null));
    case 'param':
      return { unit: program.units[0], at: s.param.node.name };
    case 'paramValue': {
      const { domain, name } = s.param.node;
      return { unit: program.units[0], at: domain.kind === 'names' ? (domain.names.find((n) => n.text === valueName(s)) ?? name) : name };
    }
    case 'constant': {
      const { node } = s;
      return node === null ? null : inSomeUnit(program, (n) => (n === node ? node.name : null));
    }
    case 'label':
      return inSomeUnit(program, (n) => (n === s.node ? s.node.label : null));
    case 'primitive':
    case 'setting':
      return null;
  }
}

function valueName(s: Extract<Symbol, { kind: 'paramValue' }>): string {
  const value = s.param.values[s.index];
  return value?.kind === 'name' ? value.name : '';
}

/** `init` and `exit` have no name: the word itself stands for it. */
function nameOfFunction({ node }: FunctionInfo): Span {
  if (node.kind === 'fn' || node.kind === 'method') return node.name;
  return { start: node.start, end: node.start + node.kind.length };
}

/** Nodes do not know their file: it is the one below which they are found. */
function inSomeUnit(program: Program, match: (node: Node) => Span | null): Declared | null {
  for (const unit of program.units) {
    const found = declaredIn(unit, unit.file, match);
    if (found !== null) return found;
  }
  return null;
}

function declaredIn(unit: Unit, below: Node, match: (node: Node) => Span | null): Declared | null {
  let at: Span | null = null;
  walk(below, (node) => {
    at ??= match(node);
    return at === null;
  });
  return at === null ? null : { unit, at };
}

/** Equal for symbols that stand for the same declaration, and for nothing else. */
function identityOf(s: Symbol): unknown {
  switch (s.kind) {
    case 'struct':
      return s.struct;
    case 'field':
      return s.field.node;
    case 'enum':
      return s.enum;
    case 'enumMember':
      return s.enum.node.members[s.index];
    case 'module':
      return s.module;
    case 'function':
      return s.function;
    case 'primitive':
      return s.primitive;
    case 'variable':
      return s.variable;
    case 'local':
      return s.local.node;
    case 'ops':
      return s.ops;
    case 'device':
      return s.device;
    case 'process':
      return s.process;
    case 'thread':
      return `thread ${s.process.name}.${s.name}`;
    case 'param':
      return s.param.node;
    case 'paramValue':
      return `value ${s.param.name} ${s.index}`;
    case 'constant':
      return s.node ?? `constant ${s.name}`;
    case 'setting':
      return s.setting;
    case 'label':
      return s.node;
  }
}
