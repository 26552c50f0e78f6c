// The design space as a table: rows are combinations of params, columns verdicts; a cell opens its trace. Sorts, filters, copies as text.
import { CELL_TEXT, matrixText, type Cell, type MatrixRow } from '../../server/src/diagram/matrix.ts';
import { button, element } from './dom.ts';
import { cellTitle, filteredRows, sortedRows } from './matrixRows.ts';
import type { FromMatrixPage, SavedMatrix, ShowMatrix } from './protocol.ts';

export interface MatrixView {
  readonly node: HTMLElement;
  show(message: ShowMatrix, saved: SavedMatrix | null): void;
  stale(stale: boolean): void;
}

export interface MatrixHost {
  readonly post: (message: FromMatrixPage) => void;
  readonly save: (saved: SavedMatrix) => void;
}

const MAIL_WIDTH = 72;
const SYMBOL: Readonly<Record<Cell['state'], string>> = { unreachable: '\u00b7', expected: '\u25cf', unexpected: '\u2716', open: '?' };

export function matrixView(host: MatrixHost): MatrixView {
  let shown: ShowMatrix | null = null;
  let sort = -1;
  let descending = false;
  const title = element('h1', {});
  const old = element('span', { class: 'old', role: 'status' });
  const filter = element('input', { type: 'search', class: 'search', placeholder: 'Filter: srcu use-after-free', 'aria-label': 'Filter combinations', spellcheck: 'false' });
  const count = element('output', { class: 'found', 'aria-live': 'polite' });
  const copy = button('Copy for mail', 'Copy as a table of at most 72 columns', () => {
    if (shown !== null) host.post({ type: 'copy', as: 'mail', text: matrixText({ ...shown.matrix, rows: rows() }, MAIL_WIDTH) });
  });
  copy.classList.add('primary');
  const table = element('table', { class: 'matrix' });
  const claims = element('ul', { class: 'claims', 'aria-label': 'Claims' });
  const legend = element('p', { class: 'legend' }, ...(['expected', 'unexpected', 'unreachable', 'open'] as const).map((state) => element('span', {}, element('span', { class: `cell ${state}`, 'aria-hidden': 'true' }, SYMBOL[state]), { expected: ' reachable, as expected', unexpected: ' reachable, not expected', unreachable: ' not reachable', open: ' not decided' }[state])));
  const node = element('main', { class: 'viewer' }, element('header', { class: 'title' }, title, old), element('div', { class: 'controls', role: 'toolbar' }, filter, count, copy), element('div', { class: 'scroll' }, table, legend, claims));
  filter.addEventListener('input', () => draw());

  function rows(): readonly MatrixRow[] {
    return shown === null ? [] : filteredRows(shown.matrix, sortedRows(shown.matrix, sort, descending), filter.value);
  }

  function sortBy(column: number): void {
    // A third click gives the order of the file back.
    if (sort !== column) [sort, descending] = [column, false];
    else if (!descending) descending = true;
    else [sort, descending] = [-1, false];
    draw();
  }

  function draw(): void {
    if (shown === null) return;
    const { matrix } = shown;
    const visible = rows();
    const heads = [...matrix.params, ...matrix.columns].map((name, i) => {
      const by = sort === i ? (descending ? 'descending' : 'ascending') : 'none';
      const arrow = sort === i ? (descending ? ' \u25be' : ' \u25b4') : '';
      return element('th', { scope: 'col', 'aria-sort': by, class: i < matrix.params.length ? 'param' : 'verdict' }, button(name + arrow, `Sort by ${name}`, () => sortBy(i)));
    });
    table.replaceChildren(element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...visible.map(rowNode)));
    count.textContent = visible.length === matrix.rows.length ? `${matrix.rows.length} combinations` : `${visible.length} of ${matrix.rows.length} combinations`;
    host.save({ show: shown, sort, descending, filter: filter.value });
  }

  function rowNode(row: MatrixRow): HTMLElement {
    const columns = shown?.matrix.columns ?? [];
    return element(
      'tr',
      {},
      ...row.values.map((v) => element('th', { scope: 'row' }, v)),
      ...row.cells.map((c, i) => element('td', { class: c.state }, cellNode(c, columns[i]))),
    );
  }

  function cellNode(cell: Cell, kind: string): HTMLElement {
    const { violation } = cell;
    const said = cellTitle(cell, kind);
    if (violation === null) return element('span', { class: `cell ${cell.state}`, title: said, role: 'img', 'aria-label': said }, SYMBOL[cell.state]);
    const open = button(SYMBOL[cell.state], said, () => host.post({ type: 'open', violation }), { class: `cell ${cell.state}`, 'data-text': CELL_TEXT[cell.state] });
    return open;
  }

  return {
    node,
    show(message, saved) {
      shown = message;
      sort = saved?.sort ?? -1;
      descending = saved?.descending ?? false;
      filter.value = saved?.filter ?? '';
      title.textContent = message.title;
      document.title = message.title;
      claims.replaceChildren(...message.matrix.claims.map((c) => element('li', { class: c.state }, element('strong', {}, c.state), ` ${c.text}`)));
      this.stale(message.stale);
      draw();
    },
    stale(stale) {
      old.textContent = stale ? 'The file has changed since' : '';
      node.classList.toggle('stale', stale);
    },
  };
}
