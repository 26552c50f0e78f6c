// The names that can be written at a place of a file, nearest first: locals, own module, own file, used libraries, what is built in.
import { prelude } from '../analysis.ts';
import type { PrimitiveFunction } from '../semantics/prelude.ts';
import type { FieldInfo, ModuleInfo, Program, Symbol, Type, Unit } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import { type Node, walk } from '../syntax/visit.ts';

export interface Named {
  readonly name: string;
  readonly symbol: Symbol;
}

/** `path`: the nodes around the place, outermost first. */
export function namesAt(program: Program, path: readonly Node[], offset: number): readonly Named[] {
  const main = program.units[0];
  const module = moduleAt(program, path);
  const found = new Map<string, Named>();
  const add = (name: string, symbol: Symbol) => {
    if (name !== '' && !found.has(name)) found.set(name, { name, symbol });
  };
  for (const named of locals(program, path, offset)) add(named.name, named.symbol);
  const visible = new Set<Unit>([main, ...main.imports]);
  // Kernel text knows no user space, and its devices only as arguments.
  const outside = placeKind(path) !== 'kernel' || !path.some((n) => n.kind === 'module' || n.kind === 'fn');
  const declared = declarations(program).filter(({ unit, symbol }) => (unit === null || visible.has(unit)) && (outside || (symbol.kind !== 'device' && symbol.kind !== 'process')));
  for (const d of declared) if (d.module === module && module !== null) add(d.name, d.symbol);
  for (const d of declared) if (d.unit === main) add(d.name, d.symbol);
  for (const d of declared) add(d.name, d.symbol);
  for (const primitive of primitivesFor(path)) add(primitive.name, { kind: 'primitive', primitive });
  for (const c of prelude.constants) add(c.name, { kind: 'constant', name: c.name, value: c.value, node: null, doc: c.doc });
  return [...found.values()];
}

interface DeclaredName extends Named {
  readonly unit: Unit | null;
  readonly module: ModuleInfo | null;
}

function declarations(program: Program): readonly DeclaredName[] {
  return [
    ...program.functions.filter((f) => f.node.kind === 'fn').map((f): DeclaredName => ({ name: f.shortName, symbol: { kind: 'function', function: f }, unit: f.unit, module: f.module })),
    ...program.variables.map((v): DeclaredName => ({ name: v.name, symbol: { kind: 'variable', variable: v }, unit: v.unit, module: v.module })),
    ...program.ops.map((o): DeclaredName => ({ name: o.name, symbol: { kind: 'ops', ops: o }, unit: o.unit, module: o.module })),
    ...program.modules.map((m): DeclaredName => ({ name: m.name, symbol: { kind: 'module', module: m }, unit: m.unit, module: null })),
    ...program.devices.map((d): DeclaredName => ({ name: d.name, symbol: { kind: 'device', device: d }, unit: d.unit, module: null })),
    ...program.processes.map((p): DeclaredName => ({ name: p.name, symbol: { kind: 'process', process: p }, unit: p.unit, module: null })),
    ...program.paramInfos.map((p): DeclaredName => ({ name: p.name, symbol: { kind: 'param', param: p }, unit: program.units[0], module: null })),
    ...program.enums.flatMap((e) => e.members.map((name, index): DeclaredName => ({ name, symbol: { kind: 'enumMember', enum: e, index }, unit: e.unit, module: null }))),
    ...constants(program),
  ];
}

function constants(program: Program): readonly DeclaredName[] {
  const found: DeclaredName[] = [];
  for (const unit of program.units) {
    walk(unit.file, (node) => {
      if (node.kind === 'const') {
        const symbol = program.symbols.get(node.name);
        if (symbol !== undefined) found.push({ name: node.name.text, symbol, unit, module: null });
      }
      return node.kind === 'file' || node.kind === 'module' || node.kind === 'ifDeclaration';
    });
  }
  return found;
}

/** Structs, enums and primitive types that can be written at this place. */
export function typesAt(program: Program): readonly Named[] {
  const main = program.units[0];
  const visible = new Set<Unit | null>([main, ...main.imports, null]);
  return [
    ...program.structs.filter((s) => visible.has(s.unit)).map((struct): Named => ({ name: struct.name, symbol: { kind: 'struct', struct } })),
    ...program.enums.filter((e) => visible.has(e.unit)).map((e): Named => ({ name: e.name, symbol: { kind: 'enum', enum: e } })),
  ];
}

/** Declarations of a module, by the name that follows `module.`. */
export function membersOfModule(program: Program, module: ModuleInfo): readonly Named[] {
  return declarations(program).filter((d) => d.module === module);
}

export function membersOfType(type: Type): readonly FieldInfo[] {
  switch (type.kind) {
    case 'struct':
      return type.struct.fields;
    case 'ref':
      return type.to?.fields ?? [];
    case 'void':
    case 'bool':
    case 'string':
    case 'null':
    case 'module':
    case 'error':
    case 'int':
    case 'enum':
    case 'list':
    case 'fn':
      return [];
  }
}

function moduleAt(program: Program, path: readonly Node[]): ModuleInfo | null {
  const node = path.find((n) => n.kind === 'module');
  return program.modules.find((m) => m.node === node) ?? null;
}

// `let`s of the blocks around the place that stand before it, loop variables, parameters.
function locals(program: Program, path: readonly Node[], offset: number): readonly Named[] {
  const names: tree.Name[] = [];
  for (const node of path) {
    switch (node.kind) {
      case 'fn':
      case 'method':
        names.push(...node.parameters.map((p) => p.name));
        break;
      case 'block':
        names.push(...node.statements.flatMap((s) => (s.kind === 'let' && s.end < offset ? [s.name] : [])));
        break;
      case 'for':
        names.push(node.name);
        break;
      default:
        break;
    }
  }
  return names.reverse().flatMap((name) => {
    const symbol = program.symbols.get(name);
    return symbol === undefined ? [] : [{ name: name.text, symbol }];
  });
}

function primitivesFor(path: readonly Node[]): readonly PrimitiveFunction[] {
  const wanted = placeKind(path);
  return prelude.functions.filter((p) => {
    switch (p.where) {
      case 'any':
        return true;
      case 'kernel':
        return wanted === 'kernel';
      case 'process':
        return wanted === 'process';
      case 'hardware':
        return wanted === 'hardware';
      case 'model':
        return !path.some((n) => n.kind === 'module');
    }
  });
}

function placeKind(path: readonly Node[]): 'kernel' | 'process' | 'hardware' {
  const kinds = new Set(path.map((n) => n.kind));
  if (kinds.has('process')) return 'process';
  if (kinds.has('hardware')) return 'hardware';
  return 'kernel';
}
