// One alarm or countdown set at one instant: when it fires, and how far that is from what software meant.
import type { Ptimer } from './ptimer.ts';
import { offsets } from './registers.ts';
import { low32, u32 } from './word.ts';

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

/** Writes the low word of `timestamp` to ALARM_0. `due` is the 64-bit instant that software waits for. ns. */
export function armAlarm(device: Ptimer, timestamp: bigint, due: bigint): Armed {
  device.write(alarmOffset(device), low32(timestamp));
  const stored = BigInt(device.peek(alarmOffset(device)));
  return armed(device, stored, device.untilAlarm(), due);
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
  const fired = stored === 0n && firedAtOnce(device);
  return armed(device, stored, fired ? 0n : device.untilCountdown(0), timestamp);
}

function armed(device: Ptimer, stored: bigint, delay: bigint | null, due: bigint): Armed {
  if (delay === null) return { stored, fires: null, delay: null, lateness: null };
  const gained = device.gainedIn(delay);
  const start = device.time();
  return { stored, fires: BigInt.asUintN(61, start + gained), delay, lateness: start + gained - due };
}

const alarmOffset = (device: Ptimer): number => (device.generation.name === 'nv1' ? 0x101410 : offsets.alarm);

const firedAtOnce = (device: Ptimer): boolean =>
  device.countdownInterrupts.length > 0 || (device.generation.countdown === 'timer0' && (device.peek(offsets.intr) & 2) !== 0);
