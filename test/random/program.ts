// Random Lifeline programs as text: well-typed, small, and often wrong. A core kernel, a module behind a hook, a misc device or a PCI driver, with
// functions of random statements, and processes and hardware that call them.
import fc from 'fast-check';
import { callbacks, declarationsFor, names } from './declarations.ts';
import { bodiesOf, type Family, families, type Place, render, type Statement, templates } from './statements.ts';

interface Plan {
  readonly shape: Shape;
  /** Bodies of entry points and callbacks, taken in turn. */
  readonly bodies: ReadonlyArray<readonly Statement[]>;
  readonly undo: readonly Statement[] | null;
  readonly processes: ReadonlyArray<{ readonly copies: number; readonly body: readonly Statement[] }>;
  /** Choices of the shape: what is fenced, what is freed, in which order. */
  readonly choices: readonly number[];
  readonly hardware: readonly string[];
}

interface Shape {
  readonly name: string;
  readonly weight: number;
  /** What its processes do. */
  readonly calls: readonly string[];
  /** Statements that its functions can have besides those for everybody. */
  readonly also: readonly Family[];
  readonly text: (plan: Plan, body: Bodies) => string;
}

interface Bodies {
  /** The text of the n-th body, in a place. */
  (n: number, place: Partial<Place>): string;
  readonly undo: (place: Partial<Place>) => string;
}

const everywhere = families.filter((f) => f !== 'module' && f !== 'device');
const common = ['either {} or {}', 'kill(p0)', 'thread $n {}'];
const modules = ['rmmod(m)', 'rmmod_wait(m)', 'insmod(m)'];
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
  calls: ['enter()', 'enter()', ...modules, ...common],
  text: (plan, body) => {
    const pinned = [
      'return h.go()',
      'if !try_module_get(h.owner) { return -ENODEV }\nlet got = h.go()\nmodule_put(h.owner)\nreturn got',
      'with rcu_read_lock() { return h.go() }',
    ][plan.choices[0] % 3];
    const fence = ['', 'synchronize_rcu()', 'rcu_barrier()'][plan.choices[1] % 3];
    const inside = functionsOf(
      `ops m_ops: hook_ops {\nowner = m\ngo() {\n${body(0, {})}\n}\n}\ninit {\n$ready\n${plan.choices[3] % 3 === 0 ? body(1, { returns: false }) : ''}\nWRITE_ONCE(hook, m_ops)\n}\n` +
        `exit {\nWRITE_ONCE(hook, null)\n${fence}\n${body(2, { returns: false })}\n}`,
      body,
      { module: 'm' },
    );
    return `struct hook_ops { owner: module; go: fn() -> int }\nlet hook: ref hook_ops\nfn enter() -> int {\nlet h = READ_ONCE(hook)\nif h == null { return -ENODEV }\n${pinned}\n}\nmodule m${plan.choices[2] % 4 === 3 ? ' unloaded' : ''} {\n${inside}\n}`;
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

const driver: Shape = {
  name: 'driver',
  weight: 3,
  also: ['module', 'device'],
  calls: ['unbind(gpu)', 'bind(gpu)', 'unbind(gpu)', ...fds, ...modules, ...common],
  text: (plan, body) => {
    const kind = (['misc', 'fenced', 'none'] as const)[plan.choices[0] % 3];
    const own = { own: 't', module: 'm' };
    const begins = {
      misc: 'let t = file.private as state',
      fenced: 'let f = file.private as fenced_dev\nlet t = f.data as state',
      none: '',
    }[kind];
    const ioctl = `ioctl(file) {\n${begins}\n${body(0, own)}\n}`;
    const ops = {
      misc: `ops fops: file_operations {\n${plan.choices[1] % 3 === 2 ? '' : 'owner = m\n'}${ioctl}\n}\n`,
      fenced: `ops dops: driver_ops {\n${ioctl}\n}\n`,
      none: '',
    }[kind];
    const field = { misc: 'misc: miscdevice', fenced: 'core: ref fenced_dev', none: 'spare: int' }[kind];
    const register = {
      misc: 'misc_register(t.misc, "x", fops)?',
      fenced: 't.core = fenced_alloc(t)\nfenced_register(t.core, "x", dops)?',
      none: '',
    }[kind];
    const undone = [
      { misc: 'misc_deregister(t.misc)', fenced: 'fenced_unregister(t.core)', none: '' }[kind],
      plan.choices[2] % 4 === 3 ? '' : 'iounmap(t.bar)',
      body(2, { ...own, device: 'dev', returns: false }),
    ];
    const turned = plan.choices[3] % 2 === 0 ? undone : undone.reverse();
    const inside = functionsOf(
      `struct state {\n${field}\nbar: mmio\nticks: int\n}\n${ops}driver drv: pci_driver {\nprobe(dev) {\nlet t = new state\nt.bar = pci_iomap(dev, 0)?\ndev.drvdata = t\n$ready\n${register}\n` +
        `${body(1, { ...own, device: 'dev' })}\n}\nremove(dev) {\nlet t = dev.drvdata as state\n${turned.join('\n')}\n${plan.choices[4] % 4 === 3 ? '' : 'free t'}\n}\n}\n` +
        'init { pci_register_driver(drv) }\nexit { pci_unregister_driver(drv) }',
      body,
      { module: 'm' },
    );
    const hardware = plan.hardware.length === 0 ? '' : `\nhardware {\n${plan.hardware.map((e) => `${e}(gpu)`).join('\n')}\n}`;
    return `use driver_core, pci, vfs${kind === 'none' ? '' : `, ${kind}`}\nmodule m {\n${inside}\n}\ndevice gpu: pci_dev binds m.drv${plan.choices[5] % 5 === 4 ? ' unbound' : ''}${hardware}`;
  },
};

const shapes: readonly Shape[] = [core, hook, misc, driver];

/** Texts of scenarios. Names of locals do not depend on anything but the text before them. */
export const randomProgram: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(...shapes.map((s) => ({ weight: s.weight, arbitrary: fc.constant(s) }))),
    fc.subarray(everywhere, { minLength: 1, maxLength: 3 }),
  )
  .chain(([shape, chosen]) => planOf(shape, [...chosen, ...shape.also]))
  .map(textOf);

function planOf(shape: Shape, chosen: readonly Family[]): fc.Arbitrary<Plan> {
  const statements = bodyOf(
    chosen.flatMap((f) => templates[f]),
    3,
    1,
  );
  return fc.record({
    shape: fc.constant(shape),
    bodies: fc.array(statements, { minLength: 8, maxLength: 8 }),
    undo: fc.option(statements, { freq: 2 }),
    processes: fc.array(fc.record({ copies: fc.constantFrom(1, 1, 1, 1, 1, 2, 2, 3), body: bodyOf(shape.calls, 2, 1) }), {
      minLength: 1,
      maxLength: 3,
    }),
    choices: fc.array(fc.nat(59), { minLength: 6, maxLength: 6 }),
    hardware: fc.subarray(['unplug', 'interrupt'], { maxLength: 2 }),
  });
}

function bodyOf(from: readonly string[], maxLength: number, minLength = 0): fc.Arbitrary<readonly Statement[]> {
  const { body } = fc.letrec<{ body: readonly Statement[]; statement: Statement }>((tie) => {
    const leaves = from.filter((t) => bodiesOf(t) === 0);
    const leaf = fc.constantFrom(...(leaves.length > 0 ? leaves : ['let $n = 0'])).map((template): Statement => ({ template, bodies: [] }));
    const nodes = from
      .filter((t) => bodiesOf(t) > 0)
      .map((template) => {
        const inside = fc.array(tie('statement'), { maxLength: 2 });
        return fc
          .array(inside, { minLength: bodiesOf(template), maxLength: bodiesOf(template) })
          .map((bodies): Statement => ({ template, bodies }));
      });
    return {
      statement: fc.oneof(
        { maxDepth: 2 },
        { weight: leaves.length, arbitrary: leaf },
        ...nodes.map((arbitrary) => ({ weight: 1, arbitrary })),
      ),
      body: fc.array(tie('statement'), { minLength, maxLength }),
    };
  });
  return body;
}

function textOf(plan: Plan): string {
  let made = 0;
  const place: Place = {
    pointer: plan.choices[0] % 2 === 0 ? 'one' : 'obj',
    returns: true,
    undo: false,
    own: null,
    device: null,
    module: null,
    without: [],
    fresh: () => `v${made++}`,
  };
  const body: Bodies = Object.assign(
    (n: number, other: Partial<Place>) => render(plan.bodies[n % plan.bodies.length], { ...place, ...other }),
    {
      undo: (other: Partial<Place>) => render(plan.undo ?? [], { ...place, ...other }),
    },
  );
  const kernel = plan.shape.text(plan, body);
  const processes = plan.processes.map(({ copies, body: calls }, i) => {
    const inside = render(calls, { ...place, pointer: null });
    return `process p${i}${copies > 1 ? ` x${copies}` : ''} {\n${inside === '' ? 'let nothing = 0' : inside}\n}`;
  });
  return ['scenario random "random"', kernel, ...processes, ''].join('\n');
}

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
