// The TextMate grammar colours what the lexer and the parser see: checked word by word on files that have every construct.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { KEYWORDS, RESERVED } from '../../server/src/syntax/keywords.ts';
import { parse } from '../../server/src/syntax/parser.ts';
import { walk } from '../../server/src/syntax/visit.ts';
import { EXAMPLES } from './examples.ts';
import { type Grammar, scopes } from './textmate.ts';

const grammar = JSON.parse(readFileSync('syntaxes/lifeline.tmLanguage.json', 'utf8')) as Grammar;
const configuration = JSON.parse(readFileSync('syntaxes/language-configuration.json', 'utf8')) as {
  readonly comments: { readonly lineComment: string; readonly blockComment: readonly string[] };
  readonly wordPattern: string;
  readonly brackets: readonly (readonly string[])[];
};

const KEYWORD = /^(keyword\.(control|declaration|other)|keyword\.operator\.word|storage\.|constant\.language\.lifeline)/;

/** What the parser takes a word for: the names are all in the tree. */
function wordRoles(text: string): { readonly start: number; readonly text: string; readonly isKeyword: boolean }[] {
  const { file, tokens } = parse(text);
  const names = new Set<number>();
  // In the tree a name, so that a later grammar can have others.
  const clauses = new Set<number>();
  walk(file, (node) => {
    if (node.kind === 'name') names.add(node.start);
    if (node.kind === 'assume') clauses.add(node.action.start);
    if (node.kind === 'param' && node.domain.kind === 'names') for (const name of node.domain.names) names.add(name.start);
  });
  return tokens.filter((t) => t.kind === 'word').map((t) => ({ start: t.start, text: t.text, isKeyword: (!names.has(t.start) || clauses.has(t.start)) && t.text !== 'bool' && !/^x\d+$/.test(t.text) }));
}

suite('TextMate grammar', () => {
  test('every word is a keyword there exactly where the parser takes it for one', () => {
    for (const [name, text] of Object.entries(EXAMPLES)) {
      const painted = scopes(grammar, text);
      for (const { start, text: word, isKeyword } of wordRoles(text)) {
        const line = text.slice(text.lastIndexOf('\n', start - 1) + 1).split('\n')[0];
        assert.equal(painted[start].some((s) => KEYWORD.test(s)), isKeyword, `${word} in ${line} of ${name}: ${painted[start].join(' ')}`);
      }
    }
  });

  test('raw text, strings, numbers and comments have their scopes from end to end', () => {
    const expected: Readonly<Record<string, RegExp>> = {
      string: /^string\.quoted/, integer: /^constant\.numeric/, duration: /^constant\.numeric/, verdict: /^constant\.language\.verdict/,
      id: /^markup\.underline\.link/, quote: /^markup\.quote/, table: /^string\.unquoted\.table/,
    };
    for (const text of Object.values(EXAMPLES)) {
      const painted = scopes(grammar, text);
      const { tokens, comments } = parse(text);
      const check = (start: number, end: number, scope: RegExp) => {
        for (let i = start; i < end; i++) if (!/\s/.test(text[i])) assert(painted[i].some((s) => scope.test(s)), `${text.slice(start, end)} at ${i - start}: ${painted[i].join(' ')}`);
      };
      for (const t of tokens) if (t.kind in expected) check(t.start, t.end, expected[t.kind]);
      for (const c of comments) check(c.start, c.end, c.kind === 'doc' ? /^comment\.line\.documentation/ : /^comment\./);
    }
  });

  test('the examples have every keyword, so that none is forgotten above', () => {
    const seen = new Set(Object.values(EXAMPLES).flatMap((text) => wordRoles(text).filter((w) => w.isKeyword).map((w) => w.text)));
    const known = new Set([...KEYWORDS.map((k) => k.word)]);
    assert.deepEqual([...known].filter((word) => !seen.has(word)), []);
    assert.deepEqual([...seen].filter((word) => !known.has(word)), []);
    for (const word of RESERVED) assert(known.has(word), word);
  });

  test('words that are keywords elsewhere are names', () => {
    const text = 'fn f() {\n  let ops = d.ops\n  let loop = wait + timeout\n  use = module - process\n  d.free = x.in.new\n  list(ref)\n}\nmodule m {\n  ops: ref ops\n  device: int\n}\n';
    assert.deepEqual(parse(text).errors, []);
    const painted = scopes(grammar, text);
    for (const { start, text: word, isKeyword } of wordRoles(text)) assert.equal(painted[start].some((s) => KEYWORD.test(s)), isKeyword, `${word} at ${start}`);
  });
});

suite('language configuration', () => {
  test('comments and words are those of the lexer', () => {
    assert.deepEqual(parse(`${configuration.comments.lineComment} a\n${configuration.comments.blockComment.join(' b ')}`).comments.map((c) => c.kind), ['line', 'block']);
    const word = new RegExp(`^${configuration.wordPattern}$`);
    const words = Object.values(EXAMPLES).flatMap((text) => parse(text).tokens.filter((t) => t.kind === 'word'));
    for (const t of words) assert.match(t.text, word);
    assert.deepEqual(configuration.brackets, [['{', '}'], ['[', ']'], ['(', ')']]);
  });
});
