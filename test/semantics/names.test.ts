// Which declaration a name stands for, and what is said where there is none, or more than one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prelude } from '../../server/src/analysis.ts';
import { TYPES, VALUES } from '../../server/src/semantics/kernelNames.ts';
import { check } from './check.ts';
import { path, resolve } from './world.ts';

test('a misspelt name proposes the nearest one', () => {
  const program = check(`scenario s
use misc
module m {
  struct dev { misc: miscdevice }
  fn f(d: ref dev) {
    misc_deregster(d.misc)
//  ^^^^^^^^^^^^^^ error: nothing here is called \`misc_deregster\`: did you mean \`misc_deregister\`?
    d.mics = null
//    ^^^^ error: \`dev\` has no field \`mics\`: did you mean \`misc\`?
  }
}
`);
  const [first] = program.diagnostics.get(path) ?? [];
  assert.deepEqual(
    first.fixes?.map((f) => [f.title, f.edits.map((e) => e.text)]),
    [['Change to `misc_deregister`', ['misc_deregister']]],
  );
});

test('what kernel developers write by habit is told as it is written here', () => {
  check(`scenario s
module m {
  struct dev { w: work_struct }
//                ^^^^^^^^^^^ error: the type \`work_struct\` is written \`work\` here
  fn f() {
    let d = kzalloc(8)
//          ^^^^^^^ error: \`kzalloc\` is not known here: \`new T\` allocates and zeroes; a failure is \`either { return -ENOMEM } or { }\`
    list_add_tail_rcu(d, d)
//  ^^^^^^^^^^^^^^^^^ error: \`list_add_tail_rcu\` is not known here: \`list_add\` publishes its entry in one step
    smp_mb()
//  ^^^^^^ error: \`smp_mb\` is not known here: memory is sequentially consistent: leave it out
    let embedding = container_of(d, dev, w)
//                  ^^^^^^^^^^^^ error: \`container_of\` is not known here: a cast does it, as in \`m as timer_dev\`
    let now = jiffies
//            ^^^^^^^ error: \`jiffies\` is not known here: \`ktime_get()\` is now, in ns, and what arms takes the delay alone, as in \`mod_timer(t, 10ms)\`
    device_initialize(d)
//  ^^^^^^^^^^^^^^^^^ error: \`device_initialize\` is not known here: a device is ready, with one reference: leave it out; \`c.dev.release = f\` is what the last \`put_device\` calls
  }
  struct regs { status: uint32_t }
//                      ^^^^^^^^ error: the type \`uint32_t\` is written \`u32\` here
}
process app { let fd = open("/dev/timer"); if fd < 0 { exit() } }
//                                                     ^^^^ error: \`exit\` is not known here: a program ends behind its last statement, and \`?\` behind a call that failed ends it early, as in \`open("/dev/timer")?\`
`);
});

test('a field that has another name in the kernel is told', () => {
  check(`scenario s
use vfs
module m {
  struct dev { n: int }
  fn f(file: ref file, d: ref dev) {
    let p = file.private_data
//               ^^^^^^^^^^^^ error: \`file\` has no field \`private_data\`: did you mean \`private\`?
    d.private_data = 1
//    ^^^^^^^^^^^^ error: \`dev\` has no field \`private_data\`
  }
}
`);
});

test('no name that exists here is told to be written otherwise', () => {
  const existing = new Set([...prelude.functions.map((f) => f.name), ...prelude.types.map((t) => t.name)]);
  const told = [...VALUES, ...TYPES].flatMap(([names]) => names.split(' '));
  assert.deepEqual(
    told.filter((n) => existing.has(n)),
    [],
  );
});

test('a library that is not used is proposed once, where it is first missed', () => {
  const text = `scenario s
use pci
module m {
  struct dev { misc: miscdevice }
//                   ^^^^^^^^^^ error: \`miscdevice\` is declared in the library \`misc\`, which this file does not use
  fn f() { misc_deregister(null) }
}
`;
  const program = check(text);
  const [edit] = program.diagnostics.get(path)?.[0].fixes?.[0].edits ?? [];
  assert.equal(text.slice(0, edit.span.start) + edit.text, 'scenario s\nuse pci, misc');
});

test('without any `use`, one is added below the header', () => {
  const text = 'scenario s "t"\nmodule m { fn f() { drm_dev_exit(null) } }\n';
  const [edit] = resolve(text).diagnostics.get(path)?.[0].fixes?.[0].edits ?? [];
  assert.equal(
    text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end),
    'scenario s "t"\n\nuse drm\nmodule m { fn f() { drm_dev_exit(null) } }\n',
  );
});

test('libraries have names too', () => {
  check(`scenario s
use msic, driver_core, "./mine.lifeline"
//  ^^^^ error: no library is called \`msic\`: did you mean \`misc\`?
//                     ^^^^^^^^^^^^^^^^^ error: there is no file \`./mine.lifeline\` beside this one
`);
});

test('nearest wins: block, module, file, library', () => {
  const program = check(`scenario s
use misc
fn misc_register() { }
module a {
  let count = 0
  fn go() { misc_register(); count = 1 }
}
module b {
  fn misc_deregister(n: int) -> int { return n }
  fn go() {
    let count = misc_deregister(2)
    if count > 0 { let count = null; count = null }
    count = count + 1
  }
}
`);
  assert.deepEqual(
    program.modules.map((m) => [m.name, m.uses.map((u) => u.name)]),
    [
      ['a', []],
      ['b', []],
      ['misc_core', []],
    ],
  );
});

test('equally near declarations are ambiguous until they are qualified', () => {
  const program = check(`scenario s
module a { fn stop() { } }
module b {
  fn stop() { }
  let state = 0
}
module c {
  fn f() {
    stop()
//  ^^^^ error: \`stop\` can be \`a.stop\` or \`b.stop\`: write which
    a.stop()
    b.state = 1
    b.sotp()
//    ^^^^ error: module \`b\` has no \`sotp\`: did you mean \`stop\`?
  }
}
`);
  assert.deepEqual(
    program.modules.find((m) => m.name === 'c')?.uses.map((u) => u.name),
    ['a', 'b'],
  );
});

test('what is declared twice is said once, at the second', () => {
  check(`scenario s
struct t { a: int, a: bool }
//                 ^ error: struct \`t\` has two fields \`a\`
struct t { }
//     ^ error: \`t\` is declared twice
module m {
  let x = 0
  fn x() { }
//   ^ error: \`x\` is declared twice
  fn f(a: int, a: int) {
//             ^ error: two parameters are called \`a\`
    let b = 1
    let b = 2
//      ^ error: \`b\` is declared twice in this block
    if b == 1 { let b = 3; b = 4 }
  }
}
`);
});

test('a type is no value, and a value no type', () => {
  check(`scenario s
module m {
  struct dev { n: int }
  let one: ref dev = null
  fn f() {
    one = dev
//        ^^^ error: \`dev\` is a type, not a value
    let x: one = null
//         ^^^ error: \`one\` is not a type
    let y = mutex_lock
//          ^^^^^^^^^^ error: \`mutex_lock\` is built in: it can be called, but is no function to pass on
  }
}
`);
});

test('enums: members stand alone or behind the name', () => {
  check(`scenario s
enum state { LIVE, GOING }
module m {
  let now: state = LIVE
  fn f() -> int {
    if now == state.GOING { return 1 }
    now = state.GOIN
//              ^^^^ error: enum \`state\` has no \`GOIN\`: did you mean \`GOING\`?
    now = 1
//        ^ error: \`now\`: expected \`state\`, found \`int\`
    return now
  }
}
`);
});
