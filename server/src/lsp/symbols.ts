// From a cursor in an open file to what it is on. What can be asked of a symbol is semantics/query.ts.
import type { Program, Symbol } from '../semantics/program.ts';
import { symbolAt as symbolIn } from '../semantics/query.ts';
import type * as tree from '../syntax/tree.ts';
import { pathAt } from '../syntax/visit.ts';
import type { Document } from './documents.ts';

export interface Found {
  readonly name: tree.Name;
  readonly symbol: Symbol;
  /** The combination of parameters in which the name stands for it: the first, unless an `if` leaves the place out there. */
  readonly program: Program;
}

export function symbolAt(document: Document, offset: number): Found | null {
  for (const program of document.analysis.programs) {
    const found = symbolIn(program, document.uri, offset);
    if (found !== null) return { ...found, program };
  }
  return null;
}

export function nameAt(file: tree.File, offset: number): tree.Name | null {
  const node = pathAt(file, offset).at(-1);
  return node?.kind === 'name' && node.text !== '' ? node : null;
}
