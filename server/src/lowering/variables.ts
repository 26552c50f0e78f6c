// Hands out the slots of a state and remembers what each is for.
import type { Variable } from '../system/system.ts';

export interface NewVariable {
  readonly name: string;
  readonly length?: number;
  readonly min?: number;
  readonly max: number;
  readonly holds?: Variable['holds'];
  readonly over?: Variable['over'];
  readonly owner?: number | null;
  /** One value for all elements, or one each. */
  readonly initial?: number | readonly number[];
}

export class Variables {
  readonly all: Variable[] = [];
  readonly initial: number[] = [];
  private readonly named = new Map<string, number>();
  /** Index of the variable that starts at a slot. */
  private readonly startingAt = new Map<number, number>();

  /** Adds a variable and returns its first slot. */
  add(v: NewVariable): number {
    const slot = this.initial.length;
    const length = v.length ?? 1;
    this.startingAt.set(slot, this.all.length);
    this.all.push({
      name: v.name, slot, length, min: v.min ?? 0, max: v.max, holds: v.holds ?? 'int', over: v.over ?? null, owner: v.owner ?? null,
    });
    for (let i = 0; i < length; i++) this.initial.push(typeof v.initial === 'object' ? v.initial[i] : (v.initial ?? 0));
    return slot;
  }

  /** The variable of that name, added at its first use. */
  once(v: NewVariable): number {
    const known = this.named.get(v.name);
    if (known !== undefined) return known;
    const slot = this.add(v);
    this.named.set(v.name, slot);
    return slot;
  }

  /** Widens the range of the variable that starts at `slot`. */
  widen(slot: number, min: number, max: number): void {
    const at = this.startingAt.get(slot) ?? -1;
    const v = this.all[at];
    if (min < v.min || max > v.max) this.all[at] = { ...v, min: Math.min(min, v.min), max: Math.max(max, v.max) };
  }
}
