// What a step may read and write, and where it may lead, as far as what slots can hold tells; with one slot of which the value is known.
import type { Expression, Location, Statement, Step, System } from '../../system/system.ts';
import { canBe, type Held, valuesOf } from '../wasm/values.ts';

export interface Touches {
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
  /** Faults with which it may fail. */
  readonly fails: readonly number[];
  /** It may turn out not to be possible. */
  readonly disables: boolean;
  readonly ends: readonly End[];
}

/** How a step can end that does not fail. */
export interface End {
  /** Null where it stays where it is. */
  readonly location: number | null;
  /** Of the slot that is looked at; null where it is left as it is. */
  readonly written: number | null;
}

export interface Known {
  readonly slot: number;
  readonly value: number;
}

/** By agent and location that it can come to, what its steps do; null for one that cannot be taken. */
export type Steps = ReadonlyArray<ReadonlyMap<number, ReadonlyArray<Touches | null>>>;

/** What they do while a slot holds a value; undefined where that is not known. */
export type StepsUnder = (agent: number, location: number, known: Known) => ReadonlyArray<Touches | null> | undefined;

/** Looks at each once. */
export function stepsUnder(system: System, held: ReadonlyArray<Readonly<Held>>, steps: Steps): StepsUnder {
  const looked = new Map<string, ReadonlyArray<Touches | null> | undefined>();
  return (agent, location, known) => {
    const here = steps[agent].get(location) ?? [];
    if (!here.some((t) => touches(t, known.slot))) return here;
    const key = `${agent} ${location} ${known.slot} ${known.value}`;
    if (looked.has(key)) return looked.get(key);
    const all = system.agents[agent].locations[location].steps.map((s) => touchesOf(system, held, s, known));
    const found = all.filter((t) => t !== undefined);
    const result = found.length < all.length ? undefined : found;
    looked.set(key, result);
    return result;
  };
}

export function touches(t: Touches | null, slot: number): boolean {
  return t !== null && (t.reads.has(slot) || t.writes.has(slot));
}

/** Null where the step cannot be taken; undefined where it may write values to the known slot that are not few. */
export function touchesOf(
  system: System,
  held: ReadonlyArray<Readonly<Held>>,
  step: Step,
  known: Known | null = null,
): Touches | null | undefined {
  const reads = new Set<number>();
  const writes = new Set<number>();
  const fails: number[] = [];
  let disables = false;
  let isKnown = true;
  const now = known === null ? held : [...held];

  const assume = (value: number): void => {
    if (known === null) return;
    (now as Array<Readonly<Held>>)[known.slot] = { values: new Set([value]), range: { low: value, high: value }, growth: 0 };
  };
  const read = (e: Expression): void => addReads(system, now, e, reads);

  const after = (s: Statement, end: End): readonly End[] => {
    switch (s.op) {
      case 'set': {
        read(s.value);
        writes.add(s.slot);
        return s.slot === known?.slot ? put(s.value, end, true) : [end];
      }
      case 'setElement': {
        read(s.value);
        read(s.index);
        const at = valuesOf(system, now, s.index);
        let own = false;
        for (let i = 0; i < s.length; i++) {
          if (at !== null && !at.has(i)) continue;
          writes.add(s.slot + i);
          if (s.slot + i === known?.slot) own = true;
        }
        return own ? put(s.value, end, at?.size === 1) : [end];
      }
      case 'if': {
        read(s.condition);
        return [
          ...(canBe(system, now, s.condition, true) ? all(s.then, [end]) : []),
          ...(canBe(system, now, s.condition, false) ? all(s.else, [end]) : []),
        ];
      }
      case 'goto':
        writes.add(system.agents[step.agent].slot);
        return [{ ...end, location: s.location }];
      case 'fail':
      case 'report':
        for (const e of [s.object, s.by]) if (e !== null) read(e);
        if (s.op === 'report') return [end];
        fails.push(s.fault);
        return [];
      case 'disable':
        disables = true;
        return [];
    }
  };
  const put = (value: Expression, end: End, surely: boolean): readonly End[] => {
    const values = valuesOf(system, now, value);
    if (values === null) isKnown = false;
    const ends = [...(values ?? [])].map((written) => ({ ...end, written }));
    return surely ? ends : [end, ...ends];
  };
  const all = (body: readonly Statement[], from: readonly End[]): readonly End[] => {
    let ends = from;
    for (const s of body) {
      const next = new Map<string, End>();
      for (const end of ends) {
        if (known !== null) assume(end.written ?? known.value);
        for (const e of after(s, end)) next.set(`${e.location} ${e.written}`, e);
      }
      ends = [...next.values()];
      if (ends.length === 0) break;
    }
    return ends;
  };

  if (known !== null) assume(known.value);
  if (step.guard !== null) {
    if (!canBe(system, now, step.guard, true)) return null;
    read(step.guard);
  }
  const ends = all(step.body, [{ location: null, written: null }]);
  return isKnown ? { reads, writes, fails, disables, ends } : undefined;
}

/** What is read in order to know what an agent at a location is about to access. */
export function accessReads(system: System, held: ReadonlyArray<Readonly<Held>>, { access }: Location): ReadonlySet<number> {
  const reads = new Set<number>();
  if (access !== null && access.index !== null) addReads(system, held, access.index, reads);
  return reads;
}

function addReads(system: System, held: readonly Held[], e: Expression, into: Set<number>): void {
  switch (e.op) {
    case 'constant':
      return;
    case 'load':
      into.add(e.slot);
      return;
    case 'element': {
      addReads(system, held, e.index, into);
      const at = valuesOf(system, held, e.index);
      for (let i = 0; i < e.length; i++) if (at === null || at.has(i)) into.add(e.slot + i);
      return;
    }
    case 'table':
      addReads(system, held, e.index, into);
      return;
    case 'not':
    case 'negate':
    case 'complement':
      addReads(system, held, e.operand, into);
      return;
    case 'binary':
      addReads(system, held, e.left, into);
      if ((e.operator === '&&' && !canBe(system, held, e.left, true)) || (e.operator === '||' && !canBe(system, held, e.left, false)))
        return;
      addReads(system, held, e.right, into);
      return;
    case 'choose':
      addReads(system, held, e.condition, into);
      if (canBe(system, held, e.condition, true)) addReads(system, held, e.then, into);
      if (canBe(system, held, e.condition, false)) addReads(system, held, e.else, into);
      return;
  }
}
