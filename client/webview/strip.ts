// The clock strip under the diagram: drawn once for each trace; the column of the selected step is marked, a look at a clock can be gone to.
import { stripShapes } from '../../server/src/diagram/drawStrip.ts';
import { type Strip, stripOf } from '../../server/src/diagram/strip.ts';
import type { Trace } from '../../server/src/trace/trace.ts';
import { element, shapeNode, svgElement } from './dom.ts';

export interface StripView {
  readonly node: HTMLElement;
  draw(trace: Trace): void;
  select(step: number): void;
}

export function stripView(onPick: (step: number) => void): StripView {
  const svg = svgElement('svg', { class: 'clock', role: 'img' });
  const now = svgElement('rect', { class: 'now', y: 2, rx: 3 });
  const node = element('section', { class: 'strip', 'aria-label': 'Clocks', tabindex: '0' }, svg);
  let strip: Strip | null = null;

  svg.addEventListener('click', (event) => {
    const anchor = event.target instanceof Element ? event.target.closest('[data-anchor]')?.getAttribute('data-anchor') : null;
    if (anchor !== null && anchor !== undefined) onPick(Number(anchor));
  });

  return {
    node,
    draw(trace) {
      strip = stripOf(trace);
      node.hidden = strip === null;
      if (strip === null) return;
      svg.setAttribute('width', String(strip.width));
      svg.setAttribute('height', String(strip.height));
      svg.setAttribute('aria-label', strip.marks.map((m) => m.title).join('; '));
      now.setAttribute('height', String(strip.tracks + 4));
      svg.replaceChildren(now, ...stripShapes(strip).map(shapeNode));
    },
    select(step) {
      const column = columnOf(strip, step);
      now.setAttribute('visibility', column === null ? 'hidden' : 'visible');
      if (column === null) return;
      now.setAttribute('x', String(column.x - 8));
      now.setAttribute('width', String(column.width - 4));
      const left = column.x - 8;
      if (left < node.scrollLeft + 90) node.scrollLeft = Math.max(0, left - 90);
      else if (left + column.width > node.scrollLeft + node.clientWidth) node.scrollLeft = left + column.width - node.clientWidth;
    },
  };
}

/** The column at whose time the step was taken; between two, the one that came last. */
function columnOf(strip: Strip | null, step: number): Strip['columns'][number] | null {
  return strip?.columns.findLast((c) => c.steps.some((s) => s <= step)) ?? null;
}
