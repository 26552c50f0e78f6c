// Which rows of a design space are shown, and in which order: plain data and functions, no DOM.
import type { Cell, Matrix, MatrixRow } from '../../server/src/diagram/matrix.ts';

const ORDER: readonly Cell['state'][] = ['unexpected', 'expected', 'open', 'unreachable'];

/** `sort` counts params first, then columns; -1 keeps the order of the file. Equal rows stay as they were. */
export function sortedRows(matrix: Matrix, sort: number, descending: boolean): readonly MatrixRow[] {
  if (sort < 0 || sort >= matrix.params.length + matrix.columns.length) return matrix.rows;
  const column = sort - matrix.params.length;
  const compare = (a: MatrixRow, b: MatrixRow): number =>
    column < 0 ? a.values[sort].localeCompare(b.values[sort], 'en', { numeric: true }) : ORDER.indexOf(a.cells[column].state) - ORDER.indexOf(b.cells[column].state);
  return [...matrix.rows].sort((a, b) => (descending ? -compare(a, b) : compare(a, b)));
}

/** Rows in which every word occurs: a value (`srcu`), `name=value`, a verdict that is reachable in it, or `as-expected`. */
export function filteredRows(matrix: Matrix, rows: readonly MatrixRow[], filter: string): readonly MatrixRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter((w) => w !== '');
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const found = matrix.columns.filter((_, i) => row.cells[i].state === 'expected' || row.cells[i].state === 'unexpected');
    const texts = [...row.values, ...matrix.params.map((p, i) => `${p}=${row.values[i]}`), ...found, ...(row.asExpected === true ? ['as-expected'] : [])].map((t) => t.toLowerCase());
    return words.every((w) => texts.some((t) => t.includes(w)));
  });
}

/** For screen readers, and as the title of a cell. */
export function cellTitle(cell: Cell, kind: string): string {
  switch (cell.state) {
    case 'unreachable':
      return `${kind}: not reachable`;
    case 'expected':
      return `${kind}: reachable, as expected. Show its trace`;
    case 'unexpected':
      return `${kind}: reachable, not expected. Show its trace`;
    case 'open':
      return `${kind}: not decided, the exploration was incomplete`;
  }
}
