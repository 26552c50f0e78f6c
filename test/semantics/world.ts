// What the tests of this folder resolve against: a small prelude and small libraries, with the shapes of the real ones.
import { parse } from '../../server/src/syntax/parser.ts';
import { analyse } from '../../server/src/semantics/analyse.ts';
import type { Prelude, PrimitiveFunction, PrimitiveParameter } from '../../server/src/semantics/prelude.ts';
import type { ParamValue, Program } from '../../server/src/semantics/program.ts';
import type { Source } from '../../server/src/semantics/units.ts';

const source = 'test';

function fn(signature: string, options: Partial<PrimitiveFunction> = {}): PrimitiveFunction {
  const match = /^(\w+)\((.*)\)(?: -> (.+))?$/.exec(signature);
  if (match === null) throw new Error(`not a signature: ${signature}`);
  const parameters = splitTop(match[2]).map((p): PrimitiveParameter => {
    const [name, type] = p.split(/:\s*/, 2);
    return {
      name: name.replace(/[?&]/g, ''),
      type,
      ...(name.includes('?') ? { optional: true } : {}),
      ...(name.includes('&') ? { lvalue: true } : {}),
    };
  });
  return {
    name: match[1],
    parameters,
    returns: match[3] ?? 'void',
    doc: { summary: `Does ${match[1]}.`, source },
    where: 'kernel',
    release: null,
    fails: null,
    ...options,
  };
}

function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const c of text) {
    if (c === '(') depth++;
    if (c === ')') depth--;
    if (c === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += c;
  }
  return part.trim() === '' ? parts : [...parts, part.trim()];
}

export const prelude: Prelude = {
  types: [
    ...['mutex', 'srcu', 'work', 'kref', 'completion', 'timer_list'].map((name) => ({ name, doc: { summary: `A ${name}.`, source } })),
    { name: 'mmio', doc: { summary: 'A mapping.', source }, handle: true },
  ],
  settings: [],
  functions: [
    fn('mutex_lock(m: ref mutex)', { release: 'mutex_unlock' }),
    fn('mutex_lock_interruptible(m: ref mutex) -> int', { release: 'mutex_unlock', fails: 'errno' }),
    fn('mutex_unlock(m: ref mutex)'),
    fn('srcu_read_lock(s: ref srcu) -> int', { release: 'srcu_read_unlock' }),
    fn('srcu_read_unlock(s: ref srcu, index: int)'),
    fn('srcu_dereference(&p: T, s: ref srcu) -> T'),
    fn('synchronize_srcu(s: ref srcu)'),
    fn('rcu_assign_pointer(&p: T, value: T)'),
    fn('READ_ONCE(&p: T) -> T'),
    fn('WRITE_ONCE(&p: T, value: T)'),
    fn('list_add(list: list T, item: ref T)'),
    fn('kref_get(k: ref kref)'),
    fn('kref_put(k: ref kref, release: fn(ref kref)) -> bool'),
    fn('INIT_WORK(w: ref work, f: fn(ref work))'),
    fn('kthread_run(f: fn(ref T), data: ref T)'),
    fn('pci_iomap(dev: any, bar: int) -> mmio'),
    fn('iounmap(map: mmio)'),
    fn('readl(map: mmio, offset: u32) -> u32'),
    fn('try_module_get(m: module) -> bool'),
    fn('complete(c: ref completion)'),
    fn('msleep(ms: u64)', { where: 'any' }),
    fn('open(name: string) -> int', { where: 'process' }),
    fn('ioctl(fd: int, cmd?: int) -> int', { where: 'process' }),
    fn('close(fd: int) -> int', { where: 'process' }),
    fn('unbind(dev: any) -> int', { where: 'process' }),
    fn('rmmod(m: module) -> int', { where: 'process' }),
    fn('kill(p: process)', { where: 'process' }),
    fn('bound(dev: any) -> bool', { where: 'model' }),
    fn('gone(dev: any) -> bool', { where: 'model' }),
    fn('alive(object: any) -> bool', { where: 'model' }),
    fn('unplug(dev: any)', { where: 'hardware' }),
  ],
  constants: [
    { name: 'ENODEV', value: 19n, doc: 'No such device.' },
    { name: 'ENOMEM', value: 12n, doc: 'Out of memory.' },
  ],
  implicitLibraries: ['vfs'],
};

const texts: Record<string, string> = {
  vfs: `library vfs

/// An open file.
struct file { private: any, count: u32 }

struct file_operations {
  owner: module
  open: fn(ref file) -> int
  ioctl: fn(ref file, u32) -> int
  release: fn(ref file)
}
`,
  driver_core: `library driver_core

/// A device of any bus.
struct device { drvdata: any, lock: mutex }
`,
  pci: `library pci
use driver_core

struct pci_dev = device
struct pci_driver {
  owner: module
  probe: fn(ref pci_dev) -> int
  remove: fn(ref pci_dev)
}

/// Makes a driver known.
fn pci_register_driver(driver: ref pci_driver) -> int { return 0 }
fn pci_unregister_driver(driver: ref pci_driver) { }
`,
  misc: `library misc

struct miscdevice { fops: ref file_operations, lock: mutex }

module misc_core {
  misc_mtx: mutex
  struct misc_entry { dev: ref miscdevice }
  /// Makes \`/dev/name\` appear.
  fn misc_register(m: ref miscdevice, name: string, fops: ref file_operations) -> int {
    with mutex_lock(misc_mtx) { m.fops = fops }
    return 0
  }
  fn misc_deregister(m: ref miscdevice) { m.fops = null }
}
`,
  drm: `library drm

struct drm_device { gone: bool }
fn drm_dev_enter(d: ref drm_device) -> bool { return !d.gone }
fn drm_dev_exit(d: ref drm_device) { }
guard drm_dev_enter, drm_dev_exit
`,
};

export const verdicts = ['use-after-free', 'use-after-unload', 'unmapped-mmio', 'unload-refused', 'unbind-blocked', 'deadlock', 'leak'];

const parsedLibraries = new Map<string, Source>();

export function libraries(name: string): Source | null {
  const text = texts[name];
  if (text === undefined) return null;
  let known = parsedLibraries.get(name);
  if (known === undefined) {
    const { file, errors } = parse(text);
    known = { path: `lifeline:/library/${name}.lifeline`, text, file, errors };
    parsedLibraries.set(name, known);
  }
  return known;
}

export const path = 'test.lifeline';

export function resolve(text: string, params: Record<string, ParamValue> = {}, at = path): Program {
  const { file, errors } = parse(text);
  return analyse(at, file, text, libraries, prelude, params, { errors, verdicts, libraryNames: () => Object.keys(texts) });
}
