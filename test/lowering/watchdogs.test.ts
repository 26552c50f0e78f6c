// Watchdog devices: the library, explored, against the emulator, which plays the same calls. Does the hardware bite?
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { watchdog, type WatchdogCall, type WatchdogDevice } from '../../server/src/time/watchdog.ts';
import { verdicts } from './check.ts';

type Calls = ReadonlyArray<readonly [at: number, call: WatchdogCall]>;

const US = 1000;
const plain: WatchdogDevice = { timeout: BigInt(50 * US), maxHwHeartbeat: null, nowayout: false, magicClose: true, hasStop: true, stopOnUnregister: false };
const UNTIL = 1000;

const calls: Readonly<Record<WatchdogCall, string>> = { open: 'let fd = open("/dev/watchdog")?', ping: 'ioctl(fd)', 'write-v': 'write(fd)', close: 'close(fd)', unregister: 'unregister()' };

/** Times in us. */
function scenario(device: WatchdogDevice, order: Calls): string {
  let now = 0;
  const program = order.map(([at, call]) => {
    const pause = at > now ? `nanosleep(${at - now}us); ` : '';
    now = at;
    return pause + calls[call];
  });
  return `
use misc, watchdog
let hw: watchdog_hw
let dev: watchdog_device
ops wdt: watchdog_ops {
  start(w) { watchdog_hw_load(hw, ${device.maxHwHeartbeat ?? device.timeout}ns) }
  ${device.hasStop ? 'stop(w) { watchdog_hw_stop(hw) }' : ''}
}
module m {
  init {
    dev.ops = wdt
    dev.timeout = ${device.timeout}ns
    dev.max_hw_heartbeat = ${device.maxHwHeartbeat ?? 0}ns
    dev.nowayout = ${device.nowayout}
    dev.magic_close = ${device.magicClose}
    dev.stop_on_unregister = ${device.stopOnUnregister}
    watchdog_register_device(dev)?
  }
}
fn unregister() { watchdog_unregister_device(dev) }
time { preempt = none }
process daemon { ${program.join('\n')}\nloop { nanosleep(100us) } }
assume daemon closes
`;
}

function agree(name: string, change: Partial<WatchdogDevice>, order: Calls): void {
  test(name, () => {
    const device = { ...plain, ...change };
    const { bites } = watchdog(device, order.map(([at, call]) => ({ at: BigInt(at * US), call })), BigInt(UNTIL * US));
    const found = verdicts(scenario(device, order)).filter((v) => !v.startsWith('leak') && !v.startsWith('livelock'));
    assert.deepEqual([...new Set(found)], bites === null ? [] : ['assertion in watchdog_bites']);
  });
}

suite('watchdogs', () => {
  const short = { maxHwHeartbeat: BigInt(20 * US) };
  const magic: Calls = [[0, 'open'], [40, 'write-v'], [40, 'close']];
  agree('nobody pings', {}, [[0, 'open']]);
  agree('nobody pings, and the core does for a time', short, [[0, 'open']]);
  agree('closed with the magic character', {}, magic);
  agree('closed without it', {}, [[0, 'open'], [40, 'ping'], [40, 'close']]);
  agree('closed where none is wanted', { magicClose: false }, [[0, 'open'], [40, 'ping'], [40, 'close']]);
  agree('pinged in time, and closed', { magicClose: false, ...short }, [[0, 'open'], [45, 'ping'], [90, 'close']]);
  agree('pinged too late', { magicClose: false, ...short }, [[0, 'open'], [45, 'ping'], [96, 'close']]);
  agree('nowayout', { nowayout: true }, magic);
  agree('without stop, the core goes on', { hasStop: false, ...short }, magic);
  agree('taken away while it is open', {}, [[0, 'open'], [10, 'unregister']]);
  agree('taken away, and stopped', { stopOnUnregister: true }, [[0, 'open'], [10, 'unregister']]);
  agree('taken away under nowayout', { stopOnUnregister: true, nowayout: true }, [[0, 'open'], [10, 'unregister']]);
  agree('taken away without stop', { stopOnUnregister: true, hasStop: false, ...short }, [[0, 'open'], [10, 'unregister']]);
  test('one that can neither be stopped nor be pinged by the core is not registered', () => {
    const registers = (value: string): readonly string[] => verdicts(scenario({ ...plain, hasStop: false }, []).replace('watchdog_register_device(dev)?', `let failed = watchdog_register_device(dev)\n    assert failed == ${value}`));
    assert.deepEqual([registers('-EINVAL'), registers('0')].map((all) => all.filter((v) => v.startsWith('assertion')).length), [0, 1]);
  });
});
