// What random programs are built like: a core kernel, a module behind a hook, a misc device, or a PCI driver of one kind or another.
import { callbacks, declarationsFor, names } from './declarations.ts';
import { type Family, families, type Place, type Statement } from './statements.ts';

export interface Plan {
  readonly shape: Shape;
  /** Bodies of entry points and callbacks, taken in turn. */
  readonly bodies: ReadonlyArray<readonly Statement[]>;
  readonly undo: readonly Statement[] | null;
  readonly processes: ReadonlyArray<{ readonly copies: number; readonly body: readonly Statement[] }>;
  /** Choices of the shape: what is fenced, what is freed, in which order. */
  readonly choices: readonly number[];
  readonly hardware: readonly string[];
}

export interface Shape {
  readonly name: string;
  readonly weight: number;
  /** What its processes do. */
  readonly calls: readonly string[];
  /** Statements that its functions can have besides those for everybody. */
  readonly also: readonly Family[];
  readonly text: (plan: Plan, body: Bodies) => string;
}

export interface Bodies {
  /** The text of the n-th body, in a place. */
  (n: number, place: Partial<Place>): string;
  readonly undo: (place: Partial<Place>) => string;
}

export const everywhere = families.filter((f) => f !== 'module' && f !== 'device');
const common = ['either {} or {}', 'kill(p0)', 'thread $n {}'];
const modules = ['rmmod(m)', 'rmmod_wait(m)', 'insmod(m)', 'if loaded(m) {}'];
const fds = [
  'let $N = open("/dev/x")?\n{*}',
  'let $N = open("/dev/x")?\nioctl($N)\nclose($N)',
  'ioctl($p)',
  'read($p)',
  'close($p)',
  'let $n = dup($p)\nclose($n)',
  'let $n = mmap($p)?\nload($n)\nmunmap($n)',
  'let $n = mmap($p)\nload($n)',
  'send_fd($p)',
  'let $N = recv_fd()?\n{*}',
  'fork {}',
  'loop {\n ioctl($p)\n}',
];

const core: Shape = {
  name: 'core',
  weight: 6,
  also: [],
  calls: ['go0()', 'go1()', 'go2()', 'go0()?', 'if go1() < 0 {}', 'while go2() != 0 {}', ...common],
  text: (plan, body) => {
    const undo = plan.undo === null ? '' : `\nundo out:\n${body.undo({})}`;
    const functions = ['go0', 'go1', 'go2'].map(
      (name, i) => `fn ${name}() -> int {\n${body(i, { undo: i === 0 && plan.undo !== null })}${i === 0 ? undo : ''}\n}`,
    );
    return functionsOf([...functions, 'module setup {\ninit {\n$ready\n}\n}'].join('\n'), body, {});
  },
};

const hook: Shape = {
  name: 'hook',
  weight: 3,
  also: ['module'],
  calls: ['enter()', 'enter()', 'rmmod(lib)', ...modules, ...common],
  text: (plan, body) => {
    const pinned = [
      'return h.go()',
      'if !try_module_get(h.owner) { return -ENODEV }\nlet got = h.go()\nmodule_put(h.owner)\nreturn got',
      'with rcu_read_lock() { return h.go() }',
    ][plan.choices[0] % 3];
    const fence = ['', 'synchronize_rcu()', 'rcu_barrier()'][plan.choices[1] % 3];
    const lib = plan.choices[4] % 4 === 3;
    const inside = functionsOf(
      `ops m_ops: hook_ops {\nowner = m\ngo() {\n${lib ? 'if lib_call() < 0 { return -EIO }\n' : ''}${body(0, {})}\n}\n}\ninit {\n$ready\n${plan.choices[3] % 3 === 0 ? body(1, { returns: false }) : ''}\nWRITE_ONCE(hook, m_ops)\n}\n` +
        `exit {\nWRITE_ONCE(hook, null)\n${fence}\n${body(2, { returns: false })}\n}`,
      body,
      { module: 'm' },
    );
    const other = lib
      ? 'module lib {\nlet calls: atomic\nfn lib_call() -> int {\natomic_inc(calls)\natomic_dec(calls)\nreturn 0\n}\n}\n'
      : '';
    return `${other}struct hook_ops { owner: module; go: fn() -> int }\nlet hook: ref hook_ops\nfn enter() -> int {\nlet h = READ_ONCE(hook)\nif h == null { return -ENODEV }\n${pinned}\n}\nmodule m${plan.choices[2] % 4 === 3 ? ' unloaded' : ''} {\n${inside}\n}`;
  },
};

const misc: Shape = {
  name: 'misc',
  weight: 2,
  also: ['module'],
  calls: [...fds, ...modules, ...common],
  text: (plan, body) => {
    const more = [
      `open(file) {\n${body(1, {})}\n}`,
      `release(file) {\n${body(1, {})}\n}`,
      `read(file) {\n${body(1, {})}\n}`,
      `mmap(file, vma) {\n${body(1, {})}\n}`,
      '',
    ][plan.choices[0] % 5];
    const inside = functionsOf(
      `let dev: miscdevice\nops fops: file_operations {\n${plan.choices[1] % 3 === 2 ? '' : 'owner = m\n'}ioctl(file) {\n${body(0, {})}\n}\n${more}\n}\n` +
        `init {\n$ready\nmisc_register(dev, "x", fops)?\n}\nexit {\nmisc_deregister(dev)\n${body(2, { returns: false })}\n}`,
      body,
      { module: 'm' },
    );
    return `use misc\nmodule m {\n${inside}\n}`;
  },
};

/** A way to let user space reach a driver. */
interface Reached {
  readonly use: string;
  /** Of the driver's object. */
  readonly fields: string;
  /** The driver's operations: none, or of which type, and what they are besides the call. `{}` is where the random statements stand. */
  readonly ops: { readonly type: string; readonly owned: boolean; readonly call: string; readonly more?: string } | null;
  readonly registered: string;
  readonly undone: string;
}

const byFile = 'ioctl(file) {\nlet t = file.private as state\n{}\n}';
const ways: readonly Reached[] = [
  { use: '', fields: 'spare: int', ops: null, registered: '', undone: '' },
  {
    use: ', misc',
    fields: 'misc: miscdevice',
    ops: { type: 'file_operations', owned: true, call: byFile },
    registered: 'misc_register(t.misc, "x", things)?',
    undone: 'misc_deregister(t.misc)',
  },
  {
    use: ', fenced',
    fields: 'core: ref fenced_dev',
    ops: { type: 'driver_ops', owned: false, call: 'ioctl(file) {\nlet f = file.private as fenced_dev\nlet t = f.data as state\n{}\n}' },
    registered: 't.core = fenced_alloc(t)\nfenced_register(t.core, "x", things)?',
    undone: 'fenced_unregister(t.core)',
  },
  {
    use: ', cdev',
    fields: 'cdev: cdev',
    ops: { type: 'file_operations', owned: true, call: 'ioctl(file) {\nlet t = file.i_cdev as state\n{}\n}' },
    registered: 'cdev_init(t.cdev, things)\ncdev_add(t.cdev, "x")?',
    undone: 'cdev_del(t.cdev)',
  },
  {
    use: ', misc, revocable',
    fields: 'misc: miscdevice\nrev: revocable',
    ops: {
      type: 'file_operations',
      owned: true,
      call: 'ioctl(file) {\nlet t = file.private as state\nwith revocable_try_access(t.rev) {\n{}\n} else { return -ENODEV }\n}',
    },
    registered: 'revocable_new(t.rev)\nmisc_register(t.misc, "x", things)?',
    undone: 'misc_deregister(t.misc)\nrevocable_revoke(t.rev)',
  },
  {
    use: ', registration',
    fields: 'reg: ref reg_dev',
    ops: { type: 'registration_ops', owned: false, call: 'ioctl(file, data) {\nlet t = data as state\n{}\n}' },
    registered: 't.reg = registration_new("x", things, t)',
    undone: 'registration_drop(t.reg)',
  },
];

const uverbs: Reached = {
  use: ', uverbs',
  fields: 'uverbs: ref ib_uverbs_device',
  ops: {
    type: 'ib_device_ops',
    owned: true,
    call: 'ioctl(filp) {\nlet file = filp.private as ib_uverbs_file\nlet dev = file.device\nlet t = dev.data as state\n{}\n}',
    more: 'dealloc_ucontext(file) { }',
  },
  registered: 't.uverbs = ib_uverbs_add_one("x", things, t)',
  undone: 'ib_uverbs_remove_one(t.uverbs)',
};

const netdev: Reached = {
  use: ', netdev',
  fields: 'net: ref net_device',
  ops: { type: 'net_device_ops', owned: false, call: 'xmit(net) {\nlet t = net.data as state\n{}\nreturn 0\n}' },
  registered: 't.net = new net_device\nt.net.data = t\nregister_netdev(t.net, "x", things)?',
  undone: 'unregister_netdev(t.net)\nfree_netdev(t.net)',
};

/** What processes do with a driver, whatever it is reached by. */
const bindings = ['unbind(gpu)', 'bind(gpu)', 'unbind(gpu)', 'if bound(gpu) {}', 'assert !gone(gpu)'];
const sockets = ['let $n = packet_socket("x")?\nsend($n)\nclose($n)', 'let $n = packet_socket("x")?\nsend($n)'];

function driver(name: string, weight: number, choices: readonly Reached[], calls: readonly string[]): Shape {
  return {
    name,
    weight,
    also: ['module', 'device'],
    calls: [...bindings, ...calls, ...modules, ...common],
    text: (plan, body) => driverText(plan, body, choices),
  };
}

function driverText(plan: Plan, body: Bodies, choices: readonly Reached[]): string {
  const [which, owned, unmaps, order, frees, unbound, managed, disassociates] = plan.choices;
  const kind = choices[which % choices.length];
  const own = { own: 't', module: 'm' };
  const owner = kind.ops?.owned === true && owned % 3 !== 2 ? 'owner = m\n' : '';
  const more =
    kind.ops?.more === undefined ? '' : `\n${kind.ops.more}${disassociates % 2 === 0 ? '\ndisassociate_ucontext(file) { }' : ''}`;
  const ops =
    kind.ops === null ? '' : `ops things: ${kind.ops.type} {\n${owner}${kind.ops.call.replace('{}', () => body(0, own))}${more}\n}\n`;
  const isManaged = managed % 5 === 4;
  const probe = [
    `let t = ${isManaged ? 'devm_kzalloc(dev, new state) as state' : 'new state'}`,
    `t.bar = ${managed % 5 >= 3 ? 'pcim_iomap' : 'pci_iomap'}(dev, 0)?`,
    'dev.drvdata = t',
    '$ready',
    kind.registered,
    body(1, { ...own, device: 'dev' }),
  ];
  const undone = [
    kind.undone,
    managed % 5 >= 3 || unmaps % 4 === 3 ? '' : 'iounmap(t.bar)',
    body(2, { ...own, device: 'dev', returns: false }),
  ];
  const remove = [
    'let t = dev.drvdata as state',
    ...(order % 2 === 0 ? undone : undone.reverse()),
    isManaged || frees % 4 === 3 ? '' : 'free t',
  ];
  const inside = functionsOf(
    `struct state {\n${kind.fields}\nbar: mmio\nticks: int\n}\n${ops}driver drv: pci_driver {\nprobe(dev) {\n${probe.join('\n')}\n}\nremove(dev) {\n${remove.join('\n')}\n}\n}\n` +
      'init { pci_register_driver(drv) }\nexit { pci_unregister_driver(drv) }',
    body,
    { module: 'm' },
  );
  const hardware = plan.hardware.length === 0 ? '' : `\nhardware {\n${plan.hardware.map((e) => `${e}(gpu)`).join('\n')}\n}`;
  return `use driver_core, pci, vfs, devres${kind.use}\nmodule m {\n${inside}\n}\ndevice gpu: pci_dev binds m.drv${unbound % 5 === 4 ? ' unbound' : ''}${hardware}`;
}

export const shapes: readonly Shape[] = [
  core,
  hook,
  misc,
  driver('driver', 5, ways, fds),
  driver('uverbs', 1, [uverbs], fds),
  driver('netdev', 1, [netdev], sockets),
];

/** The functions, with every callback that they name, behind the declarations of what all of them name. `$ready` is where things are made ready. */
function functionsOf(text: string, body: Bodies, place: Partial<Place>): string {
  const made: string[] = [];
  let all = text;
  for (let added = true; added; ) {
    added = false;
    all = [text, ...made].join('\n');
    const known = declarationsFor(all).ready;
    callbacks.forEach((c, i) => {
      const isThere = new RegExp(`fn ${c.name}\\b`).test(all);
      if (isThere || !names(`${all}\n${known}`, c.name)) return;
      const own = c.name === 'on_irq' ? { own: 't' } : {};
      const begins = c.name === 'on_irq' ? 'let t = data as state' : c.begins;
      made.push(
        `fn ${c.name}${c.signature} {\n${begins}\n${body(3 + i, { ...place, ...own, returns: c.returns, ...(c.object === null ? {} : { pointer: c.object }), without: ['helper', 'it_release', 'it_release_locked'] })}\n}`,
      );
      added = true;
      all = [text, ...made].join('\n');
    });
  }
  const { declarations, ready } = declarationsFor(all);
  return `${declarations}\n${all.replace('$ready', ready)}`;
}
