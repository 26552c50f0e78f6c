// Vectors of kind "ordering": their objects and agents as JSON, and what an exploration of them computes.
import { parseCall } from '../ordering/call.ts';
import { defaultMaxStates, type Exploration, explore } from '../ordering/explore.ts';
import { type Call, gone, runs, type State, type Thing, type World } from '../ordering/world.ts';
import { sortAnswers } from './expectations.ts';
import type { Outcome } from './outcome.ts';
import { count, dictionary, flag, type InputError, list, literal, object, type Read, tagged, text } from './shape.ts';

const name = /^[A-Za-z_]\w*$/;
const holder = text('the memory that it is part of');
const calls = list(text('an operation, such as "r = timer_delete_sync(t)"'), 'operations in order');
const body = { in: holder, runs: calls };

const objectShape = tagged(
  'type',
  {
    memory: object({ type: literal('memory') }, {}, 'an allocation'),
    timer: object({ type: literal('timer') }, body, 'a timer_list, set up; "runs" is its callback'),
    hrtimer: object({ type: literal('hrtimer') }, body, 'an hrtimer'),
    work: object({ type: literal('work') }, { ...body, queue: text('its workqueue; default: a system one') }, 'a work_struct'),
    delayed_work: object(
      { type: literal('delayed_work') },
      { ...body, queue: text('its workqueue; default: a system one') },
      'a delayed_work',
    ),
    workqueue: object({ type: literal('workqueue') }, { ordered: flag('one work at a time; default false') }, 'a workqueue'),
    lock: object({ type: literal('lock') }, { in: holder }, 'a spinlock or mutex'),
    flag: object({ type: literal('flag') }, { in: holder }, 'a bool, clear at first'),
    irq: object(
      { type: literal('irq') },
      {
        runs: calls,
        shared: flag('a shared line; default false'),
        debugShirq: flag('CONFIG_DEBUG_SHIRQ; default false'),
        raises: count(0, 3, 'how often the device may raise it; default 1'),
      },
      'an interrupt whose handler is requested',
    ),
  },
  'one object',
);

export const orderingFields = {
  objects: dictionary(name, objectShape, 'by name; callbacks run in a context of that name'),
  agents: dictionary(name, calls, 'CPUs or threads by name, and what each does in order'),
} as const;
export const orderingOptions = {
  initially: calls,
  order: list(
    text('an agent, a callback, or "w.timer" of a delayed work'),
    'who takes the first steps; after them every order is explored',
  ),
  limits: object({ states: count(1, 10_000_000, `default ${defaultMaxStates}`) }, {}, 'when the exploration is given up'),
} as const;

/** Without what every vector has. */
export const orderingShape = object(orderingFields, orderingOptions, 'objects, and who does what with them');

export type OrderingInput = { readonly [K in keyof typeof orderingFields]: Read<(typeof orderingFields)[K]> } & {
  readonly [K in keyof typeof orderingOptions]?: Read<(typeof orderingOptions)[K]>;
};
type ObjectInput = Read<typeof objectShape>;

/** The world of an ordering vector; undefined after an error in one of its names or operations. */
export function readWorld(v: OrderingInput, path: string, errors: InputError[]): World | undefined {
  const before = errors.length;
  const bare = Object.fromEntries(Object.entries(v.objects).map(([n, o]) => [n, thing(o, [])]));
  const parse = (texts: readonly string[] | undefined, at: string): Call[] =>
    (texts ?? []).flatMap((t, i) => {
      const call = parseCall(t, bare);
      if (typeof call !== 'string') return call;
      errors.push({ path: `${at}[${i}]`, message: call });
      return [];
    });
  const things: Record<string, Thing> = {};
  for (const [n, o] of Object.entries(v.objects)) {
    const at = `${path}.objects.${n}`;
    things[n] = thing(o, 'runs' in o ? parse(o.runs, `${at}.runs`) : []);
    if ('in' in o && o.in !== undefined) mustBe(bare, o.in, 'memory', `${at}.in`, errors);
    if ('queue' in o && o.queue !== undefined) mustBe(bare, o.queue, 'workqueue', `${at}.queue`, errors);
  }
  const agents: Record<string, readonly Call[]> = {};
  for (const [n, texts] of Object.entries(v.agents)) {
    if (things[n] !== undefined) errors.push({ path: `${path}.agents.${n}`, message: `"${n}" is already the name of an object` });
    agents[n] = parse(texts, `${path}.agents.${n}`);
  }
  (v.order ?? []).forEach((who, i) => {
    const callback = things[who] ?? (who.endsWith('.timer') ? things[who.slice(0, -'.timer'.length)] : undefined);
    const known = agents[who] !== undefined || (callback !== undefined && 'runs' in callback);
    if (!known) errors.push({ path: `${path}.order[${i}]`, message: `"${who}" is neither an agent nor a callback` });
  });
  const world = { things, agents, initially: parse(v.initially, `${path}.initially`), order: v.order ?? [] };
  return errors.length === before ? world : undefined;
}

function thing(o: ObjectInput, runs: readonly Call[]): Thing {
  switch (o.type) {
    case 'memory':
      return { type: o.type };
    case 'timer':
    case 'hrtimer':
      return { type: o.type, in: o.in ?? null, runs };
    case 'work':
    case 'delayed_work':
      return { type: o.type, in: o.in ?? null, runs, queue: o.queue ?? null };
    case 'workqueue':
      return { type: o.type, ordered: o.ordered ?? false };
    case 'lock':
    case 'flag':
      return { type: o.type, in: o.in ?? null };
    case 'irq':
      return { type: o.type, runs, shared: o.shared ?? false, debugShirq: o.debugShirq ?? false, raises: o.raises ?? 1 };
  }
}

function mustBe(things: Readonly<Record<string, Thing>>, n: string, type: Thing['type'], path: string, errors: InputError[]): void {
  const t = things[n];
  if (t === undefined) errors.push({ path, message: `"${n}" is not among the objects` });
  else if (t.type !== type) errors.push({ path, message: `"${n}" is a ${t.type}, not a ${type}` });
}

export function computeOrdering(w: World, maxStates: number): Outcome {
  const x: Exploration = explore(w, maxStates);
  const verdicts = [...x.found.keys()].sort();
  return {
    end: x.end,
    ...(x.why === null ? {} : { why: x.why }),
    verdicts,
    where: Object.fromEntries(verdicts.map((v) => [v, [...x.found.get(v)!.where].sort()])),
    traces: Object.fromEntries(verdicts.map((v) => [v, x.found.get(v)!.trace])),
    returns: Object.fromEntries([...x.returns].map(([k, v]) => [k, sortAnswers(v)])),
    runs: Object.fromEntries(callbacks(w).map((n) => [n, x.started.has(n)])),
    expiries: Object.fromEntries([...x.expiries].map(([k, v]) => [k, [...v].sort()])),
    final: Object.fromEntries(Object.keys(w.things).map((n) => [n, [...new Set(x.finals.map((s) => status(w, s, n)))].sort()])),
    warnings: x.warnings,
    states: x.states,
  };
}

const callbacks = (w: World): string[] => Object.entries(w.things).flatMap(([n, t]) => ('runs' in t ? [n] : []));

/** One word for how an object stands. */
function status(w: World, s: State, n: string): string {
  if (gone(w, s, n)) return 'freed';
  if (s.contexts[n] !== undefined && runs(s, n)) return 'running';
  if (s.timers[n] !== undefined) return s.timers[n].armed ? 'armed' : s.timers[n].shutdown ? 'shutdown' : 'idle';
  if (s.hrtimers[n] !== undefined) return s.hrtimers[n] ? 'armed' : 'idle';
  if (s.works[n] !== undefined) return s.works[n].queued || s.works[n].delayed ? 'pending' : s.works[n].disabled > 0 ? 'disabled' : 'idle';
  if (s.queues[n] !== undefined) return s.queues[n];
  if (s.locks[n] !== undefined) return s.locks[n] === null ? 'free' : `held by ${s.locks[n]}`;
  if (s.flags[n] !== undefined) return s.flags[n] ? 'set' : 'clear';
  if (s.irqs[n] !== undefined) return s.irqs[n].requested ? 'requested' : 'freed';
  return 'live';
}
