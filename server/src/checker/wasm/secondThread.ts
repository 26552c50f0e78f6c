// The second thread's part in a search, as the first one sees it: started once that is worth it, given a level to expand with the first, and
// brought to rest before anything else is done.
import { internal } from '../internal.ts';
import type { Program } from './generate.ts';
import type { Found } from './found.ts';
import { headOf, type Machine, prepare, tailOf } from './machine.ts';
import { Pair, type SecondThread, type Told } from './pair.ts';
import { REHASHED, type Room, SLACK } from './room.ts';
import { OWN_NUMBERS } from './together.ts';

export interface Helper {
  /** The second thread with its program, once it has been worth starting. */
  readonly other: { readonly pair: Pair; readonly program: Program } | null;
  /** Whether it expands states just now. */
  readonly isExpanding: boolean;
  /** Whether both threads should expand what is left of this level. */
  isForTwo(): boolean;
  /** Expands about `budget` states of the level while the other thread does the same; returns how many. */
  expand(budget: number): number;
  /** Clears a table that has grown and enters the states again, up to some milliseconds' worth; true when all is done. */
  enter(most: number): boolean;
  /** Brings the other thread to rest. All is then as if one had come so far alone, but for the order of states within a level. */
  settle(): void;
  /** About how many states there are, without waiting for it. */
  statesSoFar(): number;
  expanded(): number;
}

/** `another` generates the second thread's program. */
export function makeHelper(m: Machine, room: Room, found: Found, second: SecondThread | null, another: () => Program): Helper {
  const { call, global, store } = m;
  let other: Helper['other'] = null;

  const isForTwo = (): boolean => {
    if (second === null) return false;
    const frontier = tailOf(m) - headOf(m);
    if (other === null && frontier >= second.startAt) {
      const its = another();
      prepare(m, its);
      other = { pair: new Pair(second, store.memory, its.bytes), program: its };
    }
    if (other === null || (global.levelEnd.value >>> 0) - headOf(m) < second.wakeAt) return false;
    // The last states before a limit are counted by one.
    return tailOf(m) + SLACK < global.hardLimit.value >>> 0 && other.pair.isReady();
  };

  const begin = (pair: Pair, task: Told['task'], head: number, end: number): void => {
    // The last states before a limit are counted by one thread.
    const softLimit = Math.min(global.softLimit.value >>> 0, (global.hardLimit.value >>> 0) - SLACK);
    pair.begin({ task, head, end, tail: tailOf(m), softLimit, shift: global.shift.value, mask: global.mask.value });
  };

  const settle = (): void => {
    if (other?.pair.doing == null) return;
    const isEntering = other.pair.doing.task === 'enter';
    const done = other.pair.stop();
    if (isEntering) {
      room.entered = done.head;
      return;
    }
    found.takeOwn();
    found.transitions += done.transitions + done.fails;
    found.take(other.program.hits.buffer, done.hits);
    global.head.value = done.head;
    global.tail.value = fillHoles(done.tail, [
      { from: global.own.value >>> 0, to: global.ownEnd.value >>> 0 },
      { from: done.own, to: done.ownEnd },
    ]);
  };

  /** Gives the last states the numbers that were not used; returns how many there are then. */
  const fillHoles = (numbers: number, holes: ReadonlyArray<{ readonly from: number; readonly to: number }>): number => {
    const states = holes.reduce((n, h) => n - (h.to - h.from), numbers);
    let last = numbers - 1;
    for (const { from, to } of holes) {
      for (let hole = from; hole < Math.min(to, states); hole++) {
        while (holes.some((h) => last >= h.from && last < h.to)) last--;
        call.move(last--, hole);
      }
    }
    return states;
  };

  const expand = (budget: number): number => {
    const { pair } = other ?? internal('there is no second thread');
    if (pair.doing === null) {
      global.own.value = 0;
      global.ownEnd.value = 0;
      begin(pair, 'explore', headOf(m), global.levelEnd.value >>> 0);
    }
    const done = call.work(budget);
    found.takeOwn();
    if (done >= budget && !pair.hasStopped) return done;
    settle();
    if (global.head.value === global.levelEnd.value && global.tail.value !== global.levelEnd.value) {
      global.levelEnd.value = global.tail.value;
      global.depth.value++;
    }
    return done;
  };

  const enter = (most: number): boolean => {
    if (!room.clear(most)) return false;
    const states = tailOf(m);
    if (room.entered >= states) return room.enter(0);
    const pair = other?.pair ?? null;
    if (pair === null || (pair.doing === null && (states - room.entered < 2 * REHASHED || !pair.isReady()))) return room.enter(most);
    if (pair.doing === null) begin(pair, 'enter', room.entered, states);
    call.enter(Math.min(most, 2 ** 30));
    if (pair.head < states) return false;
    settle();
    return room.enter(0);
  };

  return {
    get other() {
      return other;
    },
    get isExpanding() {
      return other?.pair.doing != null;
    },
    isForTwo,
    expand,
    enter,
    settle,
    // Numbers that were taken may not all be used.
    statesSoFar: () => (other?.pair.doing == null ? tailOf(m) : Math.max(tailOf(m), other.pair.tail - 2 * OWN_NUMBERS)),
    expanded: () => (other?.pair.doing?.task === 'explore' ? other.pair.doing.head : headOf(m)),
  };
}
