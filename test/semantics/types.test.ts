// Types of expressions, what is inferred, and what is said where a value does not fit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionInfo, Program } from '../../server/src/semantics/program.ts';
import { show } from '../../server/src/semantics/types.ts';
import { walk } from '../../server/src/syntax/visit.ts';
import { check } from './check.ts';
import { path } from './world.ts';

test('an any becomes a struct only by `as`, and the fix says so', () => {
  const text = `scenario s
use misc
module m {
  struct dev { misc: miscdevice, n: u32 }
  fn use_it(d: ref dev) { d.n = 1 }
  ops fops: file_operations {
    ioctl(file) {
      use_it(file.private)
//           ^^^^^^^^^^^^ error: argument \`d\` of \`use_it\`: expected \`ref dev\`, found \`any\`
      file.private.n = 2
//                 ^ error: an \`any\` has no fields: cast it with \`as\` to what it points to
      use_it(file.private as dev)
      let d = file.private as dev
      misc_deregister(d.misc)
      misc_deregister(d)
//                    ^ error: argument \`m\` of \`misc_deregister\`: expected \`ref miscdevice\`, found \`ref dev\`
      use_it(d.misc)
//           ^^^^^^ error: argument \`d\` of \`use_it\`: expected \`ref dev\`, found \`miscdevice\`
      use_it(d.misc as dev)
      return d.misc.n
//                  ^ error: \`miscdevice\` has no field \`n\`: \`dev\`, which contains one, does (\`as dev\`)
    }
  }
}
`;
  const program = check(text);
  const fixes = (program.diagnostics.get(path) ?? []).map((d) => d.fixes?.[0]?.title ?? '');
  assert.deepEqual(fixes, ['Cast it: `as dev`', '', 'Pass its `misc`', 'Cast it: `as dev`', '']);
});

test('casts that can never succeed', () => {
  check(`scenario s
module m {
  struct part { n: int }
  struct whole { part: part }
  struct other { n: int }
  fn f(w: ref whole, p: ref part, n: int) {
    let a = p as whole
    let b = w as whole
    let c = w as part
//          ^^^^^^^^^ error: a \`whole\` is no \`part\`, and is not contained in one: the one that it contains is its \`part\`
    let d = w as other
//          ^^^^^^^^^^ error: a \`whole\` is no \`other\`, and is not contained in one
    let e = n as part
//          ^ error: \`as\` casts pointers, and this is \`int\`
    let g = n as u8
    let h = w as any
    let i = h as ref part
  }
}
`);
});

test('numbers, booleans and references in conditions and operators', () => {
  check(`scenario s
module m {
  struct dev { n: u32, next: ref dev, lock: mutex, small: 0..7 }
  let lock: mutex
  fn f(d: ref dev, flag: bool) -> int {
    if d && !d.next || d.n & 1 { d.n += 2 }
    while flag { break }
    if d == null || d.next != d { return -ENODEV }
    d.small = 9
    if d == 3 { return 0 }
//     ^^^^^^ error: \`ref dev\` and \`int\` cannot be compared
    if lock == d.lock { return 0 }
    if d < d { return 0 }
//     ^ error: \`<\` wants a number, found \`ref dev\`
//         ^ error: \`<\` wants a number, found \`ref dev\`
    d.n = d
//        ^ error: \`dev.n\`: expected \`u32\`, found \`ref dev\`
    d.n += null
//         ^^^^ error: \`+=\` wants a number, found \`null\`
    d.lock = lock
    let s = "text"
    if "text" { }
//     ^^^^^^ error: a condition is a number, a boolean or a reference, not \`string\`
    return ~d.n + -flag
  }
}
`);
});

test("C's conversions: the type of an arithmetic expression", () => {
  const program = check(`scenario s
module m {
  struct dev { a: u8, b: u32, c: u64, d: 0..7 }
  fn f(x: ref dev) {
    let small = x.a + x.d
    let wide = x.a * x.b
    let widest = x.b | x.c
    let shifted = x.a << x.c
    let long = 2s
    let big = 0xffffffff
    let errno = -ENODEV
    let truth = x.a < x.b
    let address = x
  }
}
`);
  assert.deepEqual(localTypes(program, 'f'), {
    x: 'ref dev',
    small: 'int',
    wide: 'u32',
    widest: 'u64',
    shifted: 'int',
    long: 'u64',
    big: 'u32',
    errno: 'int',
    truth: 'bool',
    address: 'ref dev',
  });
});

test('what can and what cannot be assigned', () => {
  check(`scenario s
const LIMIT = 4
struct inner { n: int }
struct dev { in: inner, files: list file }
module m {
  ops fops: file_operations { owner = m }
  fn f(d: ref dev, i: ref inner) {
    d = null
    d.in = i
//  ^^^^ error: \`dev.in\` is an embedded \`inner\`, which is not assigned as a whole
    d.files = null
//  ^^^^^^^ error: \`dev.files\` is a list, which is not assigned as a whole
    LIMIT = 5
//  ^^^^^ error: \`LIMIT\` cannot be assigned: only variables and fields can
    f = null
//  ^ error: \`f\` cannot be assigned: only variables and fields can
    fops.owner = null
//  ^^^^^^^^^^ error: \`fops\` is constant: its entries are given where it is declared
    f(d, i) = 3
//  ^^^^^^^ error: only variables and fields can be assigned
  }
}
`);
});

test('function pointers: called like methods, passed with fewer parameters, inferred from where they go', () => {
  const program = check(`scenario s
module m {
  struct hooks { go: fn(ref file, u32) -> int, done: fn(ref file) }
  struct dev { hooks: ref hooks, work: work, n: int }
  let the_dev: ref dev = null
  fn short(f: ref file) -> int { return f.count }
  fn worker(w) { let d = w as dev; d.n = 1 }
  fn thread(d) { d.n = 2 }
  ops mine: hooks { go = short }
  fn f(d: ref dev, file: ref file) -> int {
    INIT_WORK(d.work, worker)
    kthread_run(thread, d)
    d.hooks = mine
    d.hooks.done(file)
    d.hooks.go(file)
//  ^^^^^^^^^^^^^^^^ error: \`d.hooks.go\` takes 2 arguments, not 1
    INIT_WORK(d.work, short)
//                    ^^^^^ error: argument \`f\` of \`INIT_WORK\`: expected \`fn(ref work)\`, found \`fn(ref file) -> int\`
    d.n(1)
//  ^^^ error: \`d.n\` is \`int\`, which cannot be called
    return d.hooks.go(file, 3)
  }
}
`);
  assert.deepEqual(localTypes(program, 'worker'), { w: 'ref work', d: 'ref dev' });
  assert.deepEqual(localTypes(program, 'thread'), { d: 'ref dev' });
});

test('parameters and results of a scenario are inferred through calls', () => {
  const program = check(`scenario s
module m {
  struct dev { n: u32 }
  let head = null
  fn start() -> int {
    let d = new dev
    keep(d, 0)
    return sum(d, 3)
  }
  fn keep(d, flags) { head = d; again(d) }
  fn again(d) { if d.n > 0 { d.n -= 1; again(d) } }
  fn sum(d, n) { if n == 0 { return d.n }; return sum(d, n - 1) + 1 }
  fn first() { let found = null; if head { found = head }; return found }
  fn check_it(d: ref dev) { check_that(d)? }
  fn check_that(d: ref dev) { }
  fn never(x) { }
//         ^ error: nothing says what \`x\` is, as nothing calls \`never\`: write \`x: TYPE\`
}
`);
  const signature = (name: string): string => {
    const f = functionNamed(program, name);
    return `(${f.parameters.map((p) => show(p.type)).join(', ')}) -> ${show(f.returns)}`;
  };
  assert.deepEqual(Object.fromEntries(['keep', 'again', 'sum', 'first', 'check_it', 'check_that'].map((n) => [n, signature(n)])), {
    keep: '(ref dev, int) -> nothing',
    again: '(ref dev) -> nothing',
    sum: '(ref dev, int) -> u32',
    first: '() -> ref dev',
    check_it: '(ref dev) -> int',
    check_that: '(ref dev) -> nothing',
  });
  assert.equal(show(program.variables.find((v) => v.name === 'head')?.type ?? { kind: 'error' }), 'ref dev');
});

test('returns that do not agree', () => {
  check(`scenario s
module m {
  struct dev { n: u32 }
  fn a(d: ref dev) { if d { return d }; return 3 }
//                                             ^ error: \`a\` returns: expected \`ref dev\`, found \`int\`
  fn b(d: ref dev) -> int { return d }
//                                 ^ error: \`b\` returns: expected \`int\`, found \`ref dev\`
  ops fops: file_operations {
    release(file) { return 0 }
//                         ^ error: \`fops.release\` returns nothing
    open(file) { return file }
//                      ^^^^ error: \`fops.open\` returns: expected \`int\`, found \`ref file\`
  }
}
`);
});

test('type variables of primitives are bound by the first argument', () => {
  const program = check(`scenario s
struct a { n: u32, next: ref a, others: list a }
struct b { n: int }
fn f(x: ref a, y: ref b) {
  rcu_assign_pointer(x.next, x)
  rcu_assign_pointer(x.next, null)
  rcu_assign_pointer(x.next, y)
//                           ^ error: argument \`value\` of \`rcu_assign_pointer\`: expected \`ref a\`, found \`ref b\`
  rcu_assign_pointer(x, x)
//                   ^ error: argument \`p\` of \`rcu_assign_pointer\` is a field or a variable itself, not a value
  let n = READ_ONCE(x.n)
  let p = READ_ONCE(x.next)
  WRITE_ONCE(x.n, 3)
  list_add(x.others, x)
  list_add(x.others, y)
//                   ^ error: argument \`item\` of \`list_add\`: expected \`ref a\`, found \`ref b\`
  list_add(x.next, x)
//         ^^^^^^ error: argument \`list\` of \`list_add\`: expected \`list T\`, found \`ref a\`
  for other in x.others { other.n = 1 }
  for other in x.next { }
//             ^^^^^^ error: \`for\` walks a list, and this is \`ref a\`
}
`);
  assert.deepEqual(localTypes(program, 'f'), { x: 'ref a', y: 'ref b', n: 'u32', p: 'ref a', other: '?' });
});

test('argument counts name the function and point at what is too much', () => {
  check(`scenario s
module m {
  let lock: mutex
  fn one(a: int) { }
  fn f() {
    one()
//  ^^^^^ error: \`one\` takes 1 argument, not 0: \`one(a)\`
    one(1, 2, 3)
//         ^^^^ error: \`one\` takes 1 argument, not 3: \`one(a)\`
    mutex_lock(lock, 1)
//                   ^ error: \`mutex_lock\` takes 1 argument, not 2: \`mutex_lock(m)\`
    f(1)
//    ^ error: \`f\` takes no arguments, not 1
  }
}
process p { ioctl(); ioctl(1); ioctl(1, 2); ioctl(1, 2, 3) }
//          ^^^^^^^ error: \`ioctl\` takes 1 to 2 arguments, not 0: \`ioctl(fd, cmd?)\`
//                                                      ^ error: \`ioctl\` takes 1 to 2 arguments, not 3: \`ioctl(fd, cmd?)\`
`);
});

test('a wrong call points at the declaration', () => {
  const program = check(`scenario s
use misc
fn f(x: ref file) {
  misc_deregister(x)
//                ^ error: argument \`m\` of \`misc_deregister\`: expected \`ref miscdevice\`, found \`ref file\`
  misc_deregister()
//^^^^^^^^^^^^^^^^^ error: \`misc_deregister\` takes 1 argument, not 0: \`misc_deregister(m)\`
}
`);
  const related = (program.diagnostics.get(path) ?? []).map((d) => d.related?.map((r) => `${r.place.file} ${r.message}`));
  const declared = ['lifeline:/library/misc.lifeline `misc_deregister` is declared here'];
  assert.deepEqual(related, [declared, declared]);
});

test('structs that contain themselves, empty ranges, odd types', () => {
  check(`scenario s
struct a { b: b }
//            ^ error: \`a\` would contain itself: write \`ref b\`
struct b { a: a, next: ref b }
struct c = d
//         ^ error: this type is another name for itself
struct d = c
struct e[0] { n: 5..1, r: ref int, l: list any, s: string }
//       ^ error: a limit is between 1 and 4096, not 0
//               ^^^^ error: the range 5..1 is empty
//                            ^^^ error: \`ref\` wants a struct, found \`int\`
//                                         ^^^ error: \`list\` wants a struct, found \`any\`
`);
});

function functionNamed(program: Program, name: string): FunctionInfo {
  const found = program.functions.find((f) => f.name === name);
  assert.ok(found, `a function ${name}`);
  return found;
}

function localTypes(program: Program, name: string): Record<string, string> {
  const f = functionNamed(program, name);
  const types: Record<string, string> = {};
  for (const { file } of program.units)
    walk(file, (node) => {
      const symbol = node.kind === 'name' ? program.symbols.get(node) : undefined;
      if (symbol?.kind === 'local' && symbol.function === f && symbol.local.node === node)
        types[symbol.local.name] = show(symbol.local.type);
    });
  return types;
}

test('strings are names: kept and compared, and nothing else', () => {
  check(`scenario s
struct entry { name: string }
let entries: list entry
fn find(name: string, n: int) -> ref entry {
  for e in entries { if e.name == name { return e } }
  for e in entries { if e.name == n { return e } }
//                      ^^^^^^^^^^^ error: \`string\` and \`int\` cannot be compared
  let e = new entry
  e.name = name
  e.name = n
//         ^ error: \`entry.name\`: expected \`string\`, found \`int\`
  if find("timer" + 1, 0) { return e }
//        ^^^^^^^ error: \`+\` wants a number, found \`string\`
  return find("timer", 1)
}
`);
});
