// What all agents ask of what somebody has stored of the time, when the clock shows something else.
import type { Expression } from '../system/system.ts';
import type { Clock } from './clock.ts';
import { Walk } from './lookWalk.ts';
import type { Programs } from './reads.ts';
import { contains, someExpression } from './search.ts';
import type { TimeSlots } from './timeSlots.ts';

export class LateLooks {
  private readonly known = new Map<number, Walk>();
  private readonly clock: Clock;
  private readonly programs: Programs;
  private readonly tables: ReadonlyArray<readonly number[]>;
  private readonly isPrivate: (slot: number) => boolean;
  private readonly times: TimeSlots;

  constructor(clock: Clock, programs: Programs, tables: ReadonlyArray<readonly number[]>, isPrivate: (slot: number) => boolean, times: TimeSlots) {
    this.clock = clock;
    this.programs = programs;
    this.tables = tables;
    this.isPrivate = isPrivate;
    this.times = times;
  }

  /** Of the slots, and of those that it is passed on to. */
  of(slots: ReadonlySet<number>): Walk[] {
    const all = new Set(slots);
    const walks: Walk[] = [];
    for (const slot of all) {
      const walk = this.known.get(slot) ?? this.walkFrom(slot);
      this.known.set(slot, walk);
      for (const next of walk.escapes) all.add(next);
      walks.push(walk);
    }
    return walks;
  }

  private walkFrom(slot: number): Walk {
    const all = new Walk(this.clock, slot, [], this.tables, this.isPrivate, this.times);
    const has = (e: Expression): boolean => contains(e, (x) => (x.op === 'load' && x.slot === slot) || (x.op === 'element' && slot >= x.slot && slot < x.slot + x.length));
    for (const program of this.programs) {
      if (program === undefined) continue;
      const reading = program.readingAt(slot);
      for (const step of program.locations.flatMap((l, at) => (reading.has(at) ? l.steps : []))) {
        if (!((step.guard !== null && has(step.guard)) || someExpression(step.body, has))) continue;
        const walk = new Walk(this.clock, slot, program.locations, this.tables, this.isPrivate, this.times);
        walk.from(step);
        // What only this agent knows may not be what it will be by then.
        if (walk.instants.some((e) => contains(e, (x) => x.op === 'load' && this.isPrivate(x.slot)))) {
          if (this.times.small) walk.meetsLater = true;
          else walk.fails = true;
        }
        all.joins(walk);
      }
    }
    return all;
  }
}
