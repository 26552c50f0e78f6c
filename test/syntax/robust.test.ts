// Parsing never fails and never throws, whatever the text; everything in the result points into the text.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Span } from '../../server/src/base/span.ts';
import { type Parsed, parse } from '../../server/src/syntax/parser.ts';
import { format } from '../../server/src/syntax/printer.ts';
import { walk } from '../../server/src/syntax/visit.ts';
import { EXAMPLES } from './examples.ts';
import { programs } from './programs.ts';

const texts: Readonly<Record<string, string>> = { ...EXAMPLES, ...shipped('scenarios'), ...shipped('server/library') };

suite('any text', () => {
  test('cut at every offset', () => {
    for (const [name, text] of Object.entries(texts)) {
      // The examples have every construct; of the many shipped files a sample will do here.
      const step = name in EXAMPLES ? 1 : 11;
      for (let i = 0; i <= text.length; i += step) sound(text.slice(0, i), `${name} up to ${i}`);
    }
  });

  test('without its beginning, from every offset', () => {
    for (const [name, text] of Object.entries(EXAMPLES)) for (let i = 0; i <= text.length; i++) sound(text.slice(i), `${name} from ${i}`);
  });

  test('every line deleted in turn, with few messages', () => {
    for (const [name, text] of Object.entries(texts)) {
      const lines = text.split('\n');
      for (let i = 0; i < lines.length; i++) {
        const { errors } = sound(lines.toSpliced(i, 1).join('\n'), `${name} without line ${i + 1}`);
        assert(errors.length <= 2, `${name} without line ${i + 1} (${lines[i]}): ${errors.map((e) => e.message).join('; ')}`);
      }
    }
  });

  test('every character deleted in turn', () => {
    for (const [name, text] of Object.entries(EXAMPLES)) for (let i = 0; i < text.length; i++) sound(text.slice(0, i) + text.slice(i + 1), `${name} without ${i}`);
  });

  test('any sequence of tokens', () => {
    const pieces = fc.constantFrom(...'{ } ( ) [ ] , ; : . .. ? ! = == < > - -> ++ & * "s" "open 1 2s 0x x3 a § /* // > \n'.split(' '), '\n', '\n  ', 'expect', 'no', 'claim', 'cite', 'interleaving', 'if', 'else', 'either', 'or', 'let', 'fn', 'module', 'struct', 'ops', 'process', 'wait', 'until', 'with', 'undo', 'for', 'in', 'new', 'as', 'ref', 'param');
    fc.assert(fc.property(fc.array(pieces, { maxLength: 80, size: 'max' }), (list) => void sound(list.join(' '), list.join(' '))), { numRuns: 2000, seed: 1 });
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => void sound(text, text)), { numRuns: 500, seed: 1 });
  });

  test('sound programs with a few characters changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(10_000), fc.constantFrom('', '{', '}', '(', ')', '"', '\n', ' ', '>', '/*', '?')), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(programs, changes, (text, list) => {
        const changed = list.reduce((t, [at, piece]) => t.slice(0, at % (t.length + 1)) + piece + t.slice((at % (t.length + 1)) + 1), text);
        sound(changed, changed);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

/** Checks what holds for every text. */
function sound(text: string, name: string): Parsed {
  const parsed = parse(text);
  const inside = (outer: Span, inner: Span) => outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end;
  const whole = { start: 0, end: text.length };
  for (const error of parsed.errors) assert(inside(whole, error.span), `${error.message} points outside: ${name}`);
  walk(parsed.file, (node, parent) => assert(inside(parent ?? whole, node), `${node.kind} sticks out of ${parent?.kind}: ${name}`));
  let end = 0;
  for (const token of parsed.tokens) {
    assert(token.start >= end, `tokens overlap: ${name}`);
    end = token.end;
  }
  if (parsed.errors.length > 0) assert.equal(format(text), text, name);
  return parsed;
}

function shipped(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.lifeline'));
  return Object.fromEntries(names.sort().map((name) => [`${folder}/${name}`, readFileSync(`${folder}/${name}`, 'utf8')]));
}
