// Walking trees, finding the node at a cursor, and the nearest word.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nearest } from '../../server/src/base/nearest.ts';
import { KEYWORDS, keyword, keywordsAt } from '../../server/src/syntax/keywords.ts';
import { parse } from '../../server/src/syntax/parser.ts';
import { children, type Node, nodeAt, pathAt, walk } from '../../server/src/syntax/visit.ts';
import { SCENARIO } from './examples.ts';

/** The kinds around the `$0` in a text. */
function around(marked: string): string[] {
  const at = marked.indexOf('$0');
  return pathAt(parse(marked.replace('$0', '')).file, at).map((n) => n.kind);
}

suite('visit', () => {
  test('the path to a cursor, behind a word too, and in a hole', () => {
    assert.deepEqual(around('fn f() {\n  g(a.b$0)\n}'), ['file', 'fn', 'block', 'expression', 'call', 'field', 'name']);
    assert.deepEqual(around('fn f() {\n  $0g(a)\n}'), ['file', 'fn', 'block', 'expression', 'call', 'name']);
    assert.deepEqual(around('fn f() {\n  t.$0\n}'), ['file', 'fn', 'block', 'expression', 'field', 'name']);
    assert.deepEqual(around('fn f() {\n $0 \n}'), ['file', 'fn', 'block']);
    assert.deepEqual(around('param p in {a, b$0}'), ['file', 'param', 'name']);
    assert.deepEqual(around('expect use-after-$0free in f.g'), ['file', 'expect', 'name']);
    assert.deepEqual(around('module m { struct t { a: ref T$0 } }'), ['file', 'module', 'struct', 'field', 'ref', 'named', 'path', 'name']);
  });

  test('children stand in the order of the text, whatever the order of the properties', () => {
    const { file } = parse('expect leak by a of b in c');
    assert.deepEqual(children(file.declarations[0]).map((n) => n.start), [7, 15, 20, 25]);
  });

  test('walk visits every node once, and leaves out what it is told to', () => {
    const { file } = parse(SCENARIO);
    const all: Node[] = [];
    walk(file, (node) => void all.push(node));
    assert.equal(new Set(all).size, all.length);
    const outside: string[] = [];
    walk(file, (node) => {
      outside.push(node.kind);
      return node.kind !== 'module';
    });
    assert(!outside.includes('ops') && outside.includes('process'));
    assert.equal(nodeAt(file, SCENARIO.indexOf('readl') + 2).kind, 'name');
  });
});

test('the nearest word', () => {
  const words = ['misc_register', 'misc_deregister', 'readl', 'writel', 'if'];
  assert.equal(nearest('misc_deregster', words), 'misc_deregister');
  assert.equal(nearest('raedl', words), 'readl');
  assert.equal(nearest('MISC_REGISTER', words), 'misc_register');
  assert.equal(nearest('x', words), null);
  assert.equal(nearest('of', words), null);
  assert.equal(nearest('something_else', words), null);
  assert.equal(nearest('readl', words), null, 'the word itself is no correction');
});

test('every keyword has one line of documentation', () => {
  assert.equal(new Set(KEYWORDS.map((k) => k.word)).size, KEYWORDS.length);
  for (const k of KEYWORDS) assert(k.doc.endsWith('.') && k.doc.length < 140 && !k.doc.includes('\n'), k.word);
  assert.equal(keyword('module')?.word, 'module');
  assert.equal(keyword('mutex'), null);
  assert(keywordsAt('statement').includes('wait') && !keywordsAt('statement').includes('module'));
});
