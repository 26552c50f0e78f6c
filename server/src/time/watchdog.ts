// A watchdog device under the watchdog core (drivers/watchdog/watchdog_dev.c, watchdog-kernel-api.rst): when user space's calls and the
// core's own pings let the hardware bite. One device, on a virtual clock.

export interface WatchdogDevice {
  /** The reboot deadline after user space's last ping, ns. */
  readonly timeout: bigint;
  /** The longest that the hardware can wait for a ping, ns; null: as long as the timeout. */
  readonly maxHwHeartbeat: bigint | null;
  readonly nowayout: boolean;
  /** WDIOF_MAGICCLOSE: closing stops it only after a 'V' was written. */
  readonly magicClose: boolean;
  /** The driver can stop the hardware. */
  readonly hasStop: boolean;
  readonly stopOnUnregister: boolean;
}

export type WatchdogCall = 'open' | 'ping' | 'write-v' | 'close' | 'unregister';

export interface WatchdogOutcome {
  /** When the hardware resets the machine, ns; null: not within what was asked. */
  readonly bites: bigint | null;
  /** Pings that reached the hardware up to then, the start included. */
  readonly pings: number;
  /** At the end: WDOG_ACTIVE, and whether the hardware runs. */
  readonly active: boolean;
  readonly running: boolean;
}

/** Plays `calls` in order (ns, non-decreasing) and then waits until `until`. */
export function watchdog(
  device: WatchdogDevice,
  calls: readonly { readonly at: bigint; readonly call: WatchdogCall }[],
  until: bigint,
): WatchdogOutcome {
  const heartbeat = device.maxHwHeartbeat !== null && device.maxHwHeartbeat < device.timeout ? device.maxHwHeartbeat : device.timeout;
  let now = 0n;
  let active = false;
  let running = false;
  let registered = true;
  let allowRelease = false;
  let userPing = 0n;
  let hwPing = 0n;
  let pings = 0;

  const ping = (): void => {
    hwPing = now;
    pings++;
  };
  /** The core pings while the timeout is longer than the hardware's, or while the hardware runs with nobody there. */
  const nextWorkerPing = (): bigint | null => {
    if (!running || !registered) return null;
    if (!active) return hwPing + heartbeat / 2n;
    if (device.maxHwHeartbeat === null || device.timeout <= device.maxHwHeartbeat) return null;
    // The last ping of the worker comes so early that the hardware bites at user space's deadline.
    const last = userPing + device.timeout - heartbeat;
    const next = hwPing + heartbeat / 2n < last ? hwPing + heartbeat / 2n : last;
    return next > hwPing ? next : null;
  };
  /** -EBUSY under nowayout; without a stop operation the hardware goes on and the core keeps pinging it. */
  const stop = (): boolean => {
    if (device.nowayout) return false;
    if (device.hasStop) running = false;
    else ping();
    active = false;
    return true;
  };
  /** Lets time pass; false if the hardware bit on the way. */
  const passTo = (to: bigint): boolean => {
    while (running) {
      const worker = nextWorkerPing();
      const bite = hwPing + heartbeat;
      if (worker !== null && worker <= bite && worker <= to) {
        now = worker;
        ping();
      } else if (bite <= to) {
        now = bite;
        return false;
      } else break;
    }
    now = to;
    return true;
  };

  for (const { at, call } of calls) {
    if (!passTo(at)) return { bites: now, pings, active, running };
    switch (call) {
      case 'open':
        active = running = true;
        allowRelease = false;
        userPing = now;
        ping();
        break;
      case 'ping':
        if (active) {
          userPing = now;
          ping();
        }
        break;
      case 'write-v':
        allowRelease = true;
        if (active) {
          userPing = now;
          ping();
        }
        break;
      case 'close': {
        const mayStop = allowRelease || !device.magicClose;
        allowRelease = false;
        if (active && !(mayStop && stop())) {
          userPing = now;
          ping(); // "watchdog did not stop!"
        }
        break;
      }
      case 'unregister':
        if (active && device.stopOnUnregister) stop();
        registered = false;
        break;
    }
  }
  return passTo(until) ? { bites: null, pings, active, running } : { bites: now, pings, active, running };
}
