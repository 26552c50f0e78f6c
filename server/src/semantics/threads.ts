// Threads of a process, which `expect ... by` can name. Their statements are checked like the process's own.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import { type Body, complain } from './body.ts';

export function declareThread(b: Body, name: tree.Name): void {
  const { process } = b;
  if (process === null || name.text === '') return;
  if (!b.a.symbols.has(name)) {
    const symbol = { kind: 'thread', name: name.text, process } as const;
    b.a.symbols.set(name, symbol);
    b.a.threads.push(symbol);
  }
  const first = b.a.threads.find((t) => t.process === process && t.name === name.text);
  if (first !== b.a.symbols.get(name))
    complain(b, codes.duplicateName, name, `process \`${process.name}\` has two threads \`${name.text}\``);
}
