// Room for more states: lets the memory and the table of a search grow, up to its cap. A table that has grown is cleared, and the states are entered
// into it again, in parts.
import { type Machine, tailOf } from './machine.ts';
import { clear, growTo } from './memory.ts';
import { numberMask } from './places.ts';

const SMALLEST_TABLE_LOG = 14;
/** How full a table gets before it grows, and where memory allows no larger one. */
const LOAD = 0.75;
const LAST_LOAD = 0.9;
/** States entered into a larger table by one call. */
export const REHASHED = 4096;
/** And in one slice of a run: ten milliseconds where each is the first in its page of a large table, which the system has to hand out and clear. */
export const REHASHED_AT_ONCE = 2 ** 12;
/** Bytes of a table that are cleared in the time in which one state is entered. */
const CLEARED_PER_STATE = 128;
/** Memory grows by at least so much: what is not used costs nothing, and each time the host collects garbage. */
const GROWN_BYTES = 2 ** 23;
/** Room behind the last state for one batch, or for what two threads have under way. */
export const SLACK = 8192;

export interface Room {
  /** How many states are in the table, while it has just grown; else all are. */
  entered: number;
  /** Room for more states, in the table and in memory: false where the cap or the host allows none. */
  make(): boolean;
  /** Clears what has still to be cleared of the table, as far as `most` states' worth; true when all is done. */
  clear(most: number): boolean;
  /** Enters up to `most` states again; true when all are. */
  enter(most: number): boolean;
  /** Bytes that so many states take. */
  bytes(states: number): number;
}

/** `fixedBytes`: what lies before the table just now. */
export function makeRoom(m: Machine, fixedBytes: () => number): Room {
  const { program, store, cap, call, global } = m;
  const { places } = program;
  const { memory } = store;
  let tableLog = Math.min(SMALLEST_TABLE_LOG, program.maximumTableLog);
  /** The largest table that this search has had. */
  let written = tableLog;
  let unclear = { from: 0, to: 0 };

  const usedBytes = (states: number, log: number): number => fixedBytes() + 4 * 2 ** log + states * places.record;
  const setTable = (log: number): void => {
    tableLog = log;
    global.shift.value = 32 - log;
    global.mask.value = 2 ** log - 1;
  };
  clear(store, places.table, places.table + 4 * 2 ** tableLog);
  setTable(tableLog);

  const room: Room = {
    entered: Number.POSITIVE_INFINITY,
    make: () => {
      const states = tailOf(m);
      let full = 2 ** tableLog * LOAD;
      if (states >= full) {
        const next = Math.min(program.maximumTableLog, tableLog + (tableLog < 22 ? 2 : 1));
        if (next > tableLog && usedBytes(states + SLACK, next) <= cap) {
          setTable(next);
          // What this search itself has put into the table is no part of dirtyEnd.
          unclear = {
            from: places.table,
            to: Math.max(Math.min(places.table + 4 * 2 ** next, store.dirtyEnd), places.table + 4 * 2 ** written),
          };
          written = next;
          room.entered = 0;
          full = 2 ** tableLog * LOAD;
        } else full = 2 ** tableLog * LAST_LOAD;
      }
      const most = Math.min(
        Math.floor(full),
        Math.floor((cap - program.fixedBytes - 4 * 2 ** tableLog) / places.record) - SLACK,
        numberMask - SLACK,
      );
      if (states >= most) return false;
      const wanted = Math.min(most, Math.max(states + Math.floor(GROWN_BYTES / places.record), 2 * states));
      if (!growTo(memory, places.log + (wanted + SLACK) * places.record + 64)) {
        const there = Math.floor((memory.buffer.byteLength - places.log) / places.record) - SLACK;
        if (there <= states) return false;
        global.softLimit.value = there;
      } else global.softLimit.value = wanted;
      m.view = new Int32Array(memory.buffer);
      return true;
    },
    clear: (most) => {
      const to = Math.min(unclear.to, unclear.from + most * CLEARED_PER_STATE);
      if (to <= unclear.from) return true;
      new Uint8Array(memory.buffer, unclear.from, to - unclear.from).fill(0);
      unclear = { from: to, to: unclear.to };
      return to >= unclear.to;
    },
    enter: (most) => {
      const states = tailOf(m);
      const end = Math.min(states, room.entered + most);
      while (room.entered < end) {
        const next = Math.min(end, room.entered + REHASHED);
        call.rehash(room.entered, next);
        room.entered = next;
      }
      if (end < states) return false;
      room.entered = Number.POSITIVE_INFINITY;
      return true;
    },
    bytes: (states) => usedBytes(states, tableLog),
  };
  return room;
}
