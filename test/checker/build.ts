// A tiny builder of transition systems for tests: variables by name, programs as lists of steps. Knows nothing of lowering.
import type {
  Access,
  Agent,
  Call,
  Expression,
  Fault,
  Frame,
  Location,
  RootObject,
  Statement,
  Step,
  System,
  Variable,
  Wait,
} from '../../server/src/system/system.ts';
import type { Place } from '../../server/src/base/span.ts';

export interface StepSpec {
  readonly when?: Expression;
  readonly do?: readonly Statement[];
  /** Name of the location to go to; the next one by default. */
  readonly to?: string;
  readonly environment?: boolean;
  readonly text?: string;
}

export interface LocationSpec {
  readonly name?: string;
  /** Name of a call of `calls`; none: in user space, or idle. */
  readonly call?: string;
  readonly wait?: Wait;
  readonly access?: Omit<Access, 'fault' | 'name' | 'length' | 'index'> & { readonly index?: Expression; readonly length?: number };
  readonly steps: readonly StepSpec[];
}

export interface AgentSpec {
  readonly name: string;
  readonly context?: Agent['context'];
  readonly process?: string;
  readonly calls?: Readonly<Record<string, Call['blocked']>>;
  readonly program: readonly LocationSpec[];
  /** Kernel contexts never end. */
  readonly forever?: boolean;
}

export interface SystemSpec {
  readonly variables: Readonly<
    Record<
      string,
      { readonly min?: number; readonly max: number; readonly length?: number; readonly start?: number; readonly holds?: Variable['holds'] }
    >
  >;
  readonly agents: readonly AgentSpec[];
  readonly faults?: ReadonlyArray<{
    readonly kind: string;
    readonly agent?: number;
    readonly object?: string;
    readonly message?: string;
    readonly by?: Fault['by'];
  }>;
  readonly roots?: readonly RootObject[];
  readonly places?: System['heap']['places'];
  readonly boot?: number;
}

/** Slots are given in the order of `variables`, then one location for each agent: `slotOf` knows them. */
export function build(spec: SystemSpec): System {
  const variables: Variable[] = [];
  const initial: number[] = [];
  for (const [name, v] of Object.entries(spec.variables)) {
    const length = v.length ?? 1;
    variables.push({ name, slot: initial.length, length, min: v.min ?? 0, max: v.max, holds: v.holds ?? 'int', over: null, owner: null });
    for (let i = 0; i < length; i++) initial.push(v.start ?? 0);
  }
  const faults: Fault[] = (spec.faults ?? []).map((f, i) => ({
    kind: f.kind,
    at: placeAt(1000 + i),
    stack: [],
    agent: f.agent ?? 0,
    object: f.object ?? null,
    message: f.message ?? f.kind,
    by: f.by ?? 'agent',
  }));
  const calls: Call[] = [];
  const agents = spec.agents.map((a, agent): Agent => {
    const slot = initial.push(0) - 1;
    variables.push({ name: `${a.name} at`, slot, length: 1, min: 0, max: a.program.length, holds: 'location', over: null, owner: agent });
    const own = new Map<string, number>();
    for (const [name, blocked] of Object.entries(a.calls ?? {})) {
      own.set(name, calls.push({ agent, name, blocked, object: null, at: placeAt(100 * agent) }) - 1);
    }
    const named = new Map(a.program.flatMap((l, i): Array<[string, number]> => (l.name === undefined ? [] : [[l.name, i]])));
    const locations = a.program.map((l, i): Location => {
      const frame: Frame = { function: l.call ?? a.name, module: null, at: placeAt(100 * agent + i) };
      const access =
        l.access === undefined ? null : { index: null, length: 1, name: 'x', ...l.access, fault: faults.push(raceFault(frame, agent)) - 1 };
      return {
        call: l.call === undefined ? null : (own.get(l.call) ?? missing(l.call)),
        stack: [frame],
        wait: l.wait ?? null,
        access,
        steps: l.steps.map(
          (s): Step => ({
            agent,
            environment: s.environment ?? false,
            guard: s.when ?? null,
            body: [
              ...(s.do ?? []),
              {
                op: 'goto',
                location: s.to === undefined ? i + 1 : s.to === 'exit' ? a.program.length : (named.get(s.to) ?? missing(s.to)),
              },
            ],
            label: { text: s.text ?? `${a.name} ${i}`, at: frame.at, event: null },
          }),
        ),
      };
    });
    const end: Location = {
      call: null,
      stack: [{ function: a.name, module: null, at: placeAt(100 * agent + 99) }],
      wait: null,
      access: null,
      steps: [],
    };
    const exit = a.program.length;
    return {
      name: a.name,
      context: a.context ?? 'process',
      slot,
      locations: [...locations, end],
      exit: a.forever === true ? null : exit,
      entry: 0,
      process: a.process ?? a.name,
    };
  });
  return {
    variables,
    slots: initial.length,
    tables: [],
    agents,
    calls,
    faults,
    initial,
    boot: spec.boot ?? null,
    heap: { places: spec.places ?? [{ type: 'null', name: 'null', root: -1 }], roots: spec.roots ?? [] },
    symmetries: [],
  };
}

export function placeAt(start: number): Place {
  return { file: 'test', span: { start, end: start + 1 } };
}

/** First slot of a variable or, by its name, of an agent's location. */
export function slotOf(spec: SystemSpec, name: string): number {
  let slot = 0;
  for (const [v, { length }] of Object.entries(spec.variables)) {
    if (v === name) return slot;
    slot += length ?? 1;
  }
  const agent = spec.agents.findIndex((a) => a.name === name);
  return agent < 0 ? missing(name) : slot + agent;
}

function raceFault(frame: Frame, agent: number): Fault {
  return { kind: 'data-race', at: frame.at, stack: [frame], agent, object: null, message: 'race with {by}', by: 'agent' };
}

function missing(name: string): never {
  throw new Error(`the test speaks of ${name}, which is not there`);
}

export const c = (value: number): Expression => ({ op: 'constant', value });
export const at = (slot: number): Expression => ({ op: 'load', slot });
export const is = (slot: number, value: number): Expression => ({ op: 'binary', operator: '==', left: at(slot), right: c(value) });
export const set = (slot: number, value: number | Expression): Statement => ({
  op: 'set',
  slot,
  value: typeof value === 'number' ? c(value) : value,
});
export const plus = (slot: number, n: number): Expression => ({ op: 'binary', operator: '+', left: at(slot), right: c(n) });
