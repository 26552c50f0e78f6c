// Reads one operation of an ordering, `r = timer_delete_sync(t)`, and checks it against the things that exist.
import { ops } from './ops.ts';
import type { Call, Thing } from './world.ts';

/** The call, after the guard that stands behind it if there is one; or what is wrong with the text. */
export function parseCall(text: string, things: Readonly<Record<string, Thing>>): readonly Call[] | string {
  const [, main = '', word, flag = ''] = /^(.*?)(?:\s+(if|unless)\s+([A-Za-z_]\w*))?\s*;?\s*$/.exec(text) ?? [];
  const call = parseOne(main, things);
  if (word === undefined || typeof call === 'string') return typeof call === 'string' ? call : [call];
  const wrong = checkArgs(word, ops[word]!, [flag], things);
  return wrong ?? [{ text: `${word} ${flag}`, result: null, op: word, args: [flag] }, call];
}

function parseOne(text: string, things: Readonly<Record<string, Thing>>): Call | string {
  const m = /^\s*(?:([A-Za-z_]\w*)\s*=\s*)?([a-z_]\w*)\s*(?:\(([^()]*)\))?\s*$/.exec(text);
  if (m === null) return `expected an operation such as "timer_delete_sync(t)" or "r = timer_delete_sync(t)", got "${text}"`;
  const [, result, name = '', inner] = m;
  if (name === 'return') return 'to re-queue an hrtimer, write "restart()" as the last operation; a callback returns at its end anyway';
  const op = ops[name];
  if (op === undefined || op.guard === true) return `unknown operation "${name}"; known: ${known().join(', ')}`;
  const args = (inner ?? '').split(',').flatMap((a) => (a.trim() === '' ? [] : [a.trim()]));
  // As in C: queue_work(wq, w). The queue is declared with the work.
  const shown = op.queueFirst === true && things[args[0]!]?.type === 'workqueue' ? args.slice(1) : args;
  const wrong = checkArgs(name, op, shown, things) ?? checkQueue(name, args, shown, things);
  if (wrong !== null) return wrong;
  return { text: text.trim(), result: result ?? null, op: name, args: shown };
}

const known = (): string[] => Object.entries(ops).flatMap(([name, op]) => (op.guard === true ? [] : [name]));

function checkArgs(
  name: string,
  op: (typeof ops)[string],
  args: readonly string[],
  things: Readonly<Record<string, Thing>>,
): string | null {
  const most = op.on.length + (op.extra === true ? 1 : 0);
  if (args.length < op.on.length || args.length > most)
    return `${name} takes ${op.on.length === most ? most : `${op.on.length} or ${most}`} arguments, got ${args.length}`;
  for (const [i, types] of op.on.entries()) {
    const thing = things[args[i]!];
    if (thing === undefined) return `"${args[i]}" is not among the objects`;
    if (!types.includes(thing.type)) return `${name} wants a ${types.join(' or ')}, but "${args[i]}" is a ${thing.type}`;
  }
  const expiry = args[op.on.length];
  return expiry === undefined || /^\d+$/.test(expiry) ? null : `${name} wants a number for its expiry, got "${expiry}"`;
}

function checkQueue(
  name: string,
  args: readonly string[],
  shown: readonly string[],
  things: Readonly<Record<string, Thing>>,
): string | null {
  if (args.length === shown.length) return null;
  const work = things[shown[0]!];
  const queue = work !== undefined && 'queue' in work ? work.queue : null;
  if (queue === args[0]) return null;
  return `${name} names the queue "${args[0]}", but "${shown[0]}" is declared with ${queue === null ? 'none' : `"${queue}"`}`;
}
