// What the grammar makes of sound text.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse } from '../../server/src/syntax/parser.ts';
import { EXAMPLES } from './examples.ts';
import { declarations, show, statements } from './show.ts';

suite('parser: where a statement ends', () => {
  test('the `}` of a body ends its statement; a misspelt `else` behind it is none', () => {
    assert.equal(statements('if a { b() } return 0').length, 2);
    assert.equal(statements('with lock(m) { } with lock(m) { f() } else { g() } loop { } f()').length, 4);
    const messages = (text: string) => parse(`fn f() { ${text} }`).errors.map((e) => e.message);
    assert.deepEqual(messages('if a { b() } return 0'), []);
    assert.deepEqual(messages('if a { b() } elze { c() }'), ['`elze` means nothing here: did you mean `else`?']);
    assert.match(messages('f() g()')[0], /unexpected `g`/);
  });
  test('so it does with declarations, and with entries of a table', () => {
    assert.deepEqual(parse('module m { init { } exit { } fn f() { } }').errors, []);
    assert.deepEqual(parse('driver d: pci_driver { probe(dev) { } remove(dev) { } }').errors, []);
    assert.match(parse('ops o: file_operations { owner = m read(file) { } }').errors[0].message, /unexpected `read`: an entry ends with its line/);
  });
});

suite('parser: declarations', () => {
  test('whole files have no errors, and every token is accounted for', () => {
    for (const [name, text] of Object.entries(EXAMPLES)) {
      const { errors, tokens, comments } = parse(text);
      assert.deepEqual(errors, [], name);
      const pieces = [...tokens, ...comments].sort((a, b) => a.start - b.start || a.end - b.end);
      let at = 0;
      for (const piece of pieces) {
        assert.match(text.slice(at, piece.start), /^\s*$/, name);
        at = piece.end;
      }
    }
  });

  test('header', () => {
    const { file } = parse('/// What for.\nscenario naked_misc "BAR unmapped"\nuse pci');
    assert.equal(file.header && show(file.header), '(scenario naked_misc "BAR unmapped" "What for.")');
    assert.equal(parse('library fenced').file.header?.kind, 'library');
    assert.equal(parse('use pci').file.header, null);
  });

  test('use: libraries and files, going on behind a comma', () => {
    assert.deepEqual(declarations('use driver_core, pci,\n  "./my_core.lifeline"'), ['(use [driver_core pci "./my_core.lifeline"])']);
  });

  test('cite is raw up to its `>`', () => {
    assert.deepEqual(declarations('cite <20250227142349.GD39591@nvidia.com>'), ['(cite 20250227142349.GD39591@nvidia.com)']);
    assert.deepEqual(declarations('cite <a//b"{-}@x>  // comment'), ['(cite a//b"{-}@x)']);
    assert.deepEqual(declarations('cite https://lore.kernel.org/r/1@x/'), ['(cite https://lore.kernel.org/r/1@x/)']);
  });

  test('claim: quoted lines are raw, expects are not', () => {
    assert.deepEqual(declarations('claim "it holds" {\n  cite <a@b>\n  > it\'s { "raw /* \n> > and deeper\n  >>= too\n  expect no leak\n}'), [
      '(claim "it holds" [(cite a@b)] [(quote " it\'s { \\"raw /*") (quote " > and deeper") (quote ">= too")] [(expect no leak)])',
    ]);
  });

  test('expect: a verdict is one token, everywhere else `-` is minus', () => {
    assert.deepEqual(declarations('expect no use-after-free in timer_fops.ioctl of timer_dev by app when fence == srcu && n-1 > 0'), [
      '(expect no use-after-free in: timer_fops.ioctl of: timer_dev by: app when: (binary && (binary == fence srcu) (binary > (binary - n 1) 0)))',
    ]);
    assert.deepEqual(declarations('expect leak\nexpect deadlock by a'), ['(expect leak)', '(expect deadlock by: a)']);
    assert.deepEqual(declarations('expect no-such'), ['(expect no-such)']);
  });

  test('assume, guard, const, enum', () => {
    assert.deepEqual(declarations('assume app closes on POLLHUP\nassume app closes'), ['(assume app closes POLLHUP)', '(assume app closes)']);
    assert.deepEqual(declarations('guard drm_dev_enter, drm_dev_exit'), ['(guard drm_dev_enter drm_dev_exit)']);
    assert.deepEqual(declarations('const N = 4 + 1\nenum state { idle, busy,\n gone }'), ['(const N (binary + 4 1))', '(enum state [idle busy gone])']);
  });

  test('interleaving: the table is raw, with its braces balanced', () => {
    assert.deepEqual(declarations('interleaving "race" {\n CPU0 { \'\n }  "\n}\nexpect leak'), ['(interleaving "race" "\\n CPU0 { \'\\n }  \\"\\n")', '(expect leak)']);
  });

  test('param: names, bool, range', () => {
    assert.deepEqual(declarations('param fence in {none, srcu}\nparam fast in bool\nparam n in 1..MAX - 1'), [
      '(param fence {names [none srcu]})', '(param fast {bool})', '(param n {range 1 (binary - MAX 1)})',
    ]);
  });

  test('struct: fields, pools, other names; any word can be a field', () => {
    assert.deepEqual(declarations('struct T[8] {\n  /// doc\n  a: mutex; b: ref list ref T\n  free: fn(ref file, int) -> ref any\n  in: 0..N\n}\nstruct pci_dev = device'), [
      '(struct T 8 [(field a mutex "doc") (field b (ref (list of: (ref T)))) (field free (fnType [(ref file) int] returns: (ref any))) (field in (rangeType 0 N))])',
      '(struct pci_dev device)',
    ]);
  });

  test('ops and driver: methods, values, selection', () => {
    assert.deepEqual(declarations('ops f: file_operations {\n  owner = nova\n  ioctl(file, n: int) -> int { return n }\n  if fence == srcu { free(x) { } } else if n { } else { free = null }\n}'), [
      '(ops ops f file_operations [(value owner nova) (method ioctl [(parameter file) (parameter n int)] returns: int (block [(return n)])) ' +
        '(ifEntries (binary == fence srcu) [(method free [(parameter x)] (block))] [(ifEntries n [(value free null)])])])',
    ]);
  });

  test('module: what it holds; declaration words are names before a colon', () => {
    assert.deepEqual(declarations('module nova unloaded {\n  lock: mutex\n  ops: ref ops\n  let n = 0\n  let head: ref T = null\n  init { }\n  exit { }\n  if fast { x: int } else { fn g() { } }\n}'), [
      '(module nova unloaded [(variable lock mutex) (variable ops (ref ops)) (variable n 0) (variable head (ref T) null) (init (block)) (exit (block)) ' +
        '(ifDeclaration fast [(variable x int)] [(fn g (block))])])',
    ]);
  });

  test('time, ptimer, config', () => {
    assert.deepEqual(declarations('config { DEBUG_SHIRQ = y }'), ['(settings config [(setting DEBUG_SHIRQ y)])']);
    assert.deepEqual(declarations('time { mmio = 1us, preempt = none }'), ['(settings time [(setting mmio 1000ns) (setting preempt none)])']);
    assert.deepEqual(declarations('time { mmio = 300ns..2 * 1us; preempt = 4us each }'), ['(settings time [(setting mmio 300ns (binary * 2 1000ns)) (setting preempt 4000ns)])']);
    assert.deepEqual(declarations('ptimer of gpu {\n  counter = 2 + 3\n  /// coarse\n  grain = 1us; alarm = level\n}'), [
      '(settings ptimer of: gpu [(setting counter (binary + 2 3)) (setting grain 1000ns "coarse") (setting alarm level)])',
    ]);
  });

  test('device, process, hardware', () => {
    assert.deepEqual(declarations('device gpu: pci_dev binds nova.timer_driver, nova.other unbound\ndevice d: device\nprocess app x3 { close(fd) }\nhardware { unplug(gpu) }'), [
      '(device gpu pci_dev [nova.timer_driver nova.other] unbound)', '(device d device)',
      '(process app 3 (block [(expression (call close [fd]))]))', '(hardware (block [(expression (call unplug [gpu]))]))',
    ]);
  });
});

suite('parser: statements', () => {
  test('a statement ends at a newline, `;` or `}`', () => {
    assert.deepEqual(statements('a(); b()\nc = 1;;\n d += 2'), [
      '(expression (call a))', '(expression (call b))', '(assign c = 1)', '(assign d += 2)',
    ]);
  });

  test('a line goes on inside parentheses, behind an operator, behind a comma, and not before one', () => {
    assert.deepEqual(statements('a(b,\n  c\n)\nd = e +\n  f\n(g)\n-h'), [
      '(expression (call a [b c]))', '(assign d = (binary + e f))', '(expression g)', '(expression (unary - h))',
    ]);
  });

  test('declaration and clause words are names', () => {
    assert.deepEqual(statements('let ops = d.ops\nlet loop = wait\nuse = module + timeout\nin(x)'), [
      '(let ops (field d ops))', '(let loop wait)', '(assign use = (binary + module timeout))', '(expression (call in [x]))',
    ]);
  });

  test('control flow', () => {
    assert.deepEqual(statements('if a { b() } else if c { d() } else { }\nwhile a { break }\nloop { continue }\nfor f in d.files { return }\nreturn -EINVAL'), [
      '(if a (block [(expression (call b))]) else: (if c (block [(expression (call d))]) else: (block)))',
      '(while a (block [break]))', '(loop (block [continue]))', '(for f (field d files) (block [(return)]))', '(return (unary - EINVAL))',
    ]);
  });

  test('with: the `?` before the brace, or an else', () => {
    assert.deepEqual(statements('with mutex_lock(m) { }\nwith down_read(s)? { }\nwith drm_dev_enter(d) { } else { return -ENODEV }'), [
      '(with (call mutex_lock [m]) (block))', '(with (call down_read [s]) question (block))',
      '(with (call drm_dev_enter [d]) (block) else: (block [(return (unary - ENODEV))]))',
    ]);
  });

  test('wait: a `?` at its end belongs to it', () => {
    assert.deepEqual(statements('wait until d.n == 0\nwait until d.n == 0?\nwait until f(x?) killable?\nwait until ok interruptible timeout 2s? goto out'), [
      '(wait (binary == (field d n) 0) uninterruptible)', '(wait (binary == (field d n) 0) uninterruptible question)',
      '(wait (call f [(try x)]) killable question)', '(wait ok interruptible timeout: 2000000000ns question goto: out)',
    ]);
  });

  test('either, atomic, assert, free, label, thread, fork', () => {
    assert.deepEqual(statements('either { return -ENOMEM } or { } or { a() }\natomic { a = 1; b = 2 }\nassert a == b, "why"\nassert (a) == (b)\nfree t\nfree(t)\nhere:\nthere: a()\nthread one { }\nfork { }'), [
      '(either [(block [(return (unary - ENOMEM))]) (block) (block [(expression (call a))])])', '(atomic (block [(assign a = 1) (assign b = 2)]))',
      '(assert (binary == a b) "why")', '(assert (binary == a b))', '(free t)', '(free t)', '(label here)', '(label there)', '(expression (call a))', '(thread one (block))', '(fork (block))',
    ]);
  });

  test('undo sections stand last', () => {
    assert.deepEqual(statements('a()? goto one\nreturn 0\nundo one:\n  b()\n  c()\nundo two: d()'), [
      '(expression (try (call a) goto: one))', '(return 0)',
      '(undo one [(expression (call b)) (expression (call c))])', '(undo two [(expression (call d))])',
    ]);
  });
});

suite('parser: expressions', () => {
  const expression = (source: string) => statements(`x = ${source}`)[0].replace(/^\(assign x = (.*)\)$/, '$1');

  test('precedence is that of C', () => {
    assert.equal(expression('a || b && c | d ^ e & f << g + h * i'), '(binary || a (binary && b (binary | c (binary ^ d (binary & e (binary << f (binary + g (binary * h i))))))))');
    assert.equal(expression('a - b - c'), '(binary - (binary - a b) c)');
    assert.equal(expression('(a & b) == c'), '(binary == (binary & a b) c)');
    assert.equal(expression('-a as u32 + !b.c'), '(binary + (cast (unary - a) u32) (unary ! (field b c)))');
  });

  test('postfix: fields, calls, `?`', () => {
    assert.equal(expression('a.b(c, d?)?.e'), '(field (try (call (field a b) [c (try d)])) e)');
    assert.equal(expression('(t as ref T).free'), '(field (cast t (ref T)) free)');
    assert.equal(expression('new timer_dev'), '(new timer_dev)');
    assert.equal(expression('f(true, null, "s", 0x10, 5us)'), '(call f [true null "s" 16 5000ns])');
  });

  test('spans: a node covers its text, parentheses belong to what is around them', () => {
    const text = 'fn f() { x = (a + b).c(d)? }';
    const fn = parse(text).file.declarations[0];
    assert(fn.kind === 'fn');
    const assign = fn.body.statements[0];
    assert(assign.kind === 'assign' && assign.value.kind === 'try' && assign.value.value.kind === 'call' && assign.value.value.callee.kind === 'field');
    const at = (span: { start: number; end: number }) => text.slice(span.start, span.end);
    assert.equal(at(assign), 'x = (a + b).c(d)?');
    assert.equal(at(assign.value), '(a + b).c(d)?');
    assert.equal(at(assign.value.value.callee), '(a + b).c');
    assert.equal(at(assign.value.value.callee.object), 'a + b');
    assert.equal(at(fn.body), '{ x = (a + b).c(d)? }');
    assert.equal(at(fn), text);
  });
});
