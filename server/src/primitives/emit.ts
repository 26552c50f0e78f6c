// What an operation needs in order to say what it does: the agent it runs in, its arguments, and ways to put down steps. Lowering implements it;
// each primitive is a function of it.
import type { Expression, InstantKind, Sample, Shown, Statement, Wait } from '../system/system.ts';
import type { StructInfo, Type } from '../semantics/program.ts';
import type { Code } from '../base/codes.ts';
import type { VerdictKind } from '../base/verdicts.ts';
import type { PrimitiveFunction } from '../semantics/prelude.ts';
import type { PrimitiveTypeDefinition } from './types.ts';

export interface Value {
  readonly expression: Expression;
  readonly type: Type;
  /** A `list T`: where its links are. */
  readonly list?: ListStorage;
  /** A field or variable passed as itself (`lvalue` parameters). */
  readonly lvalue?: Lvalue;
}

/** `capacity` places from slot `items + owner * capacity`, of which the first `counts[owner]` are linked. */
export interface ListStorage {
  readonly items: number;
  readonly counts: number;
  readonly capacity: number;
  /** How many owners the arrays hold, and which one this is. */
  readonly owners: number;
  readonly owner: Expression;
  /** Checks of the object that the list head is in. */
  readonly checks: readonly Statement[];
  /** Struct of what is linked. */
  readonly of: StructInfo;
}

export interface Lvalue {
  readonly checks: readonly Statement[];
  readonly read: Expression;
  readonly write: (value: Expression) => Statement;
  readonly name: string;
}

/** A place that has been checked: not null, and its allocation alive, at the step that uses it. */
export interface Target {
  readonly place: Expression;
  readonly struct: StructInfo;
  /** Which argument of the operation it is, for messages; the first unless it says otherwise. */
  readonly argument?: number;
}

/** One of the slots of a hidden field. */
export interface Slot {
  readonly slot: number;
  readonly length: number;
  readonly index: Expression;
}

export interface StepSpec {
  /** Defaults to the source text of the call. */
  readonly text?: string;
  readonly guard?: Expression;
  readonly wait?: Wait;
  readonly environment?: boolean;
  readonly body?: readonly Statement[];
  readonly event?: 'alloc' | 'free' | 'acquire' | 'release' | 'block' | 'wake' | 'call' | 'return' | 'refuse';
  /** The step looks at a clock. */
  readonly sample?: Sample;
  /** Objects that the step uses: null and freed ones are the step's violation, checked before `body`. A step that waits is possible when the object is gone. */
  readonly uses?: readonly Target[];
}

export interface FaultOptions {
  readonly object?: string;
  readonly by?: 'agent' | 'agentMask';
  readonly names?: readonly string[];
  /** For holes `{0}`, `{1}` of the message. */
  readonly shows?: readonly Shown[];
}

export interface Emit {
  /** 1 + index of the running agent. */
  readonly me: Expression;
  readonly agentIndex: number;
  readonly agents: number;
  /** Context that the agent always runs in cannot sleep (timer, irq, rcu). */
  readonly atomicContext: boolean;
  readonly isProcess: boolean;
  /** Where it runs: `process`, `work`, `timer`... */
  readonly context: string;
  /** The object that this kernel context runs; null elsewhere. */
  readonly runsPlace: number | null;

  /** One atomic step; what follows is emitted behind it. */
  step(spec: StepSpec): void;
  /** One location with several ways out. Each runs `then` behind it, and all join afterwards. */
  alternatives(specs: ReadonlyArray<StepSpec & { readonly then: () => void }>): void;
  /** Private computation: no step of its own. */
  compute(body: readonly Statement[]): void;
  branch(condition: Expression, then: () => void, otherwise?: () => void): void;
  /** One turn is a step. The body runs until `stop()` is called on a path. */
  loop(text: string, body: (stop: () => void) => void): void;
  /** A fresh private variable, zero again when the operation is done. */
  temporary(max: number, holds?: 'int' | 'place' | 'agent' | 'agentMask' | 'function', min?: number): number;

  /** A fresh private variable for a value of that type. */
  temporaryFor(type: Type): number;
  /** Number of the highest function. */
  readonly functionCount: number;
  /** Slot of a hidden field of one place; null where nothing keeps it. */
  headSlot(type: string, field: string, place: number): number | null;
  /** Checks that an object is still there, as the first statements of a step. */
  checksOf(target: Target, what: string): Statement[];
  /** Frees the allocation that a place is in, whatever its type. */
  freeRoot(place: Expression): void;
  /** Every list that objects of the struct can be linked in. */
  listsOf(struct: StructInfo): ListStorage[];

  target(value: Value, argument?: number): Target;
  /** A hidden field of a primitive object; with `agent`, its element for that agent (0-based expression). */
  hidden(target: Target, field: string, agent?: Expression): Slot;
  read(slot: Slot): Expression;
  write(slot: Slot, value: Expression): Statement;
  /** A shared variable of its own (one per name), or one element per agent. */
  shared(name: string, max: number | 'mask' | 'agents', options?: { readonly each?: 'agents' | 'modules' | 'devices'; readonly length?: number; readonly owner?: number; readonly initial?: number; readonly holds?: 'int' | 'place' | 'agent' | 'agentMask' | 'function'; readonly min?: number }): { readonly slot: number; readonly length: number };

  /** Index of a fault at the place where this operation was called. Message holes: {object} {by} {agent}, and {0}... for what it `shows`. */
  fault(kind: VerdictKind, message: string, options?: FaultOptions): number;
  fail(kind: VerdictKind, message: string, object?: Expression | null, by?: Expression | null, options?: FaultOptions): Statement;
  report(kind: VerdictKind, message: string, object?: Expression | null, by?: Expression | null, options?: FaultOptions): Statement;
  /** Statements of the check that a sleeping operation makes first (`sleep-in-atomic`). */
  mayNotSleep(what: string): Statement[];
  /** Counts held locks (for lock-imbalance) and sections that may not sleep. */
  enterAtomic(): Statement[];
  leaveAtomic(): Statement[];

  /** A `leak` if the condition holds at the end; the first with a key counts, in the file before those in libraries. */
  leakAtEnd(key: string, condition: Expression, message: string, object: string): void;

  /** Calls a function value; candidates are functions that `field` (a pseudo field such as `work.func`) may hold. Returns its value. */
  callFunction(fn: Expression, field: string, args: readonly Value[]): Value;
  /** This agent may do it somewhere. */
  does(what: string): void;
  /** Agents that may do it, this one first: known in `later` only, when all of them have been lowered. */
  doers(what: string): number[];
  /** Statements that are made when all agents have been lowered. */
  later(make: () => Statement[]): Statement;
  /** Does the scenario use the operation anywhere? */
  uses(operation: string): boolean;
  /** Numbers of the functions that a field may hold. */
  candidateNumbers(field: string): readonly number[];
  /** Calls a library function by name, `____fput`. */
  callNamed(name: string, args: readonly Value[]): Value;
  /** Allocates from the pool of a primitive type; leaves the place in `into`. */
  allocate(type: string, into: number, then?: (place: Expression) => readonly Statement[]): void;
  /** Ends an object's life, or is `double-free`. */
  release(target: Target, what: string): void;
  /** The same as statements of a step. */
  freeing(target: Target, what: string): Statement[];
  struct(name: string): StructInfo;
  /** The object that a field embeds. */
  embedded(target: Target, field: string): Target;
  /** A reference to an object of that type. */
  value(expression: Expression, type: string): Value;
  /** What this agent is probing from now on (1 + device index, 0 nothing): owner of what it allocates. */
  setProbing(device: Expression): Statement;
  /** Which binding a pool object belongs to (see ModelView.origins); null where nothing keeps it. */
  origin(target: Target): Expression | null;
  /** Has the process that runs this been killed? Constant 0 where nobody kills it. */
  killed(): Expression;
  /** Kills a process (1 + index). */
  killFlag(process: Expression): Statement[];
  /** Slots that keep what this agent has to release when it returns to user space. */
  deferredSlots(): readonly number[];
  /** `bound-reached` that larger FD tables would avoid. */
  fdsFull(): Statement;
  badSleep(what: string): ReadonlyArray<{ readonly bad: Expression; readonly statement: Statement }>;
  constantOf(value: Value): number | null;
  /** What the text asks for cannot be modelled: an error at the n-th argument, and nothing is explored. */
  refuse(code: Code, argument: number, message: string): never;
  /** Source text of the n-th argument. */
  textOf(argument: number): string;
  readonly model: ModelView;
  /** Null in a scenario without a clock. */
  readonly clock: ClockView | null;
}

/** What an operation takes, in ns. */
export interface Cost {
  readonly least: number;
  readonly most: number;
}

/** Emulated time, in nanoseconds, for operations that take some or look at it. */
export interface ClockView {
  /** The time, of which only the part is right that a PTIMER shows: for its registers. */
  readonly now: Expression;
  /** The whole time. It never comes round, so that a scenario that looks at it for ever has no end. */
  look(): Expression;
  /** The time modulo some multiple of `period`. */
  within(period: number): Expression;
  /** How late a time-out may be reported, in ns; null: it does not matter. */
  readonly late: number | null;
  /** Jiffies in a second; 0: timers are as exact as hrtimers. */
  readonly hz: number;
  /** The last thing that this agent did and that takes time is over: the guard of the next one. */
  readonly idle: Expression;
  readonly wait: Wait;
  readonly costs: { readonly mmio: Cost; readonly deadMmio: Cost; readonly look: Cost; readonly callback: Cost };
  /** This agent is busy from now on, for `least` to `most` ns; `longest` is the largest that `most` can be. */
  takes(least: Expression, most: Expression, longest: number): Statement[];
  /** Time goes on, whoever is busy, while the condition holds; `key` once. */
  drives(key: string, condition: () => Expression): void;
  /** `length` slots from `slot` count down to `floor` (0) as time passes; something depends on when they come there. Where one `drives`, time passes until
   * then, even if nobody is busy. With `again`, one that comes to `floor` goes on from so much above it; without `stops` leaps pass over its end; without
   * `compared` nobody asks for more of what is left than is added to it again. `name` once. */
  countdown(name: string, spec: { readonly slot: number; readonly length: number; readonly floor?: number; readonly drives: boolean; readonly kind: InstantKind; readonly text: (index: number) => string; readonly again?: number; readonly stops?: boolean; readonly compared?: boolean }): void;
  /** A variable may have to hold so much. */
  longest(slot: number, most: number): void;
  /** `value`, which depends on the time, but only changes `left` ns from now; while `unless` holds nobody sees it. */
  stepwise(value: Expression, left: Expression, unless: Expression): Expression;
  /** What happens each time that the clock has moved on; `key` once. It moves to the instant that is `left` ns from now, and beyond it from there;
   * without it, ns by ns. */
  afterwards(key: string, body: () => readonly Statement[], left?: Expression): void;
}

/** The part of Emit that puts nothing down. */
export type PureEmit = Pick<Emit, 'runsPlace' | 'struct' | 'context' | 'me' | 'agentIndex' | 'agents' | 'hidden' | 'read' | 'write' | 'shared' | 'model' | 'clock' | 'constantOf' | 'target'>;

/** Facts about the whole scenario that some operations need. */
export interface ModelView {
  readonly modules: ReadonlyArray<{ readonly name: string; readonly usedBy: readonly number[] }>;
  readonly devices: ReadonlyArray<{ readonly name: string; readonly place: number; readonly drivers: readonly number[]; readonly unbound: boolean }>;
  readonly agentNames: readonly string[];
  /** First slot of the modules' states, one each: see module.ts. */
  readonly moduleState: number;
  /** One flag per device: surprise-removed. */
  readonly gone: number;
  /** Init and exit functions of the modules, as function numbers; 0 none. */
  readonly inits: readonly number[];
  readonly exits: readonly number[];
  /** Entries of each process's FD table, and the slots of this agent's process. */
  readonly fds: number;
  readonly processes: readonly string[];
  /** Index into `processes` by agent. */
  readonly processOf: readonly number[];
  /** `timer_dev#0.timer`, by place. */
  readonly placeNames: readonly string[];
  /** Number of the highest place. */
  readonly placeMax: number;
  /** Agents that are the main thread of a process; and of each agent, the main thread of its process (itself without one). */
  readonly mainAgents: readonly number[];
  readonly mainOf: readonly number[];
  /** Slot of `driver` of the device at a place; null where no driver core is in use. */
  driverSlot(place: number): number | null;
  /** Place and life slot of every pool entry. */
  lives(): Iterable<readonly [number, number]>;
  /** All places whose type is `struct`: [base, base + count). */
  placesOf(type: string): { readonly base: number; readonly count: number };
  /** Kernel agents that run objects of a primitive type: agent index by place. */
  agentOf(place: number): number | null;
  /** Slots that pool objects keep for the binding that made them: 1 + device while it lasts, devices + 1 + device after it. */
  readonly origins: ReadonlyArray<{ readonly slot: number; readonly length: number }>;
  /** Of each device, the settings of its PTIMER; null without one. */
  readonly ptimers: ReadonlyArray<ReadonlyMap<string, number> | null>;
  /** What the calls of an operation have as that argument; null for what is no constant where it is written. */
  given(operation: string, argument: number): ReadonlyArray<number | null>;
  /** Does anybody look at what the operation returns? */
  answersCount(operation: string): boolean;
  /** How the kernel is built: `DEBUG_SHIRQ`; empty where the scenario does not say. */
  readonly config: ReadonlyMap<string, number>;
  /** Modules that something may unload, by index: only their references are counted. */
  readonly unloadable: readonly boolean[];
}

export interface Operation extends PrimitiveFunction {
  readonly lower: (emit: Emit, args: readonly Value[]) => Value;
  /** For operations that only look: their value without a step, for `wait until` and `assert`. Objects that it uses are checked by the caller. */
  readonly pure?: (emit: PureEmit, args: readonly Value[]) => Expression;
  /** Enters a section in which nothing may sleep. */
  readonly entersAtomic?: boolean;
  /** Stores to its lvalue arguments. */
  readonly assigns?: boolean;
  /** Pooled primitive types that it allocates. */
  readonly allocates?: readonly string[];
  /** Function arguments are kept in this pseudo field, by argument number: INIT_WORK keeps its second in `work.func`. */
  readonly keeps?: Readonly<Record<number, string>>;
}

export interface PrimitiveRoom {
  readonly types?: readonly PrimitiveTypeDefinition[];
  readonly operations: readonly Operation[];
}

/** A kernel context of its own for each object of a primitive type: kworker, softirq, irq thread. */
export interface ContextRoom {
  /** The primitive type: `work`. */
  readonly type: string;
  /** The pseudo field that holds its function: `work.func`. */
  readonly field: string;
  /** Without any of these operations nothing would ever run. */
  readonly startedBy: readonly string[];
  readonly context: 'work' | 'timer' | 'irq' | 'rcu' | 'kthread';
  /** Its function may wait for work, or serve, for ever: no call that has to return. */
  readonly serves?: true;
  /** The agent's name from the object's: `timer_dev#0.work worker`. */
  readonly title: (object: string) => string;
  /** It has something to do. */
  readonly ready: (emit: Emit, object: Target) => Expression;
  /** The step with which it starts. */
  readonly take: (emit: Emit, object: Target) => readonly Statement[];
  readonly run: (emit: Emit, object: Target) => void;
  /** The step with which it has returned. */
  readonly done: (emit: Emit, object: Target) => readonly Statement[];
}
