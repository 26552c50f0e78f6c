// Tokens, comments and what is wrong with single tokens.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { durationValue, integerValue, Lexer, stringValue } from '../../server/src/syntax/lexer.ts';

function tokens(text: string): string[] {
  const lexer = new Lexer(text);
  const found: string[] = [];
  for (let t = lexer.next(); t.kind !== 'end'; t = lexer.next()) found.push(`${t.first ? '|' : ''}${t.kind === t.text ? '' : `${t.kind} `}${t.text}`);
  return found;
}

suite('lexer', () => {
  test('words, numbers, durations, strings', () => {
    assert.deepEqual(tokens('nova x3 _a 0x9400 1_000 2s 10ms 5us 32ns "a\\"b"'), [
      '|word nova', 'word x3', 'word _a', 'integer 0x9400', 'integer 1_000', 'duration 2s', 'duration 10ms', 'duration 5us', 'duration 32ns', 'string "a\\"b"',
    ]);
  });

  test('the longest punctuation wins, and a range is no decimal point', () => {
    assert.deepEqual(tokens('0..7 a<<=b a->b a&&b a&b'), [
      '|integer 0', '..', 'integer 7', 'word a', '<<', '=', 'word b', 'word a', '->', 'word b', 'word a', '&&', 'word b', 'word a', '&', 'word b',
    ]);
  });

  test('a token knows whether it is the first on its line, behind comments too', () => {
    assert.deepEqual(tokens('a b // c\nd /* e */ f /* g\n */ h\r\ni'), ['|word a', 'word b', '|word d', 'word f', '|word h', '|word i']);
  });

  test('values', () => {
    assert.equal(integerValue('0xffff_ffff_ffff_ffff'), (1n << 64n) - 1n);
    assert.equal(durationValue('2s'), 2_000_000_000n);
    assert.equal(durationValue('1_0ms'), 10_000_000n);
    assert.equal(stringValue('"a\\n\\"\\\\"'), 'a\n"\\');
    assert.equal(stringValue('"open'), 'open');
  });

  test('doc comments: the run directly before a token, blank lines end a run, trailing ones are none', () => {
    const docs = (text: string) => {
      const lexer = new Lexer(text);
      const found: (string | null)[] = [];
      for (let t = lexer.next(); t.kind !== 'end'; t = lexer.next()) found.push(t.doc);
      return found;
    };
    assert.deepEqual(docs('/// one\n///  two\nfn'), ['one\n two']);
    assert.deepEqual(docs('/// one\n\n/// two\nfn'), ['two']);
    assert.deepEqual(docs('a /// trailing\nb'), [null, null]);
    assert.deepEqual(docs('/// one\n// plain\nb'), [null]);
    assert.deepEqual(docs('//// rule\nb'), [null]);
  });

  test('problems point at the part that is wrong', () => {
    const problem = (text: string) => {
      const { problem: p } = new Lexer(text).next();
      return p === null ? null : `${p.span.start}-${p.span.end} ${p.message}`;
    };
    assert.equal(problem('"abc\n'), '0-1 this string does not end on its line: `"` is missing');
    assert.equal(problem('10min'), '2-5 `min` is no unit: durations are written `2s`, `10ms`, `5us`, `32ns`');
    assert.equal(problem('0x'), '0-2 `0x` is no hexadecimal number');
    assert.equal(problem('0x1_0000_0000_0000_0000'), '0-23 `0x1_0000_0000_0000_0000` does not fit into 64 bits');
    assert.equal(problem('0644'), '0-4 `0644` begins with 0: there are no octal numbers');
    assert.equal(problem('"a" /* b'), null);
    assert.equal(problem('/* b'), '0-2 this comment never ends: `*/` is missing');
    assert.equal(problem('\u00a7\u00a7 a'), '0-2 `\u00a7\u00a7` means nothing here');
    assert.equal(problem("'a'"), '0-3 strings stand in double quotes');
    assert.equal(problem('\u0000'), '0-1 `U+0000` means nothing here');
  });
});
