// Declarations: what stands in a file and in a module, and the entries of `ops` and `driver` tables.
import { codes } from '../base/codes.ts';
import { nearest } from '../base/nearest.ts';
import { macroInstead, skipsHabit } from './cHabits.ts';
import type { Cursor } from './cursor.ts';
import { keyword, keywordsAt } from './keywords.ts';
import { parseBody, parseTopLevel } from './parseBody.ts';
import { parseClaim, parseCite, parseExpect, parseInterleaving } from './parseClaim.ts';
import { parseExpression, parseList, parsePath, parseString, parseType, range } from './parseExpression.ts';
import { parseSettings } from './parseSettings.ts';
import { elseFollows, parseFunctionBody } from './parseStatement.ts';
import { describe } from './token.ts';
import type { Assume, Declaration, Device, Enum, Expression, Field, Header, Name, OpsEntry, Param, Parameter, Path, Str, Type } from './tree.ts';

export type Container = 'file' | 'module';

/** Words that begin a declaration. */
const HERE = { file: new Set(keywordsAt('file')), module: new Set(keywordsAt('module')) } as const;
/** Those that a misspelt word may stand for. */
const MEANT = {
  file: keywordsAt('file').filter((word) => !['if', 'let', 'scenario', 'library'].includes(word)),
  module: keywordsAt('module').filter((word) => !['if', 'let'].includes(word)),
} as const;

/** What other languages call it. */
const FOREIGN: Readonly<Record<string, string>> = { func: 'fn', function: 'fn', def: 'fn', void: 'fn', var: 'let', import: 'use', include: 'use', typedef: 'struct' };

/** The declarations of a file, to its end, and its header. */
export function parseFileBody(c: Cursor): { readonly header: Header | null; readonly declarations: readonly Declaration[] } {
  const declarations: Declaration[] = [];
  let header: Header | null = null;
  parseTopLevel(c, () => {
    if (headerHere(c, header === null && declarations.length === 0)) {
      if (header !== null || declarations.some((d) => d.kind !== 'hole')) c.error(codes.misplaced, c.token, header === null ? `\`${c.token.text}\` comes first in its file` : 'a file is one scenario or one library');
      const another = parseHeader(c, nearest(c.token.text, ['library']) === null && !c.atWord('library') ? 'scenario' : 'library');
      header ??= another;
    } else {
      declare(c, 'file', declarations);
    }
  });
  return { header, declarations };
}

function headerHere(c: Cursor, isFirst: boolean): boolean {
  const t = c.token;
  if (t.kind !== 'word' || c.peek(1).first) return false;
  if (t.text === 'scenario' || t.text === 'library') return !c.nextIs(':');
  return isFirst && c.nextIs('word') && keyword(t.text) === null && nearest(t.text, ['scenario', 'library']) !== null;
}

function parseHeader(c: Cursor, kind: 'scenario' | 'library'): Header {
  if (!c.atWord(kind)) c.misspelt(kind);
  const t = c.take();
  const name = c.name(`the name of the ${kind}`);
  const title = c.follows('string') ? parseString(c, 'a title') : null;
  const header: Header = { kind, name, title, doc: t.doc, start: t.start, end: c.lastEnd };
  endOfDeclaration(c, false);
  return header;
}

/** One declaration, appended to `into`. Lines that make no sense next to each other have one message. */
function declare(c: Cursor, container: Container, into: Declaration[]): void {
  const errors = c.errors.length;
  const declaration = c.deeper(() => declarationHere(c, container, isHole(into.at(-1)))) ?? hole(c);
  endOfDeclaration(c, c.errors.length > errors || declaration.kind === 'hole');
  if (declaration.kind === 'hole' && isHole(into.at(-1))) into.pop();
  into.push(declaration);
}

function isHole(d: { readonly kind: string } | undefined): boolean {
  return d?.kind === 'hole';
}

function hole(c: Cursor): Declaration & { readonly kind: 'hole' } {
  return { kind: 'hole', start: c.lastEnd, end: c.lastEnd };
}

function endOfDeclaration(c: Cursor, reported: boolean): void {
  if (c.at(';')) c.take();
  else if (!c.lineEnds && !c.at('}') && !endsWithItsBrace(c)) {
    if (!reported) c.error(codes.syntax, c.token, `unexpected ${describe(c.token)}: a declaration ends with its line`);
    c.skipLine();
  }
}

function declarationHere(c: Cursor, container: Container, afterHole: boolean): Declaration {
  const t = c.token;
  if (t.kind === 'word' && c.nextIs(':')) return parseVariable(c);
  if (t.kind === 'word' && skipsHabit(c, container)) return hole(c);
  const keyword = t.kind === 'word' ? keywordHere(c, container) : null;
  if (keyword === null) {
    if (!afterHole) c.error(codes.syntax, t, nothingHere(c, container));
    c.skipLine();
    return hole(c);
  }
  if (!HERE[container].has(keyword)) {
    c.remark(codes.misplaced, t, container === 'file' ? `\`${keyword}\` stands in a module` : `\`${keyword}\` cannot stand in a module`);
  }
  return declarationOf(c, container, keyword);
}

function nothingHere(c: Cursor, container: Container): string {
  const t = c.token;
  if (t.text.startsWith('>')) return 'a quoted line stands in a claim: `claim "..." { > ... }`';
  if (t.kind === 'word' && c.nextIs('(')) return macroInstead(t.text) ?? `a call stands in a function or a process, not in a ${container}`;
  return `a declaration expected, found ${describe(t)}`;
}

/** The keyword that begins this declaration, misspelt or not. */
function keywordHere(c: Cursor, container: Container): string | null {
  const t = c.token;
  if (HERE.file.has(t.text) || HERE.module.has(t.text)) return t.text;
  const next = c.peek(1);
  if (next.first || next.kind === 'end') return null;
  if (Object.hasOwn(FOREIGN, t.text)) {
    const keyword = FOREIGN[t.text];
    c.remark(codes.foreignSyntax, t, `\`${t.text}\` is written \`${keyword}\` here`, [{ title: `Replace by \`${keyword}\``, edits: [{ span: { start: t.start, end: t.end }, text: keyword }] }]);
    return keyword;
  }
  if (next.kind !== 'word' && next.kind !== 'string' && next.kind !== '{' && next.kind !== '<') return null;
  const keyword = nearest(t.text, MEANT[container]);
  if (keyword !== null) c.misspelt(keyword);
  return keyword;
}

function declarationOf(c: Cursor, container: Container, keyword: string): Declaration {
  const { start, doc } = c.token;
  switch (keyword) {
    case 'cite': c.take(); return parseCite(c, start);
    case 'claim': c.take(); return parseClaim(c, start, doc);
    case 'expect': c.take(); return parseExpect(c, start);
    case 'interleaving': c.take(); return parseInterleaving(c, start);
    case 'let': return parseVariable(c);
  }
  c.take();
  switch (keyword) {
    case 'use': return { kind: 'use', libraries: libraries(c), start, end: c.lastEnd };
    case 'assume': return parseAssume(c, start);
    case 'param': return parseParam(c, start, doc);
    case 'const': {
      const name = c.name('the name of the constant');
      return { kind: 'const', name, value: initialiser(c), doc, start, end: c.lastEnd };
    }
    case 'enum': return parseEnum(c, start, doc);
    case 'struct': return parseStruct(c, start, doc);
    case 'ops': case 'driver': return parseOps(c, keyword, start, doc);
    case 'module': return parseModule(c, start, doc);
    case 'fn': return { kind: 'fn', ...signature(c, c.name('the name of the function')), body: parseFunctionBody(c, '`fn`'), doc, start, end: c.lastEnd };
    case 'init': return { kind: 'init', body: parseFunctionBody(c, '`init`'), doc, start, end: c.lastEnd };
    case 'exit': return { kind: 'exit', body: parseFunctionBody(c, '`exit`'), doc, start, end: c.lastEnd };
    case 'device': return parseDevice(c, start, doc);
    case 'process': return parseProcess(c, start, doc);
    case 'hardware': return { kind: 'hardware', body: parseFunctionBody(c, '`hardware`'), doc, start, end: c.lastEnd };
    case 'time': case 'ptimer': case 'config': return parseSettings(c, keyword, start, doc);
    case 'if': return parseIf(c, container, start);
    case 'guard': {
      const enter = c.name('the function that enters');
      if (c.follows(',')) c.takeJoining();
      else c.missing('`,`');
      return { kind: 'guard', enter, exit: c.name('the function that leaves'), doc, start, end: c.lastEnd };
    }
    default: {
      // `scenario` or `library` inside a module: its place was reported.
      c.skipLine();
      return hole(c);
    }
  }
}

/** Items with commas between them; a line may end behind a comma. */
function separated<T>(c: Cursor, item: () => T): T[] {
  const items = [item()];
  while (c.follows(',')) {
    c.takeJoining();
    items.push(item());
  }
  return items;
}

function libraries(c: Cursor): ReadonlyArray<Name | Str> {
  const found: (Name | Str)[] = [];
  let before: number;
  do {
    before = c.progress;
    found.push(...separated(c, () => (c.follows('string') ? parseString(c, 'a file') : c.name('a library'))));
    if (c.follows('word') || c.follows('string')) c.missing('`,`');
  } while (c.progress > before && (c.follows('word') || c.follows('string')));
  return found;
}

function initialiser(c: Cursor): Expression {
  if (c.follows('=')) {
    c.take();
    return parseExpression(c);
  }
  c.missing('`=` and a value');
  return { kind: 'hole', start: c.lastEnd, end: c.lastEnd };
}

/** `lock: mutex`, `head: ref T = null`, `let count = 0`. */
function parseVariable(c: Cursor): Declaration {
  const { start, doc } = c.token;
  if (c.atWord('let') || (c.at('word') && FOREIGN[c.token.text] === 'let' && c.nextIs('word'))) c.take();
  const name = c.name('the name of a variable');
  const type = c.takeIf(':') ? parseType(c) : null;
  let value: Expression | null = null;
  if (c.follows('=')) value = initialiser(c);
  else if (type === null) c.missing('`:` and a type, or `=` and a value,');
  return { kind: 'variable', name, type, value, doc, start, end: c.lastEnd };
}

function parseAssume(c: Cursor, start: number): Assume {
  const agent = c.name('a process');
  const action = c.name('what it does (`closes`)');
  const event = c.takeWord('on') ? c.name('an event') : null;
  return { kind: 'assume', agent, action, event, start, end: c.lastEnd };
}

function parseParam(c: Cursor, start: number, doc: string | null): Param {
  const name = c.name('the name of the parameter');
  c.expectWord('in');
  return { kind: 'param', name, domain: domain(c), doc, start, end: c.lastEnd };
}

function domain(c: Cursor): Param['domain'] {
  const t = c.token;
  if (c.takeWord('bool')) return { kind: 'bool' };
  if (c.follows('{')) return { kind: 'names', names: names(c, 'a value', '`param`') };
  if (!c.lineEnds && (t.kind === 'integer' || t.kind === '-' || t.kind === '(' || t.kind === 'word')) {
    const type = parseType(c);
    if (type.kind === 'rangeType') return { kind: 'range', low: type.low, high: type.high };
    if (type.kind !== 'hole') range(c, t.start, { kind: 'hole', start: t.start, end: c.lastEnd });
    return { kind: 'names', names: [] };
  }
  c.missing('`{` and the values, a range such as `1..3`, or `bool`');
  return { kind: 'names', names: [] };
}

/** `{ a, b }`: commas or newlines between. */
function names(c: Cursor, what: string, of: string): Name[] {
  const found: Name[] = [];
  parseBody(c, { what: of, flat: false }, () => {
    if (!c.at('word')) {
      c.missing(what);
      c.skipLine();
      return;
    }
    found.push(c.takeName());
    if (c.at(',')) c.take();
    else if (!c.lineEnds && !c.at('}')) {
      c.missing('`,` or `}`');
      c.skipLine();
    }
  });
  return found;
}

function parseEnum(c: Cursor, start: number, doc: string | null): Enum {
  const name = c.name('the name of the enum');
  return { kind: 'enum', name, members: names(c, 'a member', '`enum`'), doc, start, end: c.lastEnd };
}

function parseStruct(c: Cursor, start: number, doc: string | null): Declaration {
  const name = c.name('the name of the struct');
  let capacity: Expression | null = null;
  if (c.follows('[')) capacity = parseList(c, '[', ']', () => parseExpression(c, 'the size of the pool'))[0] ?? null;
  let alias: Type | null = null;
  const fields: Field[] = [];
  if (c.takeIf('=')) alias = parseType(c);
  else parseBody(c, { what: '`struct`', flat: true }, () => field(c, fields));
  return { kind: 'struct', name, capacity, alias, fields, doc, start, end: c.lastEnd };
}

function field(c: Cursor, into: Field[]): void {
  if (skipsHabit(c, 'struct')) return;
  const { start, doc, kind } = c.token;
  if (kind !== 'word') {
    c.missing('a field');
    c.skipLine();
    return;
  }
  const name = c.takeName();
  let type: Type = { kind: 'hole', start: c.lastEnd, end: c.lastEnd };
  if (c.colon()) type = parseType(c);
  else c.missing('`:` and a type');
  into.push({ kind: 'field', name, type, doc, start, end: c.lastEnd });
  if (c.at(',') || c.at(';')) c.take();
  else if (!c.lineEnds && !c.at('}')) {
    c.error(codes.syntax, c.token, `unexpected ${describe(c.token)}: a field ends with its line`);
    c.skipLine();
  }
}

function parseOps(c: Cursor, keyword: 'ops' | 'driver', start: number, doc: string | null): Declaration {
  const name = c.name(keyword === 'ops' ? 'the name of the table' : 'the name of the driver');
  const type = typePath(c);
  const entries: OpsEntry[] = [];
  parseEntries(c, `\`${keyword}\``, entries);
  return { kind: 'ops', keyword, name, type, entries, doc, start, end: c.lastEnd };
}

/** `: TYPE`. */
function typePath(c: Cursor): Path {
  if (c.expect(':', '`:` and a type')) return parsePath(c, 'a type');
  return { kind: 'path', start: c.lastEnd, end: c.lastEnd, parts: [c.hole()] };
}

function parseEntries(c: Cursor, what: string, into: OpsEntry[]): void {
  let afterHole = false;
  parseBody(c, { what, flat: true }, () => {
    const found = entry(c, afterHole);
    afterHole = found === null;
    if (found !== null) into.push(found);
  });
}

function entry(c: Cursor, afterHole: boolean): OpsEntry | null {
  const { start, doc } = c.token;
  if (c.atWord('if')) {
    c.take();
    return c.deeper(() => ifEntries(c, start));
  }
  if (c.atWord('fn') && c.nextIs('word')) {
    const t = c.take();
    c.remark(codes.foreignSyntax, t, 'an entry of a table stands without `fn`', [{ title: 'Remove `fn`', edits: [{ span: { start: t.start, end: c.token.start }, text: '' }] }]);
  } else if (c.at('.') && c.nextIs('word')) {
    const t = c.take();
    c.remark(codes.foreignSyntax, t, 'an entry of a table stands without the dot', [{ title: 'Remove the dot', edits: [{ span: { start: t.start, end: t.end }, text: '' }] }]);
  }
  if (c.at('word') && (c.nextIs('(') || c.nextIs('='))) {
    const name = c.takeName();
    if (c.at('(')) {
      const made: OpsEntry = { kind: 'method', ...signature(c, name), body: parseFunctionBody(c, `\`${name.text}\``), doc, start, end: c.lastEnd };
      endOfEntry(c);
      return made;
    }
    const made: OpsEntry = { kind: 'value', name, value: initialiser(c), doc, start, end: c.lastEnd };
    endOfEntry(c);
    return made;
  }
  if (!afterHole) c.error(codes.syntax, c.token, `an entry of the table expected (\`name(...) { }\` or \`name = value\`), found ${describe(c.token)}`);
  c.skipLine();
  return null;
}

/** `init { } exit { }`: the `}` of a body ends what it belongs to. */
function endsWithItsBrace(c: Cursor): boolean {
  return c.last?.kind === '}' && c.at('word') && !c.reported;
}

function endOfEntry(c: Cursor): void {
  if (c.at(',') || c.at(';')) c.take();
  else if (!c.lineEnds && !c.at('}') && !endsWithItsBrace(c)) {
    c.error(codes.syntax, c.token, `unexpected ${describe(c.token)}: an entry ends with its line`);
    c.skipLine();
  }
}

function ifEntries(c: Cursor, start: number): OpsEntry {
  const condition = parseExpression(c, 'a condition');
  const then: OpsEntry[] = [];
  const otherwise: OpsEntry[] = [];
  parseEntries(c, '`if`', then);
  if (elseFollows(c)) {
    if (c.followsWord('if')) {
      const nested = c.take();
      const inner = c.deeper(() => ifEntries(c, nested.start));
      if (inner !== null) otherwise.push(inner);
    } else {
      parseEntries(c, '`else`', otherwise);
    }
  }
  return { kind: 'ifEntries', condition, then, else: otherwise, start, end: c.lastEnd };
}

/** `(a, b: T) -> T`. */
function signature(c: Cursor, name: Name): { readonly name: Name; readonly parameters: readonly Parameter[]; readonly returns: Type | null } {
  const parameters = parseList(c, '(', ')', () => parameter(c));
  const returns = c.takeIf('->') ? parseType(c) : null;
  return { name, parameters, returns };
}

function parameter(c: Cursor): Parameter {
  const typeFirst = parameterOfC(c);
  if (typeFirst !== null) return typeFirst;
  const name = c.name('a parameter');
  const type = name.text !== '' && c.colon() ? parseType(c) : null;
  return { kind: 'parameter', name, type, start: name.start, end: c.lastEnd };
}

/** `void`, and `struct file *file`: the type stands first. */
function parameterOfC(c: Cursor): Parameter | null {
  const t = c.token;
  if (t.kind !== 'word') return null;
  if (t.text === 'void' && c.nextIs(')')) {
    c.error(codes.foreignSyntax, t, 'a function without parameters is written `fn f()` here', [{ title: 'Remove `void`', edits: [{ span: { start: t.start, end: t.end }, text: '' }] }]);
    c.skip();
  } else if (!skipsHabit(c, 'parameter')) return null;
  const name = c.hole();
  return { kind: 'parameter', name, type: null, start: name.start, end: c.lastEnd };
}

function parseModule(c: Cursor, start: number, doc: string | null): Declaration {
  const name = c.name('the name of the module');
  const unloaded = c.takeWord('unloaded') || suffix(c, 'unloaded');
  return { kind: 'module', name, unloaded, declarations: declarations(c, 'module', '`module`'), doc, start, end: c.lastEnd };
}

/** A misspelt word at the end of a head. */
function suffix(c: Cursor, word: string): boolean {
  if (!c.follows('word') || c.peek(1).kind === 'end' || nearest(c.token.text, [word]) === null) return false;
  c.misspelt(word);
  c.take();
  return true;
}

function declarations(c: Cursor, container: Container, what: string): Declaration[] {
  const found: Declaration[] = [];
  parseBody(c, { what, flat: true }, () => declare(c, container, found));
  return found;
}

function parseDevice(c: Cursor, start: number, doc: string | null): Device {
  const name = c.name('the name of the device');
  const type = typePath(c);
  const binds = c.takeWord('binds') || suffix(c, 'binds') ? separated(c, () => parsePath(c, 'a driver')) : [];
  const unbound = c.takeWord('unbound') || suffix(c, 'unbound');
  return { kind: 'device', name, type, binds, unbound, doc, start, end: c.lastEnd };
}

function parseProcess(c: Cursor, start: number, doc: string | null): Declaration {
  const name = c.name('the name of the process');
  let count = 1;
  const t = c.token;
  if (c.follows('word') && /^x[0-9]+$/.test(t.text)) {
    c.take();
    count = Number(t.text.slice(1));
    if (count < 1 || count > 64) {
      c.remark(codes.syntax, t, 'between 1 and 64 identical processes: `x3`');
      count = Math.max(1, Math.min(64, count));
    }
  }
  return { kind: 'process', name, count, body: parseFunctionBody(c, '`process`'), doc, start, end: c.lastEnd };
}

function parseIf(c: Cursor, container: Container, start: number): Declaration {
  const condition = parseExpression(c, 'a condition');
  const then = declarations(c, container, '`if`');
  let otherwise: Declaration[] = [];
  if (elseFollows(c)) {
    if (c.followsWord('if')) {
      const nested = c.take();
      const inner = c.deeper(() => parseIf(c, container, nested.start));
      if (inner !== null) otherwise = [inner];
    } else {
      otherwise = declarations(c, container, '`else`');
    }
  }
  return { kind: 'ifDeclaration', condition, then, else: otherwise, start, end: c.lastEnd };
}

