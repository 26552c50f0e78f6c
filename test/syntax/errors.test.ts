// What the parser says about mistakes: one message each, in the smallest span, with a fix where one is likely.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { codes } from '../../server/src/base/codes.ts';
import { parse } from '../../server/src/syntax/parser.ts';
import { checkErrors } from './show.ts';

/** `statement` in a function; `marker` is the line under it. */
function inFunction(statement: string, marker: string): void {
  checkErrors(`fn f() {\n  ${statement}\n  ${marker}\n  next()\n}`);
}

function inFile(...lines: string[]): void {
  checkErrors(lines.join('\n'));
}

/** The text with the first fix of its only diagnostic applied. */
function fixed(text: string): string {
  const { errors } = parse(text);
  assert.equal(errors.length, 1, errors.map((e) => e.message).join('; '));
  const edits = [...(errors[0].fixes?.[0].edits ?? [])].sort((a, b) => b.span.start - a.span.start);
  return edits.reduce((t, edit) => t.slice(0, edit.span.start) + edit.text + t.slice(edit.span.end), text);
}

suite('syntax errors', () => {
  test('something is missing', () => {
    inFunction('let x = ', '      ^ error: a value expected after `=`');
    inFunction('let = 3', '    ^ error: the name of a variable expected, found `=`');
    inFunction('let x', '    ^ error: `=` and a value expected after `x`');
    inFunction('let x 3', '      ^ error: `=` and a value expected, found `3`');
    inFunction('t.', ' ^ error: a field expected after `.`');
    inFunction('if { }', '   ^ error: a condition expected, found `{`');
    inFunction('if x == { }', '        ^ error: a value expected, found `{`');
    inFunction('x = -', '    ^ error: a value expected after `-`');
    inFunction('either { }', '         ^ error: `or { }` expected after `}`');
    inFunction('for x { }', '      ^ error: `in` expected, found `{`');
    inFunction('wait until', '         ^ error: a condition expected after `until`');
    inFunction('a()? goto', '        ^ error: the label of an `undo` section expected after `goto`');
    inFile('use misc pci', '         ^^^ error: `,` expected, found `pci`', 'expect leak');
    inFile('device gpu: pci_dev binds', '                        ^ error: a driver expected after `binds`');
    inFile('expect no', '        ^ error: a verdict, such as `use-after-free`, expected after `no`');
    inFile('cite', '   ^ error: `<message-id>` expected after `cite`', 'use pci');
    inFile('param f in 1', '           ^ error: `..` and the upper end of the range expected after `1`');
    inFile('ptimer gpu { }', '       ^^^ error: `of` expected, found `gpu`');
    inFile('ptimer of gpu { grain }', '                    ^ error: `=` and a value expected after `grain`');
    inFile('ptimer of gpu { 3 }', '                ^ error: a setting expected (`name = value`), found `3`');
    inFile('claim { }', '      ^ error: what is claimed, in quotes, expected, found `{`');
    inFile('struct t { a b }', '             ^ error: `:` expected, found `b`');
    inFile('fn f(a b, c: d) { }', '       ^ error: `:` expected, found `b`');
  });

  test('something is too much', () => {
    inFunction('a b', '  ^ error: unexpected `b`: a statement ends with its line, at `;` or at `}`');
    inFunction('f(a))', '    ^ error: `)` closes nothing');
    inFunction('a = b = c', '      ^ error: unexpected `=`: a statement ends with its line, at `;` or at `}`');
    inFile('hardware { unplug(gpu) } foo', '                         ^^^ error: a declaration expected, found `foo`');
    inFile('const A = 1 const B = 2', '            ^^^^^ error: unexpected `const`: a declaration ends with its line');
    inFile('expect leak in a in b', '                 ^^ error: a second `in` in one `expect`');
  });

  test('what C has', () => {
    inFile('#include <linux/module.h>', '^^^^^^^^^^^^^^^^^^^^^^^^^ error: `#include` is written `use` here, and names libraries: `use driver_core, pci`', 'scenario s');
    inFile('#define LIMIT 3', '^^^^^^^^^^^^^^^ error: `#define` is written `const` here: `const LIMIT = 4`');
    inFile('#ifdef CONFIG_PCI', '^^^^^^^^^^^^^^^^^ error: there is no `#ifdef`: `if fence == srcu { }` around declarations selects, by params');
    inFile('static int count;', '^^^^^^^^^^^^^^^^ error: a variable is written `count: int` here, the name first');
    inFile('static struct timer_dev *first;', '^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error: a variable is written `first: ref timer_dev` here, the name first');
    inFile('module m {', '  struct miscdevice misc;', '  ^^^^^^^^^^^^^^^^^^^^^^ error: a variable is written `misc: miscdevice` here, the name first', '  init { }', '}');
    inFile('struct t {', '  struct miscdevice misc;', '  ^^^^^^^^^^^^^^^^^^^^^^ error: a field is written `misc: miscdevice` here, the name first', '  void *data;', '  ^^^^^^^^^^ error: a field is written `data: any` here, the name first', '  n: int', '}');
    inFile('static void f(void)', '^^^^^^^^^^^^^ error: a function is written `fn f(...) { }` here, and a parameter `t: ref timer_dev`', '{', '  struct t *t = NULL;', '  t->n = 1;', '}', 'static int __init g(void) {', '^^^^^^^^^^^^^^^^^^^ error: a function is written `fn g(...) { }` here, and a parameter `t: ref timer_dev`', '}', 'fn h() { }');
    inFile('static const struct file_operations fops = {', '^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error: a table of operations is written `ops fops: file_operations { owner = ... }` here', '  .owner = m,', '};');
    inFile('fn f(void) { }', '     ^^^^ error: a function without parameters is written `fn f()` here');
    inFile('fn f(struct file *file, n: int) { }', '     ^^^^^^^^^^^^^^^^^ error: a parameter is written `file: ref file` here, the name first');
    inFile('MODULE_LICENSE("GPL");', '^^^^^^^^^^^^^^ error: `MODULE_LICENSE` touches nothing that is modelled: leave it out');
    inFile('module_init(mod_init);', '^^^^^^^^^^^ error: what `module_init` names stands in its module, as `init { }`');
    inFunction('struct file *t;', '^^^^^^^^^^^^^^ error: a local variable is written `let t = ...` here: what it is assigned says its type');
    inFunction('for (i = 0; i < 3; i++) { g() }', '    ^ error: `for` walks a list, as in `for x in d.items { }`; a count is written `while n < 3 { n += 1 }`');
    assert.equal(fixed('struct t {\n  struct file *f;\n}'), 'struct t {\n  f: ref file\n}');
    assert.equal(fixed('fn f(struct file *file) { }'), 'fn f(file: ref file) { }');
    assert.equal(fixed('fn f(void) { }'), 'fn f() { }');
  });

  test('what is not C is left alone', () => {
    const text = 'const LIMIT = 3\nconst A = LIMIT\nstruct frame = process\nstruct packet[4] { n: int }\nenum e { a }\nstruct t { int: int; static: bool; struct: int }\nmodule m {\n  bool: bool\n  const B = 3\n}\n';
    assert.deepEqual(parse(text).errors, []);
  });

  test('parentheses', () => {
    inFunction('f(a b)', '    ^ error: `,` or `)` expected, found `b`');
    inFunction('f(a', '  ^ error: `,` or `)` expected after `a`');
    inFile('fn f() {', '  g(a,', '    b', '    ^ error: `,` or `)` expected after `b`', '    c)', '}');
    inFunction('x = ()', '    ^ error: a value expected after `(`');
  });

  test('misspelt keywords are read as what was meant', () => {
    inFile('modul nova { init { } }', '^^^^^ error: `modul` means nothing here: did you mean `module`?');
    inFile('scenaro x', '^^^^^^^ error: `scenaro` means nothing here: did you mean `scenario`?');
    inFile('expct no leak', '^^^^^ error: `expct` means nothing here: did you mean `expect`?');
    inFile('expect leak wen a == b', '            ^^^ error: `wen` means nothing here: did you mean `when`?');
    inFile('device gpu: pci_dev bind a.b', '                    ^^^^ error: `bind` means nothing here: did you mean `binds`?');
    inFunction('retrun -1', '^^^^^^ error: `retrun` means nothing here: did you mean `return`?');
    inFunction('whlie x { }', '^^^^^ error: `whlie` means nothing here: did you mean `while`?');
    inFunction('if x { } els { }', '         ^^^ error: `els` means nothing here: did you mean `else`?');
    inFunction('wait unitl x timeot 2s', '     ^^^^^ error: `unitl` means nothing here: did you mean `until`?\n               ^^^^^^ error: `timeot` means nothing here: did you mean `timeout`?');
    inFunction('udno out: a()', '^^^^ error: `udno` means nothing here: did you mean `undo`?');
    assert.equal(fixed('fn f() { retrun x }'), 'fn f() { return x }');
    assert.equal(parse('modul nova { init { } }').file.declarations[0].kind, 'module');
  });

  test('a verdict without its hyphens', () => {
    inFile('expect use after free in f', '       ^^^^^^^^^^^^^^ error: a verdict is one word, with hyphens: `use-after-free`');
    assert.equal(fixed('expect use after free in f'), 'expect use-after-free in f');
  });

  test('lines that end too early', () => {
    inFile('fn f()', '{', '^ error: `{` stands on the line of `fn`: a line ends where it ends', '}');
    inFunction('if x { }\n  else { }', '^^^^ error: `else` stands on the line of the `}` before it');
    inFunction('either { }\n  or { }', '^^ error: `or` stands on the line of the `}` before it');
    inFunction('x = a\n  == b', '^^ error: `==` cannot begin a line: put it at the end of the line before, which then goes on here');
    assert.equal(fixed('fn f()\n{\n}'), 'fn f() {\n}');
    assert.equal(fixed('fn f() {\n  if x { }\n  else { }\n}'), 'fn f() {\n  if x { } else { }\n}');
  });

  test('the habits of C', () => {
    inFunction('t->bar = 1', ' ^^ error: fields are reached with `.`, whether or not the value is a reference');
    inFunction('f(&t.bar)', '  ^ error: no `&` before a value: an embedded struct is its own address');
    inFunction('x++', ' ^^ error: no `++`: write `x += 1`');
    inFunction('int x = 3', '^^^ error: a local variable begins with `let`, not with `int`');
    inFunction('goto out', '^^^^ error: no statement begins with `goto`: it stands behind the `?` of a call that can fail: `call()? goto label`');
    inFunction('list_for_each_entry_safe(x, n, d.list, node) { free x }', '^^^^^^^^^^^^^^^^^^^^^^^^ error: `list_for_each_entry_safe` is written otherwise here: a list is walked as in `for x in d.list { ... }`');
    inFunction('scoped_guard(mutex, d.lock) { d.n = 1 }', '^^^^^^^^^^^^ error: `scoped_guard` is written otherwise here: what is held for a block stands before it, as in `with mutex_lock(d.lock) { ... }`');
    inFunction('guard(mutex)(d.lock)', '^^^^^ error: `guard` is written otherwise here: what is held for a block stands before it, as in `with mutex_lock(d.lock) { ... }`');
    inFunction('switch x { case 1: a() }', '^^^^^^ error: no statement begins with `switch`: write `if ... else if ...`');
    inFunction('if (x) return -1', '       ^^^^^^ error: `{` of `if` expected, found `return`');
    inFunction('assert(a, "why")', '      ^ error: `assert` takes no parentheses: `assert condition, "why"`');
    inFunction('x = y ? 1 : 2', '      ^ error: no `a ? b : c`: write `if a { ... } else { ... }`');
    inFile('void f() { }', '^^^^ error: `void` is written `fn` here');
    inFile('struct t { a: *u8 }', '              ^ error: a pointer is written `ref`, not `*`');
    inFile('struct t { f: fn(file: ref file, int) }', '                 ^^^^ error: parameters of function pointers have no names');
    inFile('ops f: t { .owner = nova }', '           ^ error: an entry of a table stands without the dot');
    assert.equal(fixed('fn f() { t->bar++ }'.replace('->', '.')), 'fn f() { t.bar += 1 }');
    assert.equal(fixed('fn f() { x = t->bar }'), 'fn f() { x = t.bar }');
    assert.equal(fixed('struct t { f: fn(file: ref file) }'), 'struct t { f: fn(ref file) }');
    assert.equal(fixed('struct t { a: *u8 }'), 'struct t { a: ref u8 }');
  });

  test('a condition that assigns', () => {
    const told = 'error: a comparison is written `==`: an assignment is a statement, and has no value';
    inFunction('if (x = 3) { }', `      ^ ${told}`);
    inFunction('while x = 3 { }', `        ^ ${told}`);
    assert.equal(fixed('fn f() { if (x = 3) { } }'), 'fn f() { if (x == 3) { } }');
  });

  test('words that C has before a type', () => {
    inFile('struct a { lock: const struct mutex; n: unsigned int }', '                 ^^^^^ error: no `const` before a type', '                       ^^^^^^ error: no `struct` before a type', '                                        ^^^^^^^^ error: `unsigned int` is written `u32` here');
    assert.equal(fixed('struct a { n: unsigned int }'), 'struct a { n: u32 }');
    assert.equal(fixed('struct a { l: struct mutex }'), 'struct a { l: mutex }');
  });

  test('groupings that C and Rust read differently', () => {
    inFunction('x = a & b == c', '        ^^^^^^ error: C and Rust group `==` and `&` differently: write the parentheses');
    inFunction('x = a < b < c', '    ^^^^^ error: comparisons do not chain: write the parentheses');
    inFunction('x = a & (b == c) && (a < b) < c', '');
    assert.equal(fixed('fn f() { x = a == b | c == d }'), 'fn f() { x = (a == b) | (c == d) }');
  });

  test('places', () => {
    inFile('init { }', '^^^^ error: `init` stands in a module');
    inFile('module nova { process a { } }', '              ^^^^^^^ error: `process` cannot stand in a module');
    inFile('use pci', 'scenario b', '^^^^^^^^ error: `scenario` comes first in its file');
    inFile('scenario a', 'library b', '^^^^^^^ error: a file is one scenario or one library');
    inFile('foo(bar)', '^^^ error: a call stands in a function or a process, not in a file');
    inFile('> quoted "', '^ error: a quoted line stands in a claim: `claim "..." { > ... }`', 'use pci');
    inFunction('if a { undo x: b() }', '       ^^^^ error: `undo` sections stand last in a function, outside its blocks');
    inFunction('else { }', '^^^^ error: this `else` has no `if` or `with` before it');
    inFunction('with f()? goto x { }', '               ^ error: no `goto` here: `with` takes `?`, or an `else` that says what happens instead');
  });

  test('nonsense next to nonsense has one message', () => {
    inFile('module nova {', '  foo bar baz', '  ^^^ error: a declaration expected, found `foo`', '  more junk (here', '  fn ok() { }', '}');
    inFile('ops f: t {', '  foo bar', '  ^^^ error: an entry of the table expected (`name(...) { }` or `name = value`), found `foo`', '  § "', '  owner = nova', '}');
  });

  test('single tokens', () => {
    inFunction('x = "abc', '    ^ error: this string does not end on its line: `"` is missing');
    inFunction('f("abc)', '  ^ error: this string does not end on its line: `"` is missing');
    inFunction('x = 10min', '      ^^^ error: `min` is no unit: durations are written `2s`, `10ms`, `5us`, `32ns`');
    inFunction('x = §', '    ^ error: `§` means nothing here');
    inFile('use pci', '/* open', '^^ error: this comment never ends: `*/` is missing', 'use misc');
  });
});

suite('braces that do not pair up', () => {
  test('a `}` is missing: the block that was left open is named', () => {
    inFile('module m {', '  fn f() {', '         ^ error: this `{` is never closed', '    if x {', '      a()', '    }', '', '  fn g() { }', '}', 'process p { }');
    inFile('fn f() {', '  if x {', '       ^ error: this `{` is never closed', '    a()', '  b()', '}', 'fn g() { }');
    inFile('fn f() {', '  if x {', '       ^ error: this `{` is never closed', '    a()', '  else {', '    b()', '  }', '}');
    const { file } = parse('module m {\n  fn f() {\n    a()\n\n  fn g() { }\n}\nprocess p { }');
    assert.deepEqual(file.declarations.map((d) => d.kind), ['module', 'process']);
  });

  test('a `}` too many', () => {
    inFile('fn f() {', '  a()', '    }', '    ^ error: this `}` closes nothing', '  b()', '}', 'fn g() { }');
    inFile('use pci', '}', '^ error: this `}` closes nothing', '}');
  });

  test('a line with a `{` is missing', () => {
    inFile('module m {', '  struct t { }', '', '    let t = 1', '    ^^^ error: a line that ends with `{` is missing before `let`', '    f(t)?', '    return 0', '  }', '', '  fn g() { }', '}');
    inFile('use pci', '', '  struct t { }', '  ^^^^^^ error: a line that ends with `{` is missing before `struct`', '  init { }', '}', 'process p { }');
  });

  test('only the `{` is missing', () => {
    inFile('module m', '       ^ error: `{` of `module` expected after `m`', '  init { }', '}');
    inFile('fn f() {', '  if x', '     ^ error: `{` of `if` expected after `x`', '    a()', '  }', '  b()', '}');
    inFile('process app close(fd) }', '            ^^^^^ error: `{` of `process` expected, found `close`', 'use pci');
  });

  test('an interleaving table that is never closed ends where the next thing begins', () => {
    inFile('interleaving "race" {', '                    ^ error: this `{` is never closed', '  CPU0 {', '  b()', 'expect leak');
  });
});

suite('limits', () => {
  test('nesting ends in a message, not in an exhausted stack', () => {
    for (const [before, piece] of [['x: ', 'ref '], ['fn f() { x = ', '('], ['fn f() { x = ', '!'], ['fn f() { x = a', '.a'], ['fn f() { x = a', ' + a'], ['fn f() { ', 'if x { '], ['fn f() { if x { }', ' else if x { }'], ['', 'if x { '], ['ops f: t { ', 'if x { ']]) {
      const { errors } = parse(before + piece.repeat(100_000));
      assert.equal(errors[0]?.message, 'nested more than 250 deep: what follows is not read', before + piece);
      assert.equal(errors.length, 1);
    }
  });

  test('a file has at most 200 messages', () => {
    assert.equal(parse('fn f() { x = § }\n'.repeat(1000)).errors.length, 200);
  });
});

test('every code is said once, in full', () => {
  const all = Object.values(codes);
  assert.equal(new Set(all.map((c) => c.code)).size, all.length);
  for (const { code, title, explanation } of all) {
    assert.match(code, /^[a-z]+(-[a-z]+)*$/);
    assert(title.length > 0 && explanation.length > 0, code);
  }
});
