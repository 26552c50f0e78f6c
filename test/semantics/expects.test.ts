// Expectations and design spaces: what `expect`, `assume` and `param` may name, and what conditions select.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../server/src/syntax/parser.ts';
import { combinations } from '../../server/src/semantics/parameters.ts';
import { check } from './check.ts';

const scenario = `scenario s
use driver_core, pci
module nova {
  struct dev { n: int, work: work }
  ops fops: file_operations { ioctl(file) { return 0 } }
  driver drv: pci_driver { probe(d) { return 0 } }
  init { pci_register_driver(drv) }
}
device gpu: pci_dev binds nova.drv
process app { thread reader { close(1) } }
process admin { unbind(gpu) }
`;

test('`expect` names verdicts, functions, objects and agents that there are', () => {
  check(`${scenario}
expect use-after-free in fops.ioctl of dev by app.reader
expect no deadlock in nova.init of nova by gpu
expect leak of mmio by reader
expect deadlock in unbind of gpu by hardware
expect unbind-blocked in nova.fops.ioctl by dev.work
expect use-after-fre
//     ^^^^^^^^^^^^^ error: there is no verdict \`use-after-fre\`: did you mean \`use-after-free\`?
expect leak in fops.ioctll of devv by admni
//             ^^^^^^^^^^^ error: \`in\` names a function, and none is called \`fops.ioctll\`: did you mean \`fops.ioctl\`?
//                            ^^^^ error: \`of\` names a type, module or device, and none is called \`devv\`: did you mean \`dev\`?
//                                    ^^^^^ error: \`by\` names a process, thread, device, module or function, and none is called \`admni\`: did you mean \`admin\`?
assume app closes on POLLHUP
//                   ^^^^^^^ error: \`on POLLHUP\` is not checked yet: without it, the process is assumed to close from the start
assume ap closes
//     ^^ error: no process is called \`ap\`
assume admin opens on POLLIN
//           ^^^^^ error: what can be assumed of a process is that it \`closes\`, not \`opens\`
//                    ^^^^^^ error: a process closes on \`POLLHUP\`, not on \`POLLIN\`
`);
});

const space = `scenario s
param fence in {none, srcu, rwsem}
param early: bool
const LAST = 2
param n in 1..LAST
module m {
  if fence == srcu { let lock: srcu } else { let lock: mutex }
  if fence != none && early { fn only_here() { } }
  ops fops: file_operations {
    if n == 2 { open(file) { return 0 } } else { release(file) { } }
  }
  fn f() {
    if fence == srcu { synchronize_srcu(lock) }
    if early { return n }
    return fence == rwsem
  }
}
`.replace('early: bool', 'early in bool');

test('all combinations of params, the first slowest', () => {
  const { file } = parse(space);
  const show = (c: Record<string, { kind: string }>): string =>
    Object.values(c)
      .map((v) => ('name' in v ? v.name : 'value' in v ? v.value : ''))
      .join(' ');
  assert.deepEqual(combinations(file).slice(0, 5).map(show), [
    'none false 1',
    'none false 2',
    'none true 1',
    'none true 2',
    'srcu false 1',
  ]);
  assert.equal(combinations(file).length, 12);
  assert.deepEqual(combinations(parse('scenario s\n').file), [{}]);
});

test('conditions around declarations select per combination, also in what is expected', () => {
  const text = `${space}
expect leak in only_here when fence == srcu && early
expect no leak in only_heer when fence == srcu && !early
expect leak when fence == srcuu
//                        ^^^^^ error: \`srcuu\` is no value of \`fence\`, which is one of \`none\`, \`srcu\`, \`rwsem\`: did you mean \`srcu\`?
expect leak when m
//               ^ error: \`when\` can only use params, consts and numbers, not \`m\`
`;
  for (const params of combinations(parse(text).file)) {
    const selects = params.fence.kind === 'name' && params.fence.name === 'srcu';
    // The `if` in `f` selects as well: where the lock is a mutex, nothing is said of synchronizing it.
    const program = check(selects && params.early.kind === 'bool' && !params.early.value ? misspelt(text) : text, params);
    const lock = program.variables.find((v) => v.name === 'lock')?.type;
    assert.equal(lock?.kind === 'struct' ? lock.struct.name : '', selects ? 'srcu' : 'mutex');
    const early = params.early.kind === 'bool' && params.early.value;
    assert.equal(
      program.functions.some((f) => f.name === 'only_here'),
      early && !(params.fence.kind === 'name' && params.fence.name === 'none'),
    );
    const method = params.n.kind === 'int' && params.n.value === 2 ? 'open' : 'release';
    assert.deepEqual([...(program.ops[0]?.values.keys() ?? [])], [method]);
  }
});

function misspelt(text: string): string {
  return text.replace(
    '&& !early\n',
    '&& !early\n//                ^^^^^^^^^ error: `in` names a function, and none is called `only_heer`\n',
  );
}

test('params and their values', () => {
  check(`scenario s
param a in {x, y, x}
//                ^ error: \`x\` stands twice among the values of \`a\`
param b in 3..1
//    ^ error: \`b\` has no value
param c in 0..1000
//    ^ error: \`c\` has 1001 values; at most 256 are explored
param d in 0..FAR
//            ^^^ error: nothing here is called \`FAR\`
const LOOP = LOOP + 1
//    ^^^^ error: \`LOOP\` is defined by itself
module m {
  let n = 0
  if n == 0 { fn f() { } }
//   ^ error: a condition around declarations can only use params, consts and numbers, not \`n\`
  fn g() -> int {
    if a == z { return 1 }
//          ^ error: \`z\` is no value of \`a\`, which is one of \`x\`, \`y\`
    return a
  }
}
`);
});

test('a param with named values is compared, and is no condition by itself', () => {
  check(`scenario s
param fence in {none, srcu}
param early in bool
module m {
  if fence { let a = 0 }
//   ^^^^^ error: \`fence\` is no yes or no: compare it, as in \`fence == none\`
  if early { let b = 0 }
  fn f() -> int {
    if !fence { return 1 }
//      ^^^^^ error: \`fence\` is no yes or no: compare it, as in \`fence == none\`
    if early && fence != none { return 2 }
    return 0
  }
}
expect leak when early && fence
//                        ^^^^^ error: \`fence\` is no yes or no: compare it, as in \`fence == none\`
`);
});
