// Expressions and types: operators by precedence, as in C, without the groupings that C and Rust read differently.
import { codes } from '../base/codes.ts';
import type { Span } from '../base/span.ts';
import { isBeforeType } from './cHabits.ts';
import type { Cursor } from './cursor.ts';
import { durationValue, integerValue, stringValue } from './lexer.ts';
import { describe } from './token.ts';
import type { BinaryOperator, Expression, Name, Path, Str, Type } from './tree.ts';

const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1, '&&': 2, '|': 3, '^': 4, '&': 5, '==': 6, '!=': 6, '<': 7, '<=': 7, '>': 7, '>=': 7, '<<': 8, '>>': 8, '+': 9, '-': 9, '*': 10, '/': 10, '%': 10,
};

const POSTFIX: ReadonlySet<string> = new Set(['.', '->', '(', '?', '++', '--']);

/** An expression; a hole, reported as a missing `what`, where there is none. */
export function parseExpression(c: Cursor, what = 'a value'): Expression {
  return c.deeper(() => binary(c, 1, what)) ?? hole(c);
}

/** `a.b.c`. */
export function parsePath(c: Cursor, what: string): Path {
  const parts: Name[] = [c.name(what)];
  while (parts[0].text !== '' && c.follows('.')) {
    c.take();
    parts.push(c.anyName('a name'));
    if (!c.chain(parts.length)) break;
  }
  return { kind: 'path', start: parts[0].start, end: parts[parts.length - 1].end, parts };
}

export function parseString(c: Cursor, what: string): Str {
  if (c.follows('string')) {
    const t = c.take();
    return { kind: 'string', start: t.start, end: t.end, value: stringValue(t.text) };
  }
  c.missing(what);
  return { kind: 'string', start: c.lastEnd, end: c.lastEnd, value: '' };
}

export function parseType(c: Cursor): Type {
  return c.deeper(() => type(c)) ?? hole(c);
}

/** What stands between `open` and `close`, separated by commas; newlines mean nothing in it. Both brackets are taken here. */
export function parseList<T>(c: Cursor, open: '(' | '[', close: ')' | ']', item: () => T): T[] {
  const items: T[] = [];
  if (!c.expect(open)) return items;
  const outer = { parens: c.parens, questionStops: c.questionStops };
  c.parens++;
  c.questionStops = false;
  while (!c.at(close) && !c.at('end') && !c.at('}')) {
    const before = c.progress;
    items.push(item());
    if (c.takeIf(',')) continue;
    if (c.progress === before || c.at(close) || !closesLater(c)) break;
    c.missing(`\`,\` or \`${close}\``);
  }
  c.questionStops = outer.questionStops;
  if (c.at(close)) c.take();
  else c.missing(items.length > 0 ? `\`,\` or \`${close}\`` : `\`${close}\``);
  c.parens = outer.parens;
  return items;
}

/** A comma is missing, rather than the bracket: this call goes on behind the present token. */
function closesLater(c: Cursor): boolean {
  let depth = 0;
  for (let ahead = 0; ahead < 100; ahead++) {
    const { kind } = c.peek(ahead);
    if (kind === '(' || kind === '[') depth++;
    else if (kind === ')' || kind === ']') {
      if (depth === 0) return ahead > 0;
      depth--;
    } else if (kind === '{' || kind === '}' || kind === ';' || kind === '=' || kind === 'end') return false;
  }
  return false;
}

function hole(c: Cursor): Span & { readonly kind: 'hole' } {
  return { kind: 'hole', start: c.lastEnd, end: c.lastEnd };
}

function binary(c: Cursor, lowest: number, what: string): Expression {
  const first = c.token.start;
  let left = cast(c, what);
  let leftBare = left.start === first;
  const start = Math.min(first, left.start);
  for (let length = 1; ; length++) {
    const t = c.token;
    const precedence = PRECEDENCE[t.kind];
    if (precedence === undefined || precedence < lowest || c.lineEnds || !c.chain(length)) return left;
    c.takeJoining();
    const rightStart = c.token.start;
    const right = c.deeper(() => binary(c, precedence + 1, 'a value')) ?? hole(c);
    unclear(c, t.kind, [leftBare ? left : null, right.start === rightStart ? right : null]);
    left = { kind: 'binary', start, end: c.lastEnd, operator: t.kind as BinaryOperator, left, right };
    leftBare = true;
  }
}

/** `a & b == c` and `a < b < c` want parentheses. `operands` are those of `operator` that have none. */
function unclear(c: Cursor, operator: string, operands: ReadonlyArray<Expression | null>): void {
  const bits = operator === '&' || operator === '|' || operator === '^';
  if (!bits && !isComparison(operator)) return;
  const wrong = operands.filter((x) => x?.kind === 'binary' && isComparison(x.operator)) as BinaryExpression[];
  if (wrong.length === 0) return;
  const why = bits ? `C and Rust group \`${wrong[0].operator}\` and \`${operator}\` differently` : 'comparisons do not chain';
  const edits = wrong.flatMap(({ start, end }) => [{ span: { start, end: start }, text: '(' }, { span: { start: end, end }, text: ')' }]);
  c.remark(codes.unclearPrecedence, wrong[0], `${why}: write the parentheses`, bits ? [{ title: 'Group as C does', edits }] : []);
}

type BinaryExpression = Expression & { readonly kind: 'binary' };

function isComparison(operator: string): boolean {
  return PRECEDENCE[operator] === 6 || PRECEDENCE[operator] === 7;
}

function cast(c: Cursor, what: string): Expression {
  const first = c.token.start;
  let value = unary(c, what);
  const start = Math.min(first, value.start);
  for (let length = 1; c.followsWord('as') && c.chain(length); length++) {
    c.take();
    value = { kind: 'cast', value, type: parseType(c), start, end: c.lastEnd };
  }
  return value;
}

function unary(c: Cursor, what: string): Expression {
  const t = c.token;
  if (c.lineEnds) return postfix(c, what);
  if (t.kind === '!' || t.kind === '-' || t.kind === '~') {
    c.take();
    const operand = c.deeper(() => unary(c, what)) ?? hole(c);
    return { kind: 'unary', start: t.start, end: c.lastEnd, operator: t.kind, operand };
  }
  if (t.kind === '&' || t.kind === '*') {
    const why = t.kind === '&' ? 'an embedded struct is its own address' : 'fields of what a reference leads to are reached with `.`';
    c.error(codes.foreignSyntax, t, `no \`${t.kind}\` before a value: ${why}`, [{ title: `Remove \`${t.kind}\``, edits: [{ span: { start: t.start, end: t.end }, text: '' }] }]);
    c.take();
    return c.deeper(() => unary(c, what)) ?? hole(c);
  }
  return postfix(c, what);
}

function postfix(c: Cursor, what: string): Expression {
  const first = c.token.start;
  let value = primary(c, what);
  // A hole stands behind the last token, before the present one.
  const start = Math.min(first, value.start);
  for (let length = 1; !c.lineEnds; length++) {
    const t = c.token;
    if (!POSTFIX.has(t.kind) || !c.chain(length)) return value;
    if (t.kind === '.') {
      c.take();
      value = { kind: 'field', object: value, name: c.anyName('a field'), start, end: c.lastEnd };
    } else if (t.kind === '->') {
      c.error(codes.foreignSyntax, t, 'fields are reached with `.`, whether or not the value is a reference', [{ title: 'Replace `->` by `.`', edits: [{ span: { start: t.start, end: t.end }, text: '.' }] }]);
      c.take();
      value = { kind: 'field', object: value, name: c.anyName('a field'), start, end: c.lastEnd };
    } else if (t.kind === '(') {
      const given = parseList(c, '(', ')', () => parseExpression(c, 'an argument'));
      value = { kind: 'call', callee: value, arguments: given, start, end: c.lastEnd };
    } else if (t.kind === '?') {
      if (c.questionStops) return value;
      c.take();
      if (ternary(c)) c.error(codes.foreignSyntax, t, 'no `a ? b : c`: write `if a { ... } else { ... }`');
      const goto = parseGoto(c);
      value = { kind: 'try', value, goto, start, end: c.lastEnd };
    } else {
      const written = `${c.text.slice(start, c.lastEnd)} ${t.kind[0]}= 1`;
      c.error(codes.foreignSyntax, t, `no \`${t.kind}\`: write \`${written}\``, [{ title: `Write \`${written}\``, edits: [{ span: { start: c.lastEnd, end: t.end }, text: ` ${t.kind[0]}= 1` }] }]);
      c.take();
    }
  }
  return value;
}

/** Behind `?`: a value and, on the same line, a colon. */
function ternary(c: Cursor): boolean {
  if (c.lineEnds || !['word', 'integer', 'string', '(', '-'].includes(c.token.kind) || c.atWord('goto')) return false;
  for (let ahead = 1; ahead < 30 && !c.peek(ahead).first && c.peek(ahead).kind !== 'end'; ahead++) if (c.peek(ahead).kind === ':') return true;
  return false;
}

/** `goto label` behind a `?`. */
export function parseGoto(c: Cursor): Name | null {
  return c.takeWord('goto') ? c.name('the label of an `undo` section') : null;
}

function primary(c: Cursor, what: string): Expression {
  const t = c.token;
  if (!c.lineEnds) {
    switch (t.kind) {
      case 'integer':
        c.take();
        return { kind: 'integer', start: t.start, end: t.end, value: integerValue(t.text) };
      case 'duration':
        c.take();
        return { kind: 'duration', start: t.start, end: t.end, nanoseconds: durationValue(t.text) };
      case 'string':
        return parseString(c, what);
      case '(':
        return parenthesised(c);
      case 'word':
        return word(c, what);
    }
  }
  c.missing(what);
  return hole(c);
}

/** `if (x = 3)`: where a condition has been read, says how it is written, and leaves the rest of it. */
export function comparesWithOne(c: Cursor): void {
  if (!c.follows('=')) return;
  const { start, end } = c.token;
  c.error(codes.foreignSyntax, { start, end }, 'a comparison is written `==`: an assignment is a statement, and has no value', [{ title: 'Write `==`', edits: [{ span: { start, end }, text: '==' }] }]);
  c.take();
  parseExpression(c);
}

/** The parentheses leave no trace in the tree: spans tell (the text before the node's start). */
function parenthesised(c: Cursor): Expression {
  const outer = { parens: c.parens, questionStops: c.questionStops };
  c.take();
  c.parens++;
  c.questionStops = false;
  const value = parseExpression(c);
  comparesWithOne(c);
  c.questionStops = outer.questionStops;
  if (c.at(')')) c.take();
  else c.missing('`)`');
  c.parens = outer.parens;
  return value;
}

function word(c: Cursor, what: string): Expression {
  const t = c.token;
  const place = { start: t.start, end: t.end };
  switch (t.text) {
    case 'null':
      c.take();
      return { kind: 'null', ...place };
    case 'true':
    case 'false':
      c.take();
      return { kind: 'bool', ...place, value: t.text === 'true' };
    case 'new': {
      c.take();
      const path = parsePath(c, 'a struct');
      return { kind: 'new', start: t.start, end: c.lastEnd, type: path };
    }
  }
  return c.name(what).text === '' ? hole(c) : { kind: 'name', ...place, text: t.text };
}

function type(c: Cursor): Type {
  const t = c.token;
  const start = t.start;
  if (c.lineEnds) {
    c.missing('a type');
    return hole(c);
  }
  if (t.kind === 'integer' || t.kind === '-' || t.kind === '(') return range(c, start, binary(c, PRECEDENCE['<<'], 'a number'));
  if (t.kind !== 'word') {
    const pointer = t.kind === '*' || t.kind === '&';
    if (pointer) c.error(codes.foreignSyntax, t, `a pointer is written \`ref\`, not ${describe(t)}`, [{ title: 'Write `ref`', edits: [{ span: { start: t.start, end: t.end }, text: 'ref ' }] }]);
    if (!pointer) c.missing('a type');
    if (!pointer) return hole(c);
    c.take();
    return { kind: 'ref', to: parseType(c), start, end: c.lastEnd };
  }
  if (isBeforeType(t.text) && c.nextIs('word')) {
    const unsigned = t.text === 'unsigned' && c.peek(1).text === 'int';
    const why = unsigned ? '`unsigned int` is written `u32` here' : `no \`${t.text}\` before a type`;
    const end = unsigned ? c.peek(1).end : c.peek(1).start;
    c.error(codes.foreignSyntax, t, why, [{ title: unsigned ? 'Write `u32`' : `Remove \`${t.text}\``, edits: [{ span: { start, end }, text: unsigned ? 'u32' : '' }] }]);
    c.take();
    if (!unsigned) return parseType(c);
    c.take();
    return hole(c);
  }
  if (t.text === 'ref') {
    c.take();
    return { kind: 'ref', to: parseType(c), start, end: c.lastEnd };
  }
  if (t.text === 'list' && c.nextIs('word')) {
    c.take();
    return { kind: 'list', of: parseType(c), start, end: c.lastEnd };
  }
  if (t.text === 'fn') {
    c.take();
    const parameters = parseList(c, '(', ')', () => parameterType(c));
    const returns = c.takeIf('->') ? parseType(c) : null;
    return { kind: 'fnType', parameters, returns, start, end: c.lastEnd };
  }
  const path = parsePath(c, 'a type');
  if (path.parts[0].text === '') return hole(c);
  if (c.follows('..')) return range(c, start, pathAsValue(path));
  return { kind: 'named', path, start, end: c.lastEnd };
}

/** A parameter of a function pointer: only a type. */
function parameterType(c: Cursor): Type {
  if (c.at('word') && c.nextIs(':')) {
    const { start } = c.token;
    c.error(codes.foreignSyntax, c.token, 'parameters of function pointers have no names', [{ title: 'Remove the name', edits: [{ span: { start, end: c.peek(2).start }, text: '' }] }]);
    c.take();
    c.take();
  }
  return parseType(c);
}

/** `low..high`, with `low` already read. */
export function range(c: Cursor, start: number, low: Expression): Type {
  if (!c.follows('..')) {
    c.missing('`..` and the upper end of the range');
    return hole(c);
  }
  c.takeJoining();
  const high = binary(c, PRECEDENCE['<<'], 'the upper end of the range');
  return { kind: 'rangeType', low, high, start, end: c.lastEnd };
}

function pathAsValue(path: Path): Expression {
  let value: Expression = path.parts[0];
  for (const name of path.parts.slice(1)) value = { kind: 'field', object: value, name, start: path.start, end: name.end };
  return value;
}
