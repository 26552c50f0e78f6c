// Declarations as C has them, which are written by habit: seen as a whole, so that each has one message, with how it is written here. What is in
// them is not read.
import { codes } from '../base/codes.ts';
import type { Fix } from '../base/diagnostic.ts';
import type { Cursor } from './cursor.ts';
import type { Token } from './token.ts';

const SPECIFIERS: ReadonlySet<string> = new Set(['static', 'extern', 'inline', 'const', 'volatile', 'unsigned', 'signed', 'noinline', 'asmlinkage', '__always_inline']);
const TYPES: ReadonlySet<string> = new Set([
  'void', 'int', 'long', 'short', 'char', 'bool', 'u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', 'size_t', 'ssize_t', 'ktime_t', 'irqreturn_t', 'spinlock_t', 'atomic_t',
]);
const TAGS: ReadonlySet<string> = new Set(['struct', 'enum', 'union']);

/** `struct`, `unsigned`, `const`: words that C has before a type. */
export function isBeforeType(word: string): boolean {
  return SPECIFIERS.has(word) || TAGS.has(word);
}

interface Habit {
  readonly kind: 'function' | 'variable' | 'table';
  readonly name: Token;
  /** `ref timer_dev`. */
  readonly type: string;
  readonly start: number;
  /** Tokens up to the name. */
  readonly length: number;
}

type Where = 'file' | 'module' | 'struct' | 'parameter' | 'function';

/** Says how a C declaration that stands here is written, and leaves it. False: there is none. */
export function skipsHabit(c: Cursor, where: Where): boolean {
  const found = habit(c);
  if (found === null || ((where === 'function' || where === 'parameter') && found.kind === 'function')) return false;
  c.error(codes.foreignSyntax, { start: found.start, end: found.name.end }, told(found, where), fixesOf(c, found, where));
  for (let i = 0; i < found.length; i++) c.skip();
  if (found.kind === 'function') c.skipFunction();
  else if (where === 'parameter') c.hush();
  else c.skipLine();
  return true;
}

function told({ kind, name, type }: Habit, where: Where): string {
  if (kind === 'function') return `a function is written \`fn ${name.text}(...) { }\` here, and a parameter \`t: ref timer_dev\``;
  if (kind === 'table') return `a table of operations is written \`ops ${name.text}: ${type} { owner = ... }\` here`;
  if (where === 'function') return `a local variable is written \`let ${name.text} = ...\` here: what it is assigned says its type`;
  const what = where === 'struct' ? 'a field' : where === 'parameter' ? 'a parameter' : 'a variable';
  return `${what} is written \`${name.text}: ${type}\` here, the name first`;
}

function fixesOf(c: Cursor, { kind, name, type, start, length }: Habit, where: Where): readonly Fix[] {
  const after = c.peek(length);
  const alone = after.kind === ';' || where === 'parameter';
  if (kind !== 'variable' || where === 'function' || !alone) return [];
  const text = `${name.text}: ${type}`;
  return [{ title: `Write \`${text}\``, edits: [{ span: { start, end: where === 'parameter' ? name.end : after.end }, text }] }];
}

/** `static struct foo *bar`, with what follows the name deciding what it is. */
function habit(c: Cursor): Habit | null {
  const first = c.token;
  const here = (i: number): Token | null => {
    const t = c.peek(i);
    return t.kind === 'end' || (i > 0 && t.first) ? null : t;
  };
  const word = (i: number): string | null => {
    const t = here(i);
    return t?.kind === 'word' ? t.text : null;
  };
  let i = 0;
  while (SPECIFIERS.has(word(i) ?? '')) i++;
  const specified = i > 0;
  const tagged = TAGS.has(word(i) ?? '');
  if (tagged) i++;
  const type = word(i);
  if (type === null || (!tagged && !specified && !TYPES.has(type))) return null;
  // `unsigned n`: the specifier is the type.
  const named = word(i + 1) !== null || here(i + 1)?.kind === '*';
  if (!named) return null;
  i++;
  let stars = 0;
  for (; here(i)?.kind === '*'; i++) stars++;
  while (word(i)?.startsWith('__') === true && word(i + 1) !== null) i++;
  const name = here(i);
  if (name === null || name.kind !== 'word' || (!specified && !tagged && stars === 0 && word(i) === null)) return null;
  const next = here(i + 1);
  const shown = stars > 0 && type === 'void' ? 'any' : `${stars > 0 ? 'ref ' : ''}${type}`;
  const made = (kind: Habit['kind']): Habit => ({ kind, name, type: shown, start: first.start, length: i + 1 });
  if (next === null || next.kind === ';' || next.kind === ',' || next.kind === ')' || next.kind === '[') return made('variable');
  // `void` alone is read as `fn`, and what follows with it.
  if (next.kind === '(') return type === 'void' && !specified && stars === 0 ? null : made('function');
  if (next.kind !== '=') return null;
  return made(here(i + 2)?.kind === '{' ? 'table' : 'variable');
}

/** Macros of C that stand before a block or take the rest of one, each with what does so here. */
const BLOCK_MACROS: ReadonlyArray<readonly [name: RegExp, written: string]> = [
  [/^(h?list_for_each|llist_for_each|h?list_for_each_entry|llist_for_each_entry)(_safe|_reverse|_continue|_from|_rcu|_srcu)*$/, 'a list is walked as in `for x in d.list { ... }`'],
  [/^(scoped_guard|scoped_cond_guard|guard)$/, 'what is held for a block stands before it, as in `with mutex_lock(d.lock) { ... }`'],
];

/** Says how a macro that takes a block is written, and leaves it with its block. False: there is none. */
export function skipsBlockMacro(c: Cursor): boolean {
  const { token } = c;
  const written = BLOCK_MACROS.find(([name]) => name.test(token.text))?.[1];
  if (written === undefined || c.peek(1).kind !== '(') return false;
  // `guard(x)` may be somebody's function; `guard(mutex)(x)` is not.
  if (token.text === 'guard' && c.peek(4).kind !== '(') return false;
  c.error(codes.foreignSyntax, token, `\`${token.text}\` is written otherwise here: ${written}`);
  c.skipLine();
  return true;
}

/** Macros of C that stand alone in a file, and what to write instead; null for others. */
export function macroInstead(name: string): string | null {
  if (/^MODULE_[A-Z_]+$|^EXPORT_SYMBOL/.test(name)) return `\`${name}\` touches nothing that is modelled: leave it out`;
  if (name === 'module_init' || name === 'module_exit') return `what \`${name}\` names stands in its module, as \`${name.slice('module_'.length)} { }\``;
  const driver = /^module_(\w+_driver)$/.exec(name);
  return driver === null ? null : `\`${name}\` is written out, in the module: \`init { ${driver[1].replace('_driver', '_register_driver')}(d)? }\` and \`exit { ${driver[1].replace('_driver', '_unregister_driver')}(d) }\``;
}
