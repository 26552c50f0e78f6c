// The formatter: what it does to examples, and what it never does.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parse } from '../../server/src/syntax/parser.ts';
import { format } from '../../server/src/syntax/printer.ts';
import { EXAMPLES } from './examples.ts';
import { programs } from './programs.ts';
import { show } from './show.ts';

function becomes(before: string, after: string): void {
  assert.equal(format(before), after);
  assert.equal(format(after), after, 'formatting again changes nothing');
}

suite('formatter', () => {
  test('what is formatted stays as it is', () => {
    for (const [name, text] of Object.entries(EXAMPLES)) assert.equal(format(text), text, name);
  });

  test('indentation and spaces', () => {
    becomes(
      'module nova{\n      init{a( b ,c );return -1}\n\n\n\n\tfn f ( a:ref T , b )->int {\nif(a.n&1)==2{ x=-y }else   {x+=!z as u32}\n}\n}',
      'module nova {\n  init { a(b, c); return -1 }\n\n  fn f(a: ref T, b) -> int {\n    if (a.n & 1) == 2 { x = -y } else { x += !z as u32 }\n  }\n}\n',
    );
    becomes('fn f() {\na() ?goto out\nwith  m (x) ? {b( )}\nwait until(x)  killable timeout  2s ?\n}', 'fn f() {\n  a()? goto out\n  with m(x)? { b() }\n  wait until (x) killable timeout 2s?\n}\n');
    becomes('param p in { a,b }\nparam q in 1 .. 3\nstruct T [ 8 ] { }\nenum e {a,b}', 'param p in {a, b}\nparam q in 1..3\nstruct T[8] { }\nenum e { a, b }\n');
    becomes('fn f() {\n- -x\n a(- 1, ! b)\n}', 'fn f() {\n  - -x\n  a(-1, !b)\n}\n');
  });

  test('a block of several lines begins and ends at a line of its own; one without anything is `{ }`', () => {
    becomes('fn f() { a()\n  b() }\ninit: int\nfn g() {\n\n}\nfn h() { // c\n  }', 'fn f() {\n  a()\n  b()\n}\ninit: int\nfn g() { }\nfn h() { // c\n}\n');
  });

  test('`;` only between statements of one line; at most one blank line, none at the edges of a block', () => {
    becomes('\n\nfn f() {\n\n  a();\n;\n\n\n\n  b(); c();;\n  ; d() ;\n\n}\n\n\n', 'fn f() {\n  a()\n\n  b(); c()\n  d()\n}\n');
  });

  test('lines that go on are indented by four', () => {
    becomes('fn f() {\nx = a +\nb\nmisc_register(t.misc,\n"timer",\ntimer_fops\n)?\n}\nuse pci,\nmisc', 'fn f() {\n  x = a +\n      b\n  misc_register(t.misc,\n      "timer",\n      timer_fops\n  )?\n}\nuse pci,\n    misc\n');
  });

  test('`undo` stands where a label stands in C', () => {
    becomes('fn f() {\na()? goto out\n  undo out:\nb()\n}', 'fn f() {\n  a()? goto out\nundo out:\n  b()\n}\n');
  });

  test('columns: types of fields, clauses of expectations, braces of one-line processes', () => {
    becomes('struct t {\n  a: int\n  /// doc\n  long_name:   ref T\n\n  b: int\n}', 'struct t {\n  a:         int\n  /// doc\n  long_name: ref T\n\n  b: int\n}\n');
    becomes('expect leak in f\nexpect no use-after-free of T\nexpect deadlock', 'expect leak              in f\nexpect no use-after-free of T\nexpect deadlock\n');
    becomes('process app { a() }\nprocess administrator { b() }\nhardware { unplug(gpu) }', 'process app           { a() }\nprocess administrator { b() }\nhardware              { unplug(gpu) }\n');
  });

  test('comments stay where they are; those at line ends keep a common column while there is room', () => {
    becomes('fn f() {\n      a()     // one\n      bb()    // two\n// own\nc() // three\ndddddd() // four\n}', 'fn f() {\n  a()     // one\n  bb()    // two\n  // own\n  c()       // three\n  dddddd()  // four\n}\n');
    becomes('/*\n * head\n */\nfn f( /* none */ ) { a(/* x */b) }', '/*\n * head\n */\nfn f(/* none */) { a(/* x */ b) }\n');
    becomes('fn f() {\n  {\n}'.replace('  {\n', '  /* a\n     b */\n  x()\n'), 'fn f() {\n  /* a\n     b */\n  x()\n}\n');
  });

  test('raw text stays raw', () => {
    becomes('interleaving  "t"{\n CPU0      CPU1\n   a {\n }\n\n\n   }', 'interleaving "t" {\n CPU0      CPU1\n   a {\n }\n\n\n   }\n');
    becomes('claim "c" {\n      > a   b  \n>c\n  cite   <a@b>\n}', 'claim "c" {\n  > a   b\n  >c\n  cite <a@b>\n}\n');
  });

  test('CRLF stays CRLF, and a file with errors stays as it is', () => {
    assert.equal(format('use   pci\r\nuse misc'), 'use pci\r\nuse misc\r\n');
    assert.equal(format('use   pci\nfn {'), 'use   pci\nfn {');
    assert.equal(format(''), '');
    assert.equal(format('\n\n// only\n'), '// only\n');
  });

  test('shipped files are formatted', () => {
    const wrong = files('scenarios').concat(files('server/library')).filter((file) => {
      const text = readFileSync(file, 'utf8');
      return format(text) !== text && parse(text).errors.length === 0;
    });
    assert.deepEqual(wrong, []);
  });
});

suite('formatter, for every program', () => {
  const shape = (source: string) => show(parse(source.replace(/\r\n/g, '\n')).file);
  const comments = (source: string) => {
    const text = source.replace(/\r\n/g, '\n');
    const parsed = parse(text);
    return parsed.comments.map((c) => text.slice(c.start, c.end).split('\n').map((line) => line.trim()).join('\n'));
  };

  test('the generator writes sound programs', () => {
    fc.assert(fc.property(programs, (text) => assert.deepEqual(parse(text).errors.map((e) => e.message), [])), { numRuns: 300, seed: 1 });
  });

  test('it changes neither the tree nor the comments', () => {
    fc.assert(
      fc.property(programs, (text) => {
        const formatted = format(text);
        assert.equal(shape(formatted), shape(text));
        assert.deepEqual(comments(formatted), comments(text));
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  test('once is enough, and no line ends in white space', () => {
    fc.assert(
      fc.property(programs, (text) => {
        const formatted = format(text);
        assert.equal(format(formatted), formatted);
        assert.doesNotMatch(formatted.replace(/interleaving "t" \{[^}]*\}/g, 'table'), /[ \t]\r?$/m);
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.lifeline'))
    .map((name) => `${folder}/${name}`);
}
