// What a scenario can ever use: reachable functions, functions whose address is taken and where it goes, fields that are assigned, structs that
// are allocated. Flow-insensitive, so always a superset of what happens.
import type { FunctionInfo, LocalInfo, ModuleInfo, Program, StructInfo } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import { everyNode, type Node } from '../syntax/visit.ts';
import type { Operation } from '../primitives/emit.ts';

export interface Usage {
  readonly reachable: ReadonlySet<FunctionInfo>;
  /** Functions that have a number: their address is taken, or an ops table holds them. */
  readonly addressed: readonly FunctionInfo[];
  readonly candidates: ReadonlyMap<string, readonly FunctionInfo[]>;
  /** `struct.field` of everything that some statement or operation assigns. */
  readonly assigned: ReadonlySet<string>;
  readonly allocated: readonly StructInfo[];
  readonly operations: ReadonlySet<string>;
  readonly unloadable: ReadonlySet<ModuleInfo>;
  /** Most FDs that one process opens, by its text; 0 without files. */
  readonly fds: number;
}

const MODULE_REFERENCES = ['try_module_get', '__module_get', 'module_put', 'module_refcount'];
const OPENERS = ['open', 'dup', 'recv_fd'];

export function usageOf(program: Program, operations: ReadonlyMap<string, Operation>): Usage {
  const reachable = new Set<FunctionInfo>();
  const addressed = new Set<FunctionInfo>();
  const stored = new Map<string, Set<FunctionInfo>>();
  const anything = new Set<string>();
  const assigned = new Set<string>();
  const allocated = new Set<StructInfo>();
  const used = new Set<string>();
  const unloadable = new Set<ModuleInfo>();
  const queue: FunctionInfo[] = [];

  const reach = (fn: FunctionInfo): void => {
    if (reachable.has(fn)) return;
    reachable.add(fn);
    queue.push(fn);
  };
  const store = (field: string, fn: FunctionInfo): void => {
    const known = stored.get(field);
    if (known === undefined) stored.set(field, new Set([fn]));
    else known.add(fn);
  };
  const functionOf = (e: tree.Expression | undefined): FunctionInfo | null => {
    const name = e?.kind === 'name' ? e : e?.kind === 'field' ? e.name : null;
    const symbol = name === null ? undefined : program.symbols.get(name);
    return symbol?.kind === 'function' ? symbol.function : null;
  };
  /** What may be in parameters that are function pointers: functions, and other parameters. */
  const passed = new Map<LocalInfo, Set<FunctionInfo | LocalInfo>>();
  const unknown = new Set<LocalInfo>();
  const keptParameters: Array<{ readonly field: string; readonly parameter: LocalInfo }> = [];
  const parameterOf = (e: tree.Expression | undefined): LocalInfo | null => {
    const symbol = e?.kind === 'name' ? program.symbols.get(e) : undefined;
    return symbol?.kind === 'local' && symbol.function?.parameters.includes(symbol.local) === true ? symbol.local : null;
  };
  const pass = (parameter: LocalInfo, e: tree.Expression | undefined): void => {
    const from = functionOf(e) ?? parameterOf(e);
    if (from === null) unknown.add(parameter);
    else passed.set(parameter, (passed.get(parameter) ?? new Set()).add(from));
  };
  const storeValue = (field: string, e: tree.Expression): void => {
    const fn = functionOf(e);
    const parameter = parameterOf(e);
    if (fn !== null) store(field, fn);
    else if (parameter !== null) keptParameters.push({ field, parameter });
    else anything.add(field);
  };
  const isFunctionValue = (e: tree.Expression): boolean => program.types.get(e)?.kind === 'fn';

  const fieldName = (e: tree.Expression): string | null => {
    if (e.kind !== 'field') return null;
    const symbol = program.symbols.get(e.name);
    return symbol?.kind === 'field' ? `${symbol.field.struct.name}.${symbol.field.name}` : null;
  };

  const look = (root: Node): void => {
    const callees = new Set<tree.Expression>();
    for (const node of everyNode(root)) {
      switch (node.kind) {
        case 'call': {
          callees.add(node.callee);
          if (node.callee.kind === 'field') callees.add(node.callee.name);
          const fn = functionOf(node.callee);
          if (fn !== null) {
            reach(fn);
            fn.parameters.forEach((parameter, i) => {
              if (parameter.type.kind === 'fn') pass(parameter, node.arguments[i]);
            });
          }
          const name = node.callee.kind === 'name' ? program.symbols.get(node.callee) : undefined;
          if (name?.kind === 'primitive') {
            const operation = operations.get(name.primitive.name);
            used.add(name.primitive.name);
            node.arguments.forEach((a, i) => {
              const field = operation?.assigns === true && operation.parameters[i]?.lvalue === true ? fieldName(a) : null;
              if (field !== null) assigned.add(field);
              const keep = operation?.keeps?.[i];
              if (keep === undefined) return;
              storeValue(keep, a);
            });
            // A function pointer that a marked store publishes.
            if (operation?.assigns === true && node.arguments.length > 1 && isFunctionValue(node.arguments[1])) {
              const field = fieldName(node.arguments[0]);
              if (field !== null) storeValue(field, node.arguments[1]);
            }
          }
          break;
        }
        case 'name': {
          if (callees.has(node)) break;
          const symbol = program.symbols.get(node);
          if (symbol?.kind === 'function') {
            reach(symbol.function);
            addressed.add(symbol.function);
          }
          break;
        }
        case 'assign': {
          const field = fieldName(node.target);
          if (field !== null) assigned.add(field);
          if (field !== null && isFunctionValue(node.value)) storeValue(field, node.value);
          const parameter = parameterOf(node.target);
          if (parameter !== null) unknown.add(parameter);
          break;
        }
        case 'new': {
          const type = program.types.get(node);
          if (type?.kind === 'ref' && type.to !== null) allocated.add(type.to);
          break;
        }
        case 'with': {
          const call = node.acquire;
          const symbol = call.kind === 'call' && call.callee.kind === 'name' ? program.symbols.get(call.callee) : undefined;
          if (symbol?.kind === 'function') {
            const guard = program.guards.find((g) => g.enter === symbol.function);
            if (guard !== undefined) reach(guard.exit);
          }
          if (symbol?.kind === 'primitive' && symbol.primitive.release !== null) used.add(symbol.primitive.release);
          break;
        }
        default: break;
      }
    }
  };

  for (const name of ['do_exit', '__fput', 'dup_vma', 'hot_unplug', 'device_initial_probe']) {
    const fn = program.functions.find((f) => f.name === name);
    if (fn !== undefined) reach(fn);
  }
  for (const m of program.modules) {
    if (m.init !== null) reach(m.init);
    if (m.exit !== null) reach(m.exit);
  }
  for (const ops of program.ops) {
    for (const [field, value] of ops.values) {
      if (value.kind === 'function') {
        reach(value.function);
        addressed.add(value.function);
        store(`${ops.struct.name}.${field}`, value.function);
      }
      if (value.kind === 'expression') {
        const fn = functionOf(value.value);
        if (fn !== null) {
          reach(fn);
          addressed.add(fn);
          store(`${ops.struct.name}.${field}`, fn);
        }
      }
    }
  }
  let fds = 0;
  for (const p of program.processes) {
    look(p.node.body);
    let opens = 0;
    for (const node of everyNode(p.node.body)) {
      if (node.kind !== 'call') continue;
      if (opensFile(program, node)) opens++;
      for (const a of node.arguments) {
        const symbol = a.kind === 'name' ? program.symbols.get(a) : undefined;
        if (symbol?.kind === 'module') unloadable.add(symbol.module);
      }
    }
    fds = Math.max(fds, opens);
  }
  // A file that takes or puts module references itself has them counted, whether anybody unloads or not.
  const own = program.units[0];
  if ([...usesIn(program, own.file)].some((name) => MODULE_REFERENCES.includes(name))) for (const m of program.modules) if (m.unit === own) unloadable.add(m);
  for (const h of program.hardware) look(h.body);
  for (let fn = queue.pop(); fn !== undefined; fn = queue.pop()) look(fn.body);

  // A function that is called through a pointer may be handed anything.
  for (const fn of addressed) for (const parameter of fn.parameters) unknown.add(parameter);
  for (const g of program.guards) for (const parameter of g.exit.parameters) unknown.add(parameter);
  for (const { field, parameter } of keptParameters) {
    const all = [parameter];
    for (let i = 0; i < all.length; i++) {
      if (unknown.has(all[i])) anything.add(field);
      for (const from of passed.get(all[i]) ?? []) {
        if ('body' in from) store(field, from);
        else if (!all.includes(from)) all.push(from);
      }
    }
  }

  // Where a pointer of unknown origin is stored, any function whose address is taken may be.
  const candidates = new Map<string, readonly FunctionInfo[]>();
  const all = [...addressed];
  for (const [field, set] of stored) if (!anything.has(field)) candidates.set(field, [...set]);
  for (const field of anything) candidates.set(field, all);
  return { reachable, addressed: all, candidates, assigned, allocated: [...allocated], operations: used, unloadable, fds };
}

/** A system call that opens a file: `open` itself, or one of a library that calls it. */
function opensFile(program: Program, { callee }: Extract<tree.Expression, { kind: 'call' }>): boolean {
  if (callee.kind !== 'name') return false;
  if (OPENERS.includes(callee.text)) return true;
  const symbol = program.symbols.get(callee);
  return symbol?.kind === 'function' && everyNode(symbol.function.body).some((node) => node.kind === 'call' && node.callee.kind === 'name' && OPENERS.includes(node.callee.text));
}

/** Names of the operations that a file calls. */
function usesIn(program: Program, file: tree.File): Set<string> {
  const names = new Set<string>();
  for (const node of everyNode(file)) {
    const symbol = node.kind === 'call' && node.callee.kind === 'name' ? program.symbols.get(node.callee) : undefined;
    if (symbol?.kind === 'primitive') names.add(symbol.primitive.name);
  }
  return names;
}
