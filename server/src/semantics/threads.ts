// Threads of a process, which `expect ... by` can name. Their statements are checked like the process's own.
import type * as tree from '../syntax/tree.ts';
import type { Body } from './body.ts';

export function threads(b: Body, name: tree.Name): void {
  if (b.process === null || b.a.symbols.has(name)) return;
  const symbol = { kind: 'thread', name: name.text, process: b.process } as const;
  b.a.symbols.set(name, symbol);
  b.a.threads.push(symbol);
}
