// The names that can be written at a place, nearest first, as completion offers them. Which of them fit best there is the editor's business.
import type * as tree from '../syntax/tree.ts';
import { type Node, pathAt } from '../syntax/visit.ts';
import type { Prelude } from './prelude.ts';
import type { FieldInfo, Program, Symbol, Type } from './program.ts';
import { valueOf } from './types.ts';

export interface NameInScope {
  readonly name: string;
  readonly namespace: 'value' | 'type';
  readonly symbol: Symbol;
}

type Context = 'module' | 'core' | 'process' | 'hardware';

/** A name that is declared more than once is offered once, as what it would stand for. */
export function namesInScope(program: Program, prelude: Prelude, path: string, offset: number): readonly NameInScope[] {
  const unit = program.units.find((u) => u.path === path);
  if (unit === undefined) return [];
  const around = pathAt(unit.file, offset);
  const context = contextOf(around);
  const found = new Map<string, NameInScope>();
  const offer = (n: NameInScope): void => {
    const key = `${n.namespace} ${n.name}`;
    if (n.name !== '' && fits(context, n.symbol) && !found.has(key)) found.set(key, n);
  };
  for (const name of localsAt(around, offset)) named(program, name).forEach(offer);
  const module = around.find((n) => n.kind === 'module');
  if (module !== undefined) declared(program, module.declarations).forEach(offer);
  for (const u of [unit, ...unit.imports]) {
    declared(program, u.file.declarations).forEach(offer);
    for (const m of program.modules) if (m.unit === u) declared(program, m.node.declarations).forEach(offer);
  }
  for (const primitive of prelude.functions) offer({ name: primitive.name, namespace: 'value', symbol: { kind: 'primitive', primitive } });
  for (const { name, value, doc } of prelude.constants)
    offer({ name, namespace: 'value', symbol: { kind: 'constant', name, value, node: null, doc } });
  for (const struct of program.structs)
    if (struct.primitive) offer({ name: struct.name, namespace: 'type', symbol: { kind: 'struct', struct } });
  return [...found.values()];
}

/** What can follow `.` behind a value of this type. */
export function membersOf(type: Type): readonly FieldInfo[] {
  const value = valueOf(type);
  return value.kind === 'ref' && value.to !== null ? value.to.fields : [];
}

/** What can follow `.` behind the name of a module. */
export function membersOfModule(program: Program, module: tree.Module): readonly NameInScope[] {
  return declared(program, module.declarations);
}

function contextOf(around: readonly Node[]): Context {
  if (around.some((n) => n.kind === 'process')) return 'process';
  if (around.some((n) => n.kind === 'hardware')) return 'hardware';
  return around.some((n) => n.kind === 'module') ? 'module' : 'core';
}

/** As the checks of calls.ts: who may call what. Kernel code knows neither its users nor which devices there are. */
function fits(context: Context, symbol: Symbol): boolean {
  switch (symbol.kind) {
    case 'function':
      return context === 'module' || context === 'core' || (context === 'process' && symbol.function.module === null);
    case 'variable':
      return context !== 'hardware';
    case 'device':
    case 'process':
      return context !== 'module';
    case 'primitive':
      switch (symbol.primitive.where) {
        case 'kernel':
          return context === 'module' || context === 'core';
        case 'process':
          return context === 'process';
        case 'any':
          return context !== 'hardware';
        case 'model':
          return context === 'process' || context === 'core';
        case 'hardware':
          return context === 'hardware';
      }
      return false;
    default:
      return true;
  }
}

/** Declarations that no `if` has left out: those have no symbol. */
function declared(program: Program, declarations: readonly tree.Declaration[]): NameInScope[] {
  return declarations.flatMap((d): NameInScope[] => {
    switch (d.kind) {
      case 'ifDeclaration':
        return [...declared(program, d.then), ...declared(program, d.else)];
      case 'enum':
        return [...named(program, d.name), ...d.members.flatMap((m) => named(program, m))];
      case 'struct':
      case 'const':
      case 'param':
      case 'ops':
      case 'module':
      case 'fn':
      case 'variable':
      case 'device':
      case 'process':
        return named(program, d.name);
      default:
        return [];
    }
  });
}

function named(program: Program, name: tree.Name): NameInScope[] {
  const symbol = program.symbols.get(name);
  if (symbol === undefined) return [];
  return [{ name: name.text, namespace: symbol.kind === 'struct' || symbol.kind === 'enum' ? 'type' : 'value', symbol }];
}

/** Innermost first: `let`s that stand before the place, loop variables, parameters. */
function localsAt(around: readonly Node[], offset: number): tree.Name[] {
  const names: tree.Name[] = [];
  for (const node of around) {
    switch (node.kind) {
      case 'fn':
      case 'method':
        names.push(...node.parameters.map((p) => p.name));
        break;
      case 'for':
        if (offset >= node.body.start) names.push(node.name);
        break;
      case 'block':
        names.push(...node.statements.flatMap((s) => (s.kind === 'let' && s.end <= offset ? [s.name] : [])));
        break;
      default:
    }
  }
  return names.reverse();
}
