// What all agents of one scenario share while they are lowered: layout, faults, calls, function numbers, and work that can only be done once
// every slot is known.
import type { Place, Span } from '../base/span.ts';
import type { VerdictKind } from '../base/verdicts.ts';
import type { FunctionInfo, ModuleInfo, Program, StructInfo, Unit } from '../semantics/program.ts';
import type { ModelView, Operation } from '../primitives/emit.ts';
import type { PrimitiveTypeDefinition } from '../primitives/types.ts';
import type { Call, Expression, Fault, Frame, Shown } from '../system/system.ts';
import type { Clock } from './clock.ts';
import type { Group, Layout } from './layout.ts';
import type { Variables } from './variables.ts';

/** Module states, by value; 4 + agent index: its text is gone, unloaded by that agent. */
export const MODULE = { absent: 0, coming: 1, live: 2, going: 3, gone: 4 } as const;

export interface AgentPlan {
  readonly index: number;
  readonly name: string;
  readonly process: string;
  readonly context: 'process' | 'work' | 'timer' | 'irq' | 'rcu' | 'kthread' | 'hardware' | 'clock' | 'boot';
  /** Which of several copies of one process it is part of: `app#2`; null where there is one only. */
  readonly copy: string | null;
}

export interface World {
  readonly program: Program;
  readonly layout: Layout;
  readonly variables: Variables;
  readonly agents: readonly AgentPlan[];
  /** Who allocates from each pool: copies of a process, each for itself, and all others together (null). */
  readonly takers: Map<Group, Set<string | null>>;
  /** When each entry of a pool can be taken, once every slot is known. */
  readonly free: Map<Group, Expression[]>;
  /** Kernel context of each place that has one. */
  readonly contextOf: ReadonlyMap<number, number>;
  readonly operations: ReadonlyMap<string, Operation>;
  /** Operations that reachable code uses. */
  readonly usedOperations: ReadonlySet<string>;
  readonly primitiveTypes: ReadonlyMap<string, PrimitiveTypeDefinition>;
  /** Function numbers: 1 + index; 0 is null. */
  readonly functions: readonly FunctionInfo[];
  /** Functions that a field of an ops type, or a pseudo field of a primitive, may hold. */
  readonly candidates: ReadonlyMap<string, readonly FunctionInfo[]>;
  /** Fields that some statement assigns; the others keep the values that they start with. */
  readonly assigned: ReadonlySet<string>;
  /** Modules that something may unload. */
  readonly unloadable: ReadonlySet<ModuleInfo>;
  readonly moduleState: number;
  /** One counter per agent of sections that may not sleep; null where nothing enters one. */
  readonly atomicSections: number | null;
  readonly model: ModelView;
  readonly faults: Fault[];
  readonly calls: Call[];
  /** Run when all agents are lowered and every slot is known. */
  readonly finally: Array<() => void>;
  /** Agents that somewhere do what only some do; see Emit.does. */
  readonly doers: Map<string, Set<number>>;
  /** Set by operations that start a binding: private slot of each agent that tells which device it is probing (1 + index). */
  readonly probing: Map<number, number>;
  /** `bound-reached` faults that a larger pool would avoid. */
  readonly poolFaults: Map<number, StructInfo | 'fds'>;
  /** Entries of each process's FD table. */
  readonly fds: number;
  readonly strings: string[];
  /** Slots in which an agent keeps the files that it has to release on its return to user space. */
  readonly deferred: Map<number, readonly number[]>;
  /** One flag per agent: inside a system call. Null where no process has threads. */
  readonly insideFlags: number | null;
  /** One flag per process: killed. Null where nobody kills. */
  readonly killFlags: number | null;
  /** Where each struct is first allocated: the `leak` to report. */
  readonly leaks: Map<StructInfo, number>;
  /** See System.ends; one for each key. */
  readonly ends: Map<string, { readonly condition: Expression; readonly fault: number; readonly own: boolean }>;
  /** Null in a scenario without a clock. */
  readonly clock: Clock | null;
  /** Of each pool: which binding each entry belongs to, and the places inside of it. */
  readonly origins: Array<{ readonly struct: StructInfo; readonly slot: number; readonly length: number; readonly places: ReadonlyArray<readonly number[]> }>;
}

export function moduleIndex(world: Pick<World, 'program'>, module: ModuleInfo): number {
  return world.program.modules.indexOf(module);
}

export function functionNumber(world: Pick<World, 'functions'>, fn: FunctionInfo): number {
  const at = world.functions.indexOf(fn);
  if (at < 0) throw new Error(`lowering: ${fn.name} has no number`);
  return at + 1;
}

export function placeIn(unit: Unit, span: Span): Place {
  return writtenAt(unit, span).place;
}

/** The source text of a node on one line. */
export function textOf(unit: Unit, span: Span): string {
  return writtenAt(unit, span).text;
}

interface Written {
  readonly source: string;
  readonly place: Place;
  readonly text: string;
}

/** What has been told of nodes: a function is put in at many places, and trees outlive the combinations of params. */
const written = new WeakMap<Span, Written>();

function writtenAt(unit: Unit, span: Span): Written {
  const known = written.get(span);
  if (known !== undefined && known.source === unit.text && known.place.file === unit.path) return known;
  const { start, end } = span;
  const made = { source: unit.text, place: { file: unit.path, span: { start, end } }, text: unit.text.slice(start, end).replace(/\s+/g, ' ').trim() };
  written.set(span, made);
  return made;
}

/** The innermost frame in the checked file, else in the library. */
export function positionIn(world: World, stack: readonly Frame[]): Place {
  const own = world.program.units[0].path;
  return (stack.findLast((f) => f.at.file === own) ?? stack[stack.length - 1]).at;
}

/** A violation stands at the innermost frame, unless `at` says where. */
export function addFault(world: World, spec: {
  kind: VerdictKind; stack: readonly Frame[]; agent: number; object: string | null; message: string; by: 'agent' | 'agentMask'; at?: Place; names?: readonly string[]; shows?: readonly Shown[];
}): number {
  const { kind, stack, agent, object, message, by, names, shows } = spec;
  const fault: Fault = { kind, at: spec.at ?? positionIn(world, stack), stack, agent, object, message, by };
  // Most have neither.
  world.faults.push(names === undefined && shows === undefined ? fault : { ...fault, ...(names === undefined ? {} : { names }), ...(shows === undefined ? {} : { shows }) });
  return world.faults.length - 1;
}

export function fail(fault: number, object: Expression | null = null, by: Expression | null = null): { readonly op: 'fail'; readonly fault: number; readonly object: Expression | null; readonly by: Expression | null } {
  return { op: 'fail', fault, object, by };
}
