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
  const { file, program } = document.first;
  const found = symbolIn(program, document.uri, offset);
  if (found !== null) return { ...found, program };
  // An `if` may leave the place out of the first combination: then, and only then, the others are asked.
  if (program.paramInfos.length === 0 || nameAt(file, offset) === null) return null;
  for (const other of document.analysis.programs) {
    const there = symbolIn(other, document.uri, offset);
    if (there !== null) return { ...there, program: other };
  }
  return null;
}

export function nameAt(file: tree.File, offset: number): tree.Name | null {
  const node = pathAt(file, offset).at(-1);
  return node?.kind === 'name' && node.text !== '' ? node : null;
}
