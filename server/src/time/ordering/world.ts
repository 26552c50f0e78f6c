// The things and agents of an ordering: what exists, who does what, and one state of it all. What operations do is in the op files.

export type Thing =
  | { readonly type: 'memory' }
  /** `in`: the memory that holds it, so that touching it after kfree() is a use-after-free. `runs`: the callback's operations. */
  | { readonly type: 'timer' | 'hrtimer'; readonly in: string | null; readonly runs: readonly Call[] }
  | {
      readonly type: 'work' | 'delayed_work';
      readonly in: string | null;
      readonly runs: readonly Call[];
      /** null: a system workqueue, which is never destroyed. */
      readonly queue: string | null;
    }
  /** `ordered`: one work at a time. */
  | { readonly type: 'workqueue'; readonly ordered: boolean }
  | { readonly type: 'lock' | 'flag'; readonly in: string | null }
  | {
      readonly type: 'irq';
      readonly runs: readonly Call[];
      readonly shared: boolean;
      /** CONFIG_DEBUG_SHIRQ: free_irq() calls a shared handler once more. */
      readonly debugShirq: boolean;
      /** How often the device may raise it. */
      readonly raises: number;
    };

/** One operation of an agent or a callback, such as `r = timer_delete_sync(t)`. */
export interface Call {
  readonly text: string;
  /** Name under which what it returns is collected. */
  readonly result: string | null;
  readonly op: string;
  readonly args: readonly string[];
}

export interface World {
  readonly things: Readonly<Record<string, Thing>>;
  readonly agents: Readonly<Record<string, readonly Call[]>>;
  /** Done one after another before anything else. */
  readonly initially: readonly Call[];
  /** Who takes the first steps; after them, every order is explored. */
  readonly order: readonly string[];
}

/** Where an agent or callback stands. Callbacks bear the name of their thing; `pc` null is a callback that does not run. */
export interface Context {
  pc: number | null;
  /** Inside an operation that takes several steps. */
  phase: number;
  /** What such an operation will return. */
  kept: boolean;
  /** The instance that a flush waits for: still queued, or already running. */
  barrier: { readonly on: string; readonly stage: 'queued' | 'running' } | null;
}

/** Plain data with all keys present from the start, so that equal states print alike. */
export interface State {
  freed: Record<string, boolean>;
  timers: Record<string, { armed: boolean; shutdown: boolean; expires: string }>;
  hrtimers: Record<string, boolean>;
  works: Record<string, { queued: boolean; delayed: boolean; disabled: number; cancelling: number }>;
  queues: Record<string, 'live' | 'draining' | 'destroyed'>;
  locks: Record<string, string | null>;
  flags: Record<string, boolean>;
  irqs: Record<string, { requested: boolean; masked: boolean; disabled: number; raises: number }>;
  contexts: Record<string, Context>;
}

export function firstState(w: World): State {
  const s: State = { freed: {}, timers: {}, hrtimers: {}, works: {}, queues: {}, locks: {}, flags: {}, irqs: {}, contexts: {} };
  for (const [name, t] of Object.entries(w.things)) {
    switch (t.type) {
      case 'memory':
        s.freed[name] = false;
        break;
      case 'timer':
        s.timers[name] = { armed: false, shutdown: false, expires: '' };
        break;
      case 'hrtimer':
        s.hrtimers[name] = false;
        break;
      case 'work':
      case 'delayed_work':
        s.works[name] = { queued: false, delayed: false, disabled: 0, cancelling: 0 };
        break;
      case 'workqueue':
        s.queues[name] = 'live';
        break;
      case 'lock':
        s.locks[name] = null;
        break;
      case 'flag':
        s.flags[name] = false;
        break;
      case 'irq':
        s.irqs[name] = { requested: true, masked: false, disabled: 0, raises: t.raises };
        break;
    }
    if ('runs' in t) s.contexts[name] = { pc: null, phase: 0, kept: false, barrier: null };
  }
  for (const name of [...Object.keys(w.agents), initialAgent]) s.contexts[name] = { pc: 0, phase: 0, kept: false, barrier: null };
  return s;
}

/** The agent that does what stands under `initially`. */
export const initialAgent = '(initially)';

/** The operations of a context. */
export function callsOf(w: World, context: string): readonly Call[] {
  if (context === initialAgent) return w.initially;
  const thing = w.things[context];
  return thing !== undefined && 'runs' in thing ? thing.runs : (w.agents[context] ?? []);
}

export const isCallback = (w: World, context: string): boolean => w.things[context] !== undefined;

export const runs = (s: State, context: string): boolean => s.contexts[context]?.pc !== null;

/** The memory that a thing is in has been freed. */
export function gone(w: World, s: State, thing: string): boolean {
  const t = w.things[thing];
  const memory = t === undefined ? null : t.type === 'memory' ? thing : 'in' in t ? t.in : null;
  return memory !== null && s.freed[memory] === true;
}
