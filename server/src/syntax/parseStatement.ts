// Statements and blocks.
import { codes } from '../base/codes.ts';
import { nearest } from '../base/nearest.ts';
import { skipsBlockMacro, skipsHabit } from './cHabits.ts';
import type { Cursor } from './cursor.ts';
import { keywordsAt } from './keywords.ts';
import { goesOnAfterBrace, parseBody } from './parseBody.ts';
import { comparesWithOne, parseExpression, parseGoto, parseString, parseType } from './parseExpression.ts';
import { describe } from './token.ts';
import type { Block, Expression, Name, Statement, Str, Type, Undo } from './tree.ts';

/** Those that a `{` follows directly. */
const BARE: readonly string[] = ['loop', 'atomic', 'either', 'fork'];
const WITH_OPERAND = keywordsAt('statement').filter((word) => !BARE.includes(word) && word !== 'undo');
/** Binary operators that are not prefixes too. */
const BINARY: ReadonlySet<string> = new Set(['||', '&&', '|', '^', '==', '!=', '<', '<=', '>', '>=', '<<', '>>', '+', '/', '%', '=', '?', '.', ',']);
const ASSIGNMENTS = ['=', '+=', '-=', '|=', '&='] as const;
/** Statements that C and Rust have, and what to write instead. */
const FOREIGN: Readonly<Record<string, string>> = {
  switch: 'write `if ... else if ...`', match: 'write `if ... else if ...`', case: 'write `if ... else if ...`',
  do: 'write `loop { ... if done { break } }`', try: 'a call that can fail takes `?`', goto: 'it stands behind the `?` of a call that can fail: `call()? goto label`',
};

/** What C and others begin a local variable with. */
const FOREIGN_LET: ReadonlySet<string> = new Set(['var', 'auto', 'int', 'long', 'bool', 'u8', 'u16', 'u32', 'u64', 's64', 'struct', 'const']);

/** What is not one word only. */
const TAGGED: ReadonlySet<string> = new Set(['struct', 'static', 'unsigned', 'enum', 'union']);

/** Statements that end with a body of their own. */
const WITH_BODY: ReadonlySet<string> = new Set<Statement['kind']>(['if', 'while', 'loop', 'for', 'with', 'atomic', 'either', 'thread', 'fork']);

/** The body of a function: `undo` sections stand last in it. */
export function parseFunctionBody(c: Cursor, what: string): Block {
  return block(c, what, true);
}

export function parseBlock(c: Cursor, what: string): Block {
  return block(c, what, false);
}

function block(c: Cursor, what: string, ofFunction: boolean): Block {
  const undo: Undo[] = [];
  let current: Statement[] = [];
  const statements = current;
  const start = c.at('{') ? c.token.start : c.lastEnd;
  c.deeper(() =>
    parseBody(c, { what, flat: false }, () => {
      const label = undoLabel(c, ofFunction);
      if (label !== null) {
        current = [];
        if (ofFunction) undo.push({ kind: 'undo', start: label.start, end: label.name.end, label: label.name, statements: current });
        return;
      }
      current.push(parseStatement(c));
      const section = undo.length - 1;
      if (section >= 0) undo[section] = { ...undo[section], end: c.lastEnd };
    }),
  );
  return { kind: 'block', start, end: Math.max(start, c.lastEnd), statements, undo };
}

/** `undo label:`. */
function undoLabel(c: Cursor, ofFunction: boolean): { readonly start: number; readonly name: Name } | null {
  const t = c.token;
  if (t.kind !== 'word') return null;
  if (t.text !== 'undo') {
    const section = c.nextIs('word') && c.peek(2).kind === ':' && nearest(t.text, ['undo']) !== null;
    if (!section) return null;
    c.misspelt('undo');
  }
  if (!ofFunction) c.error(codes.misplaced, t, '`undo` sections stand last in a function, outside its blocks');
  c.take();
  const name = c.name('the label of the section');
  c.expect(':');
  return { start: t.start, name };
}

export function parseStatement(c: Cursor): Statement {
  const before = c.progress;
  const statement = c.deeper(() => start(c)) ?? hole(c);
  if (statement.kind !== 'label' && !endsWithItsBlock(c, statement)) endOfStatement(c, statement.kind === 'hole', before);
  return statement;
}

/** `if a { ... } return 0`: the `}` of a body ends the statement that it belongs to. */
function endsWithItsBlock(c: Cursor, statement: Statement): boolean {
  return WITH_BODY.has(statement.kind) && c.last?.kind === '}' && c.at('word') && !c.reported;
}

/** A statement ends with its line, at `;` or at `}`. */
function endOfStatement(c: Cursor, isHole: boolean, before: number): void {
  for (let reported = isHole; ; reported = true) {
    if (c.at('end') || c.at('}') || (c.progress > before && goesOnAfterBrace(c))) return;
    if (c.at(';')) {
      c.take();
      return;
    }
    if (c.lineEnds && c.progress > before) return;
    if (!reported) unexpected(c);
    if (!c.at('{')) {
      c.skipLine();
      return;
    }
    // `foo bar { ... }`: what is inside may well be sound.
    parseBlock(c, 'this');
  }
}

function unexpected(c: Cursor): void {
  const t = c.token;
  const closes = t.kind === ')' || t.kind === ']';
  c.error(codes.syntax, t, closes ? `${describe(t)} closes nothing` : `unexpected ${describe(t)}: a statement ends with its line, at \`;\` or at \`}\``);
}

function hole(c: Cursor): Statement {
  return { kind: 'hole', start: c.lastEnd, end: c.lastEnd };
}

function start(c: Cursor): Statement {
  const t = c.token;
  if (t.kind !== 'word') {
    if (t.kind === '{') {
      c.error(codes.misplaced, t, 'a block belongs to `if`, `while`, `loop`, `with`, `atomic`, ...: it does not stand alone');
      const body = parseBlock(c, 'this');
      return body.statements.length === 1 ? body.statements[0] : hole(c);
    }
    return simple(c);
  }
  const keyword = keywordHere(c);
  if (keyword === null) return simple(c);
  if (keyword !== t.text) c.misspelt(keyword);
  c.take();
  return statementOf(c, keyword, t.start);
}

/** The keyword that begins this statement, misspelt or not; null where it begins with an expression or is a label. */
function keywordHere(c: Cursor): string | null {
  const t = c.token;
  const next = c.peek(1);
  const alone = next.first || next.kind === 'end';
  switch (t.text) {
    case 'let': case 'if': case 'while': case 'for': case 'break': case 'continue': case 'return': case 'with': case 'assert': case 'free':
      return t.text;
    case 'loop': case 'atomic': case 'either': case 'fork':
      return next.kind === '{' || (next.kind === 'word' && !alone && next.text !== 'as') ? t.text : null;
    case 'wait':
      return next.kind === 'word' && !alone ? t.text : null;
    case 'thread':
      return (next.kind === 'word' && !alone) || next.kind === '{' ? t.text : null;
    case 'else': case 'undo': case 'goto': case 'as': case 'new': case 'null': case 'true': case 'false':
      return null;
  }
  if (alone || next.start === t.end || Object.hasOwn(FOREIGN, t.text)) return null;
  if (next.kind === '{') return nearest(t.text, BARE);
  const startsOperand = next.kind === 'word' || next.kind === 'integer' || next.kind === 'string' || next.kind === 'duration';
  const startsNegative = next.kind === '-' && c.peek(2).start === next.end;
  if ((!startsOperand && !startsNegative) || next.text === 'as') return null;
  const keyword = nearest(t.text, WITH_OPERAND);
  return startsNegative && keyword !== 'return' ? null : keyword;
}

function statementOf(c: Cursor, keyword: string, start: number): Statement {
  switch (keyword) {
    case 'let': return parseLet(c, start);
    case 'if': return parseIf(c, start);
    case 'while': return { kind: 'while', condition: condition(c), body: parseBlock(c, '`while`'), start, end: c.lastEnd };
    case 'loop': return { kind: 'loop', body: parseBlock(c, '`loop`'), start, end: c.lastEnd };
    case 'for': return parseFor(c, start);
    case 'break': return { kind: 'break', start, end: c.lastEnd };
    case 'continue': return { kind: 'continue', start, end: c.lastEnd };
    case 'return': {
      const none = c.lineEnds || c.at('}') || c.at(';');
      return { kind: 'return', value: none ? null : parseExpression(c), start, end: c.lastEnd };
    }
    case 'with': return parseWith(c, start);
    case 'wait': return parseWait(c, start);
    case 'atomic': return { kind: 'atomic', body: parseBlock(c, '`atomic`'), start, end: c.lastEnd };
    case 'either': return parseEither(c, start);
    case 'assert': return parseAssert(c, start);
    case 'free': return { kind: 'free', value: parseExpression(c, 'what to free'), start, end: c.lastEnd };
    case 'thread': return { kind: 'thread', name: c.name('the name of the thread'), body: parseBlock(c, '`thread`'), start, end: c.lastEnd };
    case 'fork': return { kind: 'fork', body: parseBlock(c, '`fork`'), start, end: c.lastEnd };
    default: return hole(c);
  }
}

function parseLet(c: Cursor, start: number): Statement {
  const name = c.name('the name of a variable');
  const typed = c.at(':') || c.nextIs('=');
  const type = typed && c.colon() ? parseType(c) : null;
  const value = initialiser(c);
  return { kind: 'let', name, type, value, start, end: c.lastEnd };
}

function initialiser(c: Cursor): Expression {
  if (c.follows('=')) {
    c.take();
    return parseExpression(c);
  }
  c.missing('`=` and a value');
  if (!c.lineEnds && ['word', 'integer', 'string', '('].includes(c.token.kind)) return parseExpression(c);
  return { kind: 'hole', start: c.lastEnd, end: c.lastEnd };
}

function condition(c: Cursor): Expression {
  const read = parseExpression(c, 'a condition');
  comparesWithOne(c);
  return read;
}

function parseIf(c: Cursor, start: number): Statement {
  const test = condition(c);
  const then = branch(c, '`if`');
  let otherwise: Block | Statement | null = null;
  if (elseFollows(c)) {
    if (c.followsWord('if')) {
      const nested = c.take();
      otherwise = c.deeper(() => parseIf(c, nested.start));
    } else {
      otherwise = branch(c, '`else`');
    }
  }
  return { kind: 'if', condition: test, then, else: otherwise, start, end: c.lastEnd };
}

/** A block, or (reported) the one statement that C would allow. */
function branch(c: Cursor, what: string): Block {
  if (c.at('{') || c.lineEnds || c.token.kind !== 'word' || c.reported || c.trustIndentation) return parseBlock(c, what);
  c.missing(`\`{\` of ${what}`);
  const only = c.deeper(() => start(c)) ?? hole(c);
  return { kind: 'block', start: only.start, end: only.end, statements: [only], undo: [] };
}

/** Takes `else` behind a block; where it stands on a line of its own, says so. */
export function elseFollows(c: Cursor): boolean {
  const t = c.token;
  if (t.kind !== 'word' || (c.last?.kind !== '}' && !c.reported)) return false;
  if (t.text !== 'else') {
    const next = c.peek(1);
    if (t.first || nearest(t.text, ['else']) === null || !(next.kind === '{' || next.text === 'if')) return false;
    c.misspelt('else');
  } else if (t.first) {
    ownLine(c, 'else');
  }
  c.take();
  return true;
}

/** `else` or `or` on a line of its own. */
function ownLine(c: Cursor, word: string): void {
  const t = c.token;
  const fix = { title: `Move \`${word}\` to the line of the \`}\``, edits: [{ span: { start: c.lastEnd, end: t.start }, text: ' ' }] };
  const comment = c.lexer.comments.some((k) => k.start >= c.lastEnd && k.end <= t.start);
  c.error(codes.lineBreak, t, `\`${word}\` stands on the line of the \`}\` before it`, comment ? [] : [fix]);
}

function parseFor(c: Cursor, start: number): Statement {
  if (c.follows('(')) {
    c.error(codes.foreignSyntax, c.token, '`for` walks a list, as in `for x in d.items { }`; a count is written `while n < 3 { n += 1 }`');
    while (!c.lineEnds && !c.at('{')) c.skip();
    c.hush();
    if (c.at('{')) parseBlock(c, '`for`');
    return hole(c);
  }
  const name = c.name('the name of a variable');
  c.expectWord('in');
  const list = parseExpression(c, 'a list');
  return { kind: 'for', name, list, body: parseBlock(c, '`for`'), start, end: c.lastEnd };
}

function parseWith(c: Cursor, start: number): Statement {
  let acquire = parseExpression(c, 'a lock or a guard to take');
  let question = false;
  if (acquire.kind === 'try') {
    question = true;
    if (acquire.goto !== null) c.remark(codes.misplaced, acquire.goto, 'no `goto` here: `with` takes `?`, or an `else` that says what happens instead');
    acquire = acquire.value;
  }
  const body = parseBlock(c, '`with`');
  const otherwise = elseFollows(c) ? parseBlock(c, '`else`') : null;
  return { kind: 'with', acquire, question, body, else: otherwise, start, end: c.lastEnd };
}

function parseWait(c: Cursor, start: number): Statement {
  c.expectWord('until');
  const outer = c.questionStops;
  c.questionStops = true;
  const test = condition(c);
  let mode: 'uninterruptible' | 'killable' | 'interruptible' = 'uninterruptible';
  let timeout: Expression | null = null;
  while (c.follows('word')) {
    const word = c.token.text;
    const meant = ['killable', 'interruptible', 'timeout'].includes(word) ? word : nearest(word, ['killable', 'interruptible', 'timeout']);
    if (meant === null) break;
    if (meant !== word) c.misspelt(meant);
    const again = meant === 'timeout' ? timeout !== null : mode !== 'uninterruptible';
    if (again) c.error(codes.syntax, c.token, meant === 'timeout' ? 'a wait has one timeout' : 'a wait is either killable or interruptible');
    c.take();
    if (meant === 'timeout') timeout = parseExpression(c, 'a duration');
    else mode = meant === 'killable' ? 'killable' : 'interruptible';
  }
  c.questionStops = outer;
  const question = c.takeIf('?');
  const goto = question ? parseGoto(c) : null;
  return { kind: 'wait', condition: test, mode, timeout, question, goto, start, end: c.lastEnd };
}

function parseEither(c: Cursor, start: number): Statement {
  const arms = [parseBlock(c, '`either`')];
  for (;;) {
    const t = c.token;
    if (t.kind !== 'word' || t.text !== 'or' || c.peek(1).kind !== '{') break;
    if (t.first) ownLine(c, 'or');
    c.take();
    arms.push(parseBlock(c, '`or`'));
  }
  if (arms.length === 1) c.missing('`or { }`');
  return { kind: 'either', arms, start, end: c.lastEnd };
}

function parseAssert(c: Cursor, start: number): Statement {
  const open = c.token;
  if (open.kind === '(' && !c.lineEnds) {
    const call = assertCall(c);
    if (call !== null) return { kind: 'assert', ...call, start, end: c.lastEnd };
  }
  const test = condition(c);
  let why: Str | null = null;
  if (c.follows(',')) {
    c.takeJoining();
    why = parseString(c, 'a string that says why');
  }
  return { kind: 'assert', condition: test, why, start, end: c.lastEnd };
}

/** `assert(cond, "why")`, as C would have it: read, and reported. Null where the parenthesis is only part of the condition. */
function assertCall(c: Cursor): { readonly condition: Expression; readonly why: Str } | null {
  let depth = 0;
  for (let ahead = 0; ; ahead++) {
    const t = c.peek(ahead);
    if (t.kind === '(') depth++;
    if (t.kind === ')') depth--;
    if (t.kind === 'end' || t.kind === '{' || t.kind === '}' || depth === 0) return null;
    if (depth === 1 && t.kind === ',' && c.peek(ahead + 1).kind === 'string' && c.peek(ahead + 2).kind === ')') break;
  }
  const open = c.token;
  c.error(codes.foreignSyntax, open, '`assert` takes no parentheses: `assert condition, "why"`');
  c.take();
  const test = condition(c);
  c.take();
  const why = parseString(c, 'a string that says why');
  c.take();
  return { condition: test, why };
}

function simple(c: Cursor): Statement {
  const t = c.token;
  if (t.kind === 'word' && c.nextIs(':') && t.text !== 'else') {
    const name = c.takeName();
    c.take();
    return { kind: 'label', name, start: t.start, end: c.lastEnd };
  }
  const foreign = foreignStatement(c);
  if (foreign !== null) return foreign;
  if (t.first && BINARY.has(t.kind)) {
    c.error(codes.lineBreak, t, `${describe(t)} cannot begin a line: put it at the end of the line before, which then goes on here`);
    c.skipLine();
    return hole(c);
  }
  const value = parseExpression(c, 'a statement');
  if (value.kind === 'hole') return hole(c);
  const begin = Math.min(t.start, value.start);
  for (const operator of ASSIGNMENTS) {
    if (!c.follows(operator)) continue;
    c.take();
    const assigned = parseExpression(c);
    return { kind: 'assign', target: value, operator, value: assigned, start: begin, end: c.lastEnd };
  }
  return { kind: 'expression', value, start: begin, end: c.lastEnd };
}

/** `switch x {`, `do {`: not a call or a variable of that name. */
function isForeign(c: Cursor): boolean {
  const next = c.peek(1);
  return !next.first && (next.kind === 'word' || next.kind === 'integer' || next.kind === '{' || next.kind === '(') && next.text !== 'as' && !(next.kind === '(' && next.start === c.token.end);
}

/** What C writers type by habit: each has one message that says how it is written here. */
function foreignStatement(c: Cursor): Statement | null {
  const t = c.token;
  if (t.kind !== 'word') return null;
  if (skipsBlockMacro(c)) return hole(c);
  if (Object.hasOwn(FOREIGN, t.text) && (t.text === 'goto' || isForeign(c))) {
    c.error(codes.foreignSyntax, t, `no statement begins with \`${t.text}\`: ${FOREIGN[t.text]}`);
    c.skipLine();
    return hole(c);
  }
  if (t.text === 'else' || t.text === 'or') {
    if (t.text === 'else' || c.nextIs('{')) c.error(codes.misplaced, t, `this \`${t.text}\` has no ${t.text === 'else' ? '`if` or `with`' : '`either`'} before it`);
    if (!c.reported) return null;
    c.take();
    if (!c.at('{')) return c.deeper(() => start(c)) ?? hole(c);
    parseBlock(c, 'this');
    return hole(c);
  }
  if (TAGGED.has(t.text) && skipsHabit(c, 'function')) return hole(c);
  if (FOREIGN_LET.has(t.text) && c.nextIs('word')) {
    const type: Type | null = null;
    c.error(codes.foreignSyntax, t, `a local variable begins with \`let\`, not with \`${t.text}\``, [{ title: 'Write `let`', edits: [{ span: { start: t.start, end: t.end }, text: 'let' }] }]);
    c.take();
    const name = c.name('the name of a variable');
    if (!c.takeIf('=')) return { kind: 'let', name, type, value: { kind: 'hole', start: c.lastEnd, end: c.lastEnd }, start: t.start, end: c.lastEnd };
    return { kind: 'let', name, type, value: parseExpression(c), start: t.start, end: c.lastEnd };
  }
  return null;
}
