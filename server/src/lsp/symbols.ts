// From a cursor to what it is on, and from a symbol to where it is declared and used. What to show of it is describe.ts.
import { LineMap, type Span } from '../base/span.ts';
import type { FunctionInfo, Program, Symbol, Unit } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import { pathAt, walk } from '../syntax/visit.ts';
import type { Document } from './documents.ts';

export interface Use {
  readonly unit: Unit;
  readonly name: tree.Name;
}

/** The name under (or just before) an offset of a document, with what it stands for. */
export function symbolAt(document: Document, offset: number): { readonly name: tree.Name; readonly symbol: Symbol } | null {
  const name = nameAt(document.analysis.file, offset);
  const symbol = name === null ? undefined : document.analysis.program.symbols.get(name);
  return name === null || symbol === undefined ? null : { name, symbol };
}

export function nameAt(file: tree.File, offset: number): tree.Name | null {
  const node = pathAt(file, offset).at(-1);
  return node?.kind === 'name' && node.text !== '' ? node : null;
}

export interface Declared {
  readonly path: string;
  readonly map: LineMap;
  /** The name. */
  readonly name: Span;
  /** The whole declaration. */
  readonly whole: Span;
}

/** Null for what is built in. */
export function declarationOf(program: Program, symbol: Symbol): Declared | null {
  const at = declarationPlace(program, symbol);
  if (at === null) return null;
  return { path: at.unit.path, map: new LineMap(at.unit.text), name: at.name, whole: at.whole };
}

/** The same in offsets. */
export function declarationPlace(program: Program, s: Symbol): { readonly unit: Unit; readonly name: Span; readonly whole: Span } | null {
  const main = program.units[0];
  const named = (unit: Unit | null, node: (Span & { readonly name: Span }) | null) => (unit === null || node === null ? null : { unit, name: node.name, whole: node });
  switch (s.kind) {
    case 'struct':
      return named(s.struct.unit, s.struct.node);
    case 'field':
      return named(s.field.struct.unit, s.field.node);
    case 'enum':
      return named(s.enum.unit, s.enum.node);
    case 'enumMember': {
      const member = s.enum.node.members[s.index];
      return { unit: s.enum.unit, name: member, whole: member };
    }
    case 'module':
      return named(s.module.unit, s.module.node);
    case 'function':
      return { unit: s.function.unit, ...functionSpans(s.function) };
    case 'variable':
      return named(s.variable.unit, s.variable.node);
    case 'local': {
      const unit = s.function?.unit ?? main;
      return { unit, name: s.local.node, whole: s.local.node };
    }
    case 'ops':
      return named(s.ops.unit, s.ops.node);
    case 'device':
      return named(s.device.unit, s.device.node);
    case 'process':
      return named(s.process.unit, s.process.node);
    case 'thread': {
      const node = threadNode(s.process.node, s.name);
      return node === null ? null : { unit: s.process.unit, name: node.name, whole: node };
    }
    case 'param':
      return named(unitOf(program, s.param.node), s.param.node);
    case 'paramValue': {
      const { domain } = s.param.node;
      const unit = unitOf(program, s.param.node);
      if (unit === null) return null;
      const name = domain.kind === 'names' ? domain.names[s.index] : s.param.node.name;
      return { unit, name, whole: name };
    }
    case 'constant':
      return s.node === null ? null : named(unitOf(program, s.node), s.node);
    case 'label': {
      const unit = unitOf(program, s.node);
      return unit === null ? null : { unit, name: s.node.label, whole: s.node };
    }
    case 'primitive':
      return null;
  }
}

/** `init` and `exit` have no name: the word itself stands for it. */
export function functionSpans(f: FunctionInfo): { readonly name: Span; readonly whole: Span } {
  const { node } = f;
  const name = 'name' in node ? node.name : { start: node.start, end: node.start + 4 };
  return { name, whole: node };
}

function threadNode(process: tree.Process, name: string): Extract<tree.Statement, { readonly kind: 'thread' }> | null {
  let found: Extract<tree.Statement, { readonly kind: 'thread' }> | null = null;
  walk(process, (node) => {
    if (node.kind === 'thread' && node.name.text === name) found = node;
    return found === null;
  });
  return found;
}

// Nodes do not know their file: the one whose text they are in is found by identity.
function unitOf(program: Program, wanted: tree.Declaration | tree.Undo): Unit | null {
  return (
    program.units.find((unit) => {
      let found = false;
      walk(unit.file, (node) => {
        found ||= node === wanted;
        return !found;
      });
      return found;
    }) ?? null
  );
}

/** Every place where the symbol is named, its declaration included, in the order of units and text. */
export function usesOf(program: Program, symbol: Symbol): readonly Use[] {
  const found: Use[] = [];
  const wanted = identity(symbol);
  for (const unit of program.units) {
    walk(unit.file, (node) => {
      if (node.kind !== 'name') return true;
      const other = program.symbols.get(node);
      if (other !== undefined && identity(other) === wanted) found.push({ unit, name: node });
      return false;
    });
  }
  return found;
}

/** Equal for symbols that stand for the same thing. Functions are told apart by their node: infos may be made anew for every use. */
function identity(s: Symbol): unknown {
  switch (s.kind) {
    case 'struct':
      return s.struct;
    case 'field':
      return s.field;
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
      return `${s.param.node.start} ${s.param.name} ${s.index}`;
    case 'constant':
      return s.node ?? s.name;
    case 'label':
      return s.node;
  }
}
