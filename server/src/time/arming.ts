// One alarm or countdown set at one instant: when it fires, and how far that is from what software meant.
import type { Ptimer } from './ptimer.ts';
import { alarmOffset, offsets } from './registers.ts';
import type { Run } from './setup.ts';
import { u32 } from './word.ts';

export interface Armed {
  /** What the register kept. */
  readonly stored: bigint;
  /** Counter time of the first match or expiry, ns; null: never. */
  readonly fires: bigint | null;
  /** Host ns from arming to it. */
  readonly delay: bigint | null;
  /** Counter ns from the instant that software meant: negative is early. */
  readonly lateness: bigint | null;
}

/** The alarm that a run armed at host time `since`; `due` is the 64-bit instant that software waits for. ns. */
export function armedAlarm(r: Run, since: bigint, due: bigint): Armed {
  const stored = BigInt(r.device.peek(alarmOffset(r.device.generation.name)));
  const match = r.awaitAlarm();
  if (match === null) return { stored, ...never };
  return { stored, fires: match.time, delay: match.host - since, lateness: match.time - due };
}

/**
 * Writes what the resource manager does: the low 32 bits of the distance, 0 if `timestamp` has passed. More than 2^32 ns ahead is cut,
 * less than 1024 ns is kept as 0.
 */
export function armCountdown(device: Ptimer, timestamp: bigint): Armed {
  const offset = device.generation.countdown === 'timer0' ? offsets.timer0 : offsets.vfPrivTimer;
  const now = device.visible();
  device.write(offset, timestamp > now ? u32(timestamp - now) : 0);
  const stored = BigInt(device.peek(offset));
  const delay = stored === 0n && firedAtOnce(device) ? 0n : device.untilCountdown(0);
  if (delay === null) return { stored, ...never };
  const fires = device.time() + device.gainedIn(delay);
  return { stored, fires: BigInt.asUintN(61, fires), delay, lateness: fires - timestamp };
}

const never = { fires: null, delay: null, lateness: null };

const firedAtOnce = (device: Ptimer): boolean =>
  device.countdownInterrupts.length > 0 || (device.generation.countdown === 'timer0' && (device.peek(offsets.intr) & 2) !== 0);
