// Draws a laid-out trace once, as SVG; after that only the cursor, the veil over what is still to come, and the marks of a search move.
import type { Diagram } from '../../server/src/diagram/display.ts';
import { headerShapes, pictureShapes, rowShapes } from '../../server/src/diagram/draw.ts';
import type { Trace } from '../../server/src/trace/trace.ts';
import { element, shapeNode, svgElement } from './dom.ts';
import { announcement, rowOfStep } from './stepper.ts';

export interface DiagramView {
  readonly node: HTMLElement;
  /** Draws another layout of the same or another trace. */
  draw(trace: Trace, diagram: Diagram): void;
  select(step: number): void;
  /** Steps that a search has found. */
  mark(steps: readonly number[]): void;
  /** 0: as wide as there is room. */
  zoom(factor: number): void;
  focus(): void;
  /** Pixels that there are from left to right. */
  room(): number;
}

/** Below this a picture that is fitted to the panel's width cannot be read; it is scrolled instead. */
const FIT_MIN = 0.72;

export function diagramView(onPick: (step: number) => void, onRoom: (width: number) => void): DiagramView {
  const head = svgElement('svg', { class: 'head', 'aria-hidden': 'true' });
  const body = svgElement('svg', { class: 'body', role: 'presentation' });
  const cursor = svgElement('rect', { class: 'cursor', x: 4, rx: 4 });
  const veil = svgElement('rect', { class: 'veil', x: 0, y: 0 });
  const list = element('div', { class: 'canvas', role: 'listbox', tabindex: '0', 'aria-label': 'Steps of the trace' }, head, body);
  const node = element('div', { class: 'diagram' }, list);
  let diagram: Diagram | null = null;
  let factor = 0;
  let options: HTMLElement[] = [];
  let selected = 0;

  const fit = (): void => {
    if (diagram === null) return;
    const room = node.clientWidth / diagram.width;
    const scale = factor === 0 ? Math.max(FIT_MIN, Math.min(1, room)) : factor;
    size(head, diagram.width, diagram.headerHeight, 0, scale);
    size(body, diagram.width, diagram.height - diagram.headerHeight, diagram.headerHeight, scale);
  };
  new ResizeObserver(() => {
    fit();
    onRoom(node.clientWidth);
  }).observe(node);

  list.addEventListener('click', (event) => {
    const at = event.target instanceof Element ? rowAt(event, body, diagram) : null;
    if (at !== null) onPick(at);
    list.focus();
  });

  return {
    node,
    draw(trace, next) {
      diagram = next;
      // A new picture is there at once; only steps in it move.
      body.classList.add('still');
      requestAnimationFrame(() => requestAnimationFrame(() => body.classList.remove('still')));
      head.replaceChildren(...headerShapes(next).map(shapeNode));
      body.replaceChildren(...rowShapes(next).map(shapeNode), cursor, ...pictureShapes(next).map(shapeNode), veil);
      cursor.setAttribute('width', String(next.width - 8));
      veil.setAttribute('width', String(next.width));
      // Screen readers get a list of the rows that can be gone to; the picture itself says nothing to them.
      for (const o of options) o.remove();
      options = next.rows
        .filter((r) => r.steps.length > 0)
        .map((r) => element('div', { role: 'option', id: `step-${r.anchor}`, class: 'spoken', 'aria-selected': 'false' }, announcement(trace, r.anchor) + (r.steps.length > 1 ? `, and ${r.steps.length - 1} more steps folded` : '')));
      list.append(...options);
      fit();
    },
    select(step) {
      if (diagram === null) return;
      const row = diagram.rows[rowOfStep(diagram.rows, step)];
      if (row === undefined) return;
      const last = diagram.rows.filter((r) => r.steps.length > 0).at(-1) === row;
      cursor.setAttribute('height', String(row.height));
      cursor.style.transform = `translateY(${row.y}px)`;
      veil.setAttribute('height', String(last ? 0 : diagram.height));
      veil.style.transform = `translateY(${row.y + row.height}px)`;
      document.getElementById(`step-${selected}`)?.setAttribute('aria-selected', 'false');
      selected = row.anchor;
      document.getElementById(`step-${selected}`)?.setAttribute('aria-selected', 'true');
      list.setAttribute('aria-activedescendant', `step-${selected}`);
      show(node, body, head, diagram, row);
    },
    mark(steps) {
      if (diagram === null) return;
      const found = new Set(steps);
      const marked = new Set(diagram.rows.filter((r) => r.steps.some((s) => found.has(s))).map((r) => String(r.y)));
      for (const rect of body.querySelectorAll('rect.row')) rect.classList.toggle('match', marked.has(rect.getAttribute('y') ?? ''));
    },
    zoom(next) {
      factor = next;
      fit();
    },
    focus: () => list.focus(),
    room: () => node.clientWidth,
  };
}

function size(svg: SVGSVGElement, width: number, height: number, top: number, scale: number): void {
  svg.setAttribute('viewBox', `0 ${top} ${width} ${height}`);
  svg.setAttribute('width', String(width * scale));
  svg.setAttribute('height', String(height * scale));
}

function rowAt(event: MouseEvent, body: SVGSVGElement, diagram: Diagram | null): number | null {
  if (diagram === null) return null;
  const box = body.getBoundingClientRect();
  const y = diagram.headerHeight + ((event.clientY - box.top) / box.height) * (diagram.height - diagram.headerHeight);
  if (event.clientY < box.top) return null;
  return diagram.rows.find((r) => y >= r.y && y < r.y + r.height)?.anchor ?? null;
}

/** Scrolls as little as needed for the row, its verdict too where that comes next, to be seen below the header. */
function show(pane: HTMLElement, body: SVGSVGElement, head: SVGSVGElement, diagram: Diagram, row: Diagram['rows'][number]): void {
  const scale = body.getBoundingClientRect().height / Math.max(1, diagram.height - diagram.headerHeight);
  const top = (row.y - diagram.headerHeight) * scale;
  const below = diagram.rows.at(-1);
  const bottom = (below !== undefined && row.violation ? below.y + below.height : row.y + row.height * 2) - diagram.headerHeight;
  const room = pane.clientHeight - head.getBoundingClientRect().height;
  if (top < pane.scrollTop + row.height) pane.scrollTop = Math.max(0, top - row.height * 2);
  else if (bottom * scale > pane.scrollTop + room) pane.scrollTop = bottom * scale - room + 4;
}
