// The transition system that a scenario is lowered to: guarded atomic steps over integers. This file is the contract between
// lowering (which makes one), the checkers (which explore it), the reference interpreter (which replays it) and the exporters.
// It knows nothing of kernels: what a mutex does has become guards and assignments by the time it is here.
import type { Place } from '../base/span.ts';

/**
 * A state is a vector of integers ("slots"). Values are exact integers with |v| <= 2^53; 64-bit all-ones is -1. Lowering masks
 * results to their type, so that the operations below never need to.
 */
export interface System {
  readonly variables: readonly Variable[];
  /** Number of slots of a state. */
  readonly slots: number;
  /** Constant integer arrays, read by `table` expressions. */
  readonly tables: ReadonlyArray<readonly number[]>;
  readonly agents: readonly Agent[];
  readonly calls: readonly Call[];
  /** Static descriptions of everything that can go wrong, referred to by index from `fail` and `report`. */
  readonly faults: readonly Fault[];
  /**
   * The state before `boot`. Where `boot` is an agent, the run of that agent alone (kernel agents only while it waits) until its
   * `exit` location makes the initial states (see checker/boot.ts); null: this state is the initial one.
   */
  readonly initial: readonly number[];
  readonly boot: number | null;
  readonly heap: Heap;
  /** What must not hold once every process has ended and all is settled, with the `leak` that it is otherwise. */
  readonly ends?: ReadonlyArray<{ readonly condition: Expression; readonly fault: number }>;
  /** Agents that run the same program and may be exchanged for each other. */
  readonly symmetries: readonly Symmetry[];
  /** Emulated time, for those who tell runs; null or left out: the scenario has none. Exploration needs no more than the steps say. */
  readonly clock?: Clock | null;
}

/** Times are nanoseconds. */
export interface Clock {
  /** The slot that holds the time. */
  readonly slot: number;
  /** The time comes round after so many ns, and stands where nobody can look at it any more. */
  readonly wrap: number;
  /** Slots that count down as time passes: by so much more of them than the time shows has passed. */
  readonly counts: readonly number[];
  /** What is taken for granted: costs, pre-emption, modes. One line each. */
  readonly assumed: readonly string[];
  /** What something will depend on: `left` is how far ahead of a state it is, negative where there is no such instant. */
  readonly instants: ReadonlyArray<{ readonly kind: InstantKind; readonly text: string; readonly left: Expression }>;
}

export type InstantKind = 'roll-over' | 'alarm' | 'deadline' | 'expiry' | 'unplug' | 'set';

/** One named variable: `length` consecutive slots (1 for a scalar) with one range. */
export interface Variable {
  readonly name: string;
  readonly slot: number;
  readonly length: number;
  readonly min: number;
  readonly max: number;
  /**
   * What the values mean, for printing, for symmetry and for the heap: plain integers, places (0 is null, see Heap), agents
   * (1 + agent index, 0 none), bit masks over agents, locations of an agent, function numbers.
   */
  readonly holds: 'int' | 'place' | 'agent' | 'agentMask' | 'location' | 'function';
  /** Whose elements the array is over: agents (one per agent, perhaps of each of several places), places of a type, or nothing in particular. */
  readonly over: 'agents' | 'places' | null;
  /** The agent whose private variable this is (locals, location); null for shared ones. */
  readonly owner: number | null;
}

export type Binary =
  | '+' | '-' | '*' | '/' | '%'            // division truncates towards zero; by zero gives 0 (lowering puts a `fail` before it)
  | '&' | '|' | '^' | '<<' | '>>'          // on 64-bit two's complement; shifts by 0..63, `>>` arithmetic
  | '==' | '!=' | '<' | '<=' | '>' | '>='
  | '&&' | '||';                            // operands 0 or not 0; result 0 or 1

export type Expression =
  | { readonly op: 'constant'; readonly value: number }
  | { readonly op: 'load'; readonly slot: number }
  /** The slot `slot + index`; lowering guarantees 0 <= index < length, interpreters assert it. */
  | { readonly op: 'element'; readonly slot: number; readonly length: number; readonly index: Expression }
  | { readonly op: 'table'; readonly table: number; readonly index: Expression }
  | { readonly op: 'not' | 'negate' | 'complement'; readonly operand: Expression }
  | { readonly op: 'binary'; readonly operator: Binary; readonly left: Expression; readonly right: Expression }
  | { readonly op: 'choose'; readonly condition: Expression; readonly then: Expression; readonly else: Expression };

/** Statements of a step run one after another on the state itself. `fail` and `disable` end the step at once; the last `goto` wins. */
export type Statement =
  | { readonly op: 'set'; readonly slot: number; readonly value: Expression }
  | { readonly op: 'setElement'; readonly slot: number; readonly length: number; readonly index: Expression; readonly value: Expression }
  | { readonly op: 'if'; readonly condition: Expression; readonly then: readonly Statement[]; readonly else: readonly Statement[] }
  /** The location at which the agent of the step stands afterwards; also stored in its location slot. */
  | { readonly op: 'goto'; readonly location: number }
  /** A violation that ends the run: the step has no successor state. */
  | { readonly op: 'fail'; readonly fault: number; readonly object: Expression | null; readonly by: Expression | null }
  /** A violation that does not: the step goes on. */
  | { readonly op: 'report'; readonly fault: number; readonly object: Expression | null; readonly by: Expression | null }
  /** This step is not possible after all (one arm of a choice that does not arise). Must come before any `set` has mattered: the successor is dropped. */
  | { readonly op: 'disable' };

export interface Agent {
  /** As in the file: `app`, `app#2`, `gpu hot-unplug`, `timer_dev.work worker`. */
  readonly name: string;
  readonly context: 'process' | 'work' | 'timer' | 'irq' | 'rcu' | 'kthread' | 'hardware' | 'clock' | 'boot';
  /** Slot of the agent's location. */
  readonly slot: number;
  readonly locations: readonly Location[];
  /** Location after exit, from which no step leads; null for agents that never end (kernel contexts, hardware). */
  readonly exit: number | null;
  /** Initial location. */
  readonly entry: number;
  /** The process that a thread belongs to, for `by app`; the agent's own name otherwise. */
  readonly process: string;
}

/** Where an agent can stand: always at the edge of an atomic step. */
export interface Location {
  readonly steps: readonly Step[];
  /** Index into System.calls of the call in progress; null in user space, or for an idle kernel context. */
  readonly call: number | null;
  /** Call stack, outermost first, of what is about to happen here; the last entry is the innermost frame. */
  readonly stack: readonly Frame[];
  /** What the agent waits for when no step is possible here, for messages and lock fairness. */
  readonly wait: Wait | null;
  /** The plain access that a step from here makes, for data races; null for marked accesses and everything else. */
  readonly access: Access | null;
}

export interface Frame {
  /** `timer_fops.ioctl`, `misc_register`, `app`. */
  readonly function: string;
  /** Module whose text this frame is in; null for core kernel and user space. */
  readonly module: string | null;
  /** The statement or expression in that function. */
  readonly at: Place;
}

export interface Access {
  readonly slot: number;
  readonly length: number;
  /** Null: the scalar at `slot`. A negative value means that there is nothing to access (a null reference). */
  readonly index: Expression | null;
  readonly write: boolean;
  /** Field or variable name, for messages: `timer_dev.bar`. */
  readonly name: string;
  readonly fault: number;
}

export interface Wait {
  /**
   * `lock`: comes free and is granted to each of its waiters some day (strong fairness). `event`: anything else (weak fairness).
   */
  readonly kind: 'lock' | 'event';
  /** `misc_mtx`, `the last reference to timer_dev`, `srcu readers of d.srcu`, in kernel English. */
  readonly what: string;
  /** The agent that holds the lock (1 + index, 0 none), or a mask of agents waited for; for wait-for cycles. */
  readonly holder: { readonly kind: 'agent' | 'agentMask'; readonly value: Expression } | null;
}

export interface Step {
  readonly agent: number;
  /** Environment steps may never come; system steps always do (weakly fair). */
  readonly environment: boolean;
  /** Null: always possible. */
  readonly guard: Expression | null;
  readonly body: readonly Statement[];
  readonly label: Label;
}

export interface Label {
  /** One line: `misc_deregister(t.misc)`, `enters ioctl(fd)`, `t.bar -> 1`. */
  readonly text: string;
  readonly at: Place;
  readonly event: 'alloc' | 'free' | 'acquire' | 'release' | 'block' | 'wake' | 'call' | 'return' | 'refuse' | null;
  /** The step looks at a clock. */
  readonly sample?: Sample;
}

/** What the clock gives and what it shows, in the state before the step: they differ where it is gone. */
export interface Sample {
  /** `TIME_0`, `ktime_get`. */
  readonly what: string;
  readonly value: Expression;
  readonly shown: Expression;
  /** How its readers write it. */
  readonly base: 10 | 16;
}

/** One call of user space (or one run of a kernel callback) that can be unfinished. */
export interface Call {
  readonly agent: number;
  /** `unbind`, `rmmod`, `close`, `exit`, `ioctl`, or the callback's function. */
  readonly name: string;
  /** Which `*-blocked` verdict it is when it waits for the environment; null: none. */
  readonly blocked: 'unload-blocked' | 'unbind-blocked' | 'close-blocked' | null;
  /** Module or device concerned, for `of`; null without one. */
  readonly object: string | null;
  /** True where only a signal could still end a wait and that is worth no more than a hint. */
  readonly at: Place;
}

export interface Fault {
  /** A verdict name of checker/verdict.ts. */
  readonly kind: string;
  readonly at: Place;
  readonly stack: readonly Frame[];
  readonly agent: number;
  /** Type, module or device that `of` names when the statement has no object expression. */
  readonly object: string | null;
  /** Message with holes `{object}` `{by}` `{agent}`, and `{0}` for the first of `shows`, in one sentence of kernel English. */
  readonly message: string;
  /** What the run has come to where it meets the fault, for the message. */
  readonly shows?: readonly Shown[];
  /** Others on the other side that are no agents: the module that uses symbols. */
  readonly names?: readonly string[];
  /** How `by` expressions are to be read. */
  readonly by: 'agent' | 'agentMask';
}

/** `ns`: a time, or a distance. `hex`: a register. `before`: `12 ns before the time is over`, of a distance that may be over. */
export interface Shown {
  readonly value: Expression;
  readonly as: 'ns' | 'hex' | 'before';
}

/**
 * Objects and references. A *place* is the number of an addressable object: a root allocation (pool entry, static object, device) or an
 * object embedded in one. Place 0 is null.
 */
export interface Heap {
  readonly places: readonly PlaceInfo[];
  readonly roots: readonly RootObject[];
}

export interface PlaceInfo {
  /** Struct or primitive type: `timer_dev`, `mutex`. */
  readonly type: string;
  /** `timer_dev#0.misc`, `gpu`, `misc_mtx`. */
  readonly name: string;
  /** Index into Heap.roots; -1 for null. */
  readonly root: number;
}

export interface RootObject {
  readonly name: string;
  readonly type: string;
  /** Slot of its life: 0 never allocated, 1 alive, 2 + agent index: freed by that agent. Null: always alive. */
  readonly life: number | null;
  /** For messages and views: every field with its slot. */
  readonly fields: ReadonlyArray<{ readonly name: string; readonly slot: number; readonly type: FieldType }>;
  /** Where it stands as a root for `leak`: an expression that is 1 while the object is reached by itself (static data of a loaded module, device). Null for heap objects. */
  readonly anchored: Expression | null;
  /** Which view it belongs to: lifelines in the sequence diagram. */
  readonly view: 'memory' | 'file' | 'mapping' | 'module' | 'device' | 'internal';
  /** Null unless leaving it alive and unreached at the end is a `leak`: the fault to report. */
  readonly leak: number | null;
}

export type FieldType =
  | { readonly kind: 'int' | 'bool' | 'place' | 'agent' | 'agentMask' | 'function' }
  | { readonly kind: 'enum'; readonly names: readonly string[] };

/** Agents with equal programs, and what goes with each where they are exchanged: the k-th corresponds. Locations correspond by number. */
export interface Symmetry {
  readonly agents: readonly number[];
  /** By agent: slots of its own, of its companions and of its objects. */
  readonly slots: ReadonlyArray<readonly number[]>;
  /** By agent: its threads, and the kernel contexts of its objects. */
  readonly companions: ReadonlyArray<readonly number[]>;
  /** By agent: the places of the pool entries that it takes first, and that are so its own. */
  readonly places: ReadonlyArray<readonly number[]>;
}

/** Names of function numbers, for printing `function` values. */
export type FunctionNames = readonly string[];
