// What the steps of agents look at, write, and lead to, found in one pass over them: the clock asks again and again, for each countdown and each slot.
import type { Expression, Location, Statement } from '../system/system.ts';
import { partsOf } from '../system/parts.ts';
import type { Clock } from './clock.ts';

export interface AgentProgram {
  readonly slot: number;
  readonly locations: readonly Location[];
}

/** By number of the agent; undefined: the clock itself. */
export type Programs = ReadonlyArray<KnownProgram | undefined>;

/** One of `length` slots from `slot` on is written. */
export interface Write {
  readonly slot: number;
  readonly length: number;
  readonly value: Expression;
}

/** Numbers of locations, from the least on, by the slot that is read or written there. */
class Places {
  private readonly at: Array<number[] | undefined> = [];

  /** Any of `length` slots from `slot` on. */
  note(slot: number, length: number, location: number): void {
    const { at } = this;
    for (let i = slot; i < slot + length; i++) {
      const known = at[i];
      if (known === undefined) at[i] = [location];
      else append(known, location);
    }
  }

  of(slot: number): readonly number[] {
    return this.at[slot] ?? [];
  }

  /** The slots of which it knows a location. */
  all(): readonly number[] {
    const { at } = this;
    return [...at.keys()].filter((slot) => at[slot] !== undefined);
  }
}

/** At the end of what is in order. */
function append(places: number[], location: number): void {
  if (places[places.length - 1] !== location) places.push(location);
}

/** A program, with where it reads and writes what. */
export class KnownProgram implements AgentProgram {
  readonly slot: number;
  readonly locations: readonly Location[];
  /** In the order of the steps. */
  readonly writes: Write[] = [];
  /** Where a slot is read by itself. */
  readonly loading = new Places();
  /** Where it may be an element that is read. */
  readonly indexing = new Places();
  readonly writing = new Places();
  /** Where the time is read other than for what a PTIMER shows. */
  readonly timing: number[] = [];
  /** Where what a PTIMER shows is read, by a key of when it shows nothing. */
  readonly showing = new Map<string, number[]>();
  /** By location: those from which a step leads to it. */
  private readonly from: number[][];

  constructor(clock: Clock, { slot, locations }: AgentProgram, keys: ReadonlyMap<Expression, string>) {
    this.slot = slot;
    this.locations = locations;
    this.from = locations.map(() => []);
    for (let at = 0; at < locations.length; at++) {
      for (const { guard, body } of locations[at].steps) {
        if (guard !== null) this.reads(clock, keys, guard, at, false);
        this.runs(clock, keys, body, at);
      }
    }
  }

  /** Whether a slot is read there, by itself or as an element. */
  readingAt(slot: number): ReadonlySet<number> {
    return new Set([...this.loading.of(slot), ...this.indexing.of(slot)]);
  }

  /** By location: 1 where one of these can be come to, from itself on. */
  reaching(wanted: Iterable<number>): number[] {
    const reaches = this.locations.map(() => 0);
    const open: number[] = [];
    const reach = (at: number): void => {
      if (reaches[at] === 1) return;
      reaches[at] = 1;
      open.push(at);
    };
    for (const at of wanted) reach(at);
    for (let next = open.pop(); next !== undefined; next = open.pop()) this.from[next].forEach(reach);
    return reaches;
  }

  private runs(clock: Clock, keys: ReadonlyMap<Expression, string>, body: readonly Statement[], at: number): void {
    for (const s of body) {
      switch (s.op) {
        case 'set':
          this.writing.note(s.slot, 1, at);
          this.writes.push({ slot: s.slot, length: 1, value: s.value });
          this.reads(clock, keys, s.value, at, false);
          break;
        case 'setElement':
          this.writing.note(s.slot, s.length, at);
          this.writes.push({ slot: s.slot, length: s.length, value: s.value });
          this.reads(clock, keys, s.index, at, false);
          this.reads(clock, keys, s.value, at, false);
          break;
        case 'if':
          this.reads(clock, keys, s.condition, at, false);
          this.runs(clock, keys, s.then, at);
          this.runs(clock, keys, s.else, at);
          break;
        case 'fail': case 'report':
          if (s.object !== null) this.reads(clock, keys, s.object, at, false);
          if (s.by !== null) this.reads(clock, keys, s.by, at, false);
          break;
        case 'goto': append(this.from[s.location], at); break;
        case 'disable': break;
      }
    }
  }

  private reads(clock: Clock, keys: ReadonlyMap<Expression, string>, e: Expression, at: number, inShown: boolean): void {
    const key = keys.size === 0 ? undefined : keys.get(e);
    if (key !== undefined) {
      const known = this.showing.get(key);
      if (known === undefined) this.showing.set(key, [at]);
      else append(known, at);
    }
    const shown = inShown || key !== undefined;
    switch (e.op) {
      case 'constant': break;
      case 'load':
        this.loading.note(e.slot, 1, at);
        if (e.slot === clock.time && !inShown) append(this.timing, at);
        break;
      case 'element':
        this.indexing.note(e.slot, e.length, at);
        this.reads(clock, keys, e.index, at, shown);
        break;
      case 'binary':
        this.reads(clock, keys, e.left, at, shown);
        this.reads(clock, keys, e.right, at, shown);
        break;
      default:
        for (const part of partsOf(e)) this.reads(clock, keys, part, at, shown);
    }
  }
}

export function knownPrograms(clock: Clock, programs: ReadonlyArray<AgentProgram | undefined>): Programs {
  const keys = new Map([...clock.stepwise].map(([e, { unless }]) => [e, keyOf(unless)]));
  return Array.from(programs, (program) => (program === undefined ? undefined : new KnownProgram(clock, program, keys)));
}

/** Equal expressions have equal keys. */
export function keyOf(e: Expression): string {
  return JSON.stringify(e);
}
