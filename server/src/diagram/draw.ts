// Turns a display list into SVG elements as plain data, with classes for everything that a style may want to say. svg.ts writes them as text, the
// webview makes DOM nodes of them, so that both show the same picture.
import type { Arrow, Bar, Diagram, Mark, Segment, TextLabel } from './display.ts';
import { SIZE } from './metrics.ts';

export interface Shape {
  readonly tag: 'g' | 'rect' | 'line' | 'path' | 'circle' | 'text' | 'title';
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly text?: string;
  readonly children?: readonly Shape[];
}

/** Lane titles, from y = 0 to the header's height. */
export function headerShapes(diagram: Diagram): readonly Shape[] {
  return diagram.lanes.map((lane): Shape => ({
    tag: 'g',
    attributes: { class: `lane ${lane.actor ? 'actor' : 'object'} ${lane.kind}` },
    children: [
      { tag: 'rect', attributes: { class: 'lane-box', x: lane.left + 2, y: 6, width: lane.right - lane.left - 8, height: SIZE.header - 12, rx: lane.actor ? 3 : 12 } },
      { tag: 'text', attributes: { class: 'lane-kind', x: lane.x - 2, y: 20 }, text: lane.subtitle },
      { tag: 'text', attributes: { class: 'lane-title', x: lane.x - 2, y: 36 }, text: lane.title },
    ],
  }));
}

/** Everything below the header but the rows, in drawing order. */
export function pictureShapes(diagram: Diagram): readonly Shape[] {
  return [
    ...diagram.segments.map(segmentShape),
    ...diagram.bars.flatMap(barShapes),
    ...diagram.arrows.map(arrowShape),
    ...diagram.marks.map(markShape),
    ...diagram.labels.map(labelShape),
  ];
}

/** What lies under the picture. */
export function rowShapes(diagram: Diagram): readonly Shape[] {
  const shapes: Shape[] = [];
  for (const row of diagram.rows) {
    const kind = row.violation ? `${row.kind} violation` : row.kind;
    shapes.push({ tag: 'rect', attributes: { class: `row ${kind}`, x: 4, y: row.y, width: diagram.width - 8, height: row.height, rx: 3, 'data-anchor': row.anchor } });
    if (row.turn) shapes.push({ tag: 'line', attributes: { class: 'turn', x1: 8, x2: diagram.width - 8, y1: row.y, y2: row.y } });
  }
  return shapes;
}

function segmentShape(s: Segment): Shape {
  return { tag: 'line', attributes: { class: `lifeline ${s.state}${s.focus ? ' focus' : ''}`, x1: s.x, x2: s.x, y1: s.y1, y2: s.y2 } };
}

function barShapes(b: Bar): readonly Shape[] {
  const rect: Shape = {
    tag: 'rect',
    attributes: { class: `bar ${b.kind}`, x: b.x, y: b.y1, width: b.width, height: Math.max(0, b.y2 - b.y1), rx: 2 },
    children: [{ tag: 'title', attributes: {}, text: b.title }],
  };
  return b.kind === 'blocked' ? [rect, { tag: 'path', attributes: { class: 'hatch', d: hatch(b) } }] : [rect];
}

/** Diagonals by hand: a pattern would need an id that is unique in the page. */
function hatch(b: Bar): string {
  const lines: string[] = [];
  for (let y = b.y1 + b.width; y <= b.y2; y += 5) lines.push(`M${b.x} ${y}l${b.width} ${-b.width}`);
  return lines.join('');
}

const HEAD = 6;
/** How far from the lifeline an arrow ends: at its edge, or at the mark that stands there. */
const TIP: Readonly<Record<Arrow['kind'], number>> = { call: 2, change: 2, alloc: 6, free: 8, access: 13, wake: 6 };

function arrowShape(a: Arrow): Shape {
  const way = a.x2 > a.x1 ? 1 : -1;
  const tip = a.x2 - way * TIP[a.kind];
  const head = a.kind === 'wake' ? `M${tip - way * HEAD} ${a.y - 3.5}L${tip} ${a.y}L${tip - way * HEAD} ${a.y + 3.5}` : `M${tip} ${a.y}L${tip - way * HEAD} ${a.y - 3.5}L${tip - way * HEAD} ${a.y + 3.5}Z`;
  return {
    tag: 'g',
    attributes: { class: `arrow to-${a.kind}` },
    children: [
      { tag: 'line', attributes: { class: 'shaft', x1: a.x1, x2: tip - way * (a.kind === 'wake' ? 1 : HEAD - 1), y1: a.y, y2: a.y } },
      { tag: 'path', attributes: { class: a.kind === 'wake' ? 'tip open' : 'tip', d: head } },
      { tag: 'title', attributes: {}, text: a.title },
    ],
  };
}

function markShape(m: Mark): Shape {
  const title: Shape = { tag: 'title', attributes: {}, text: m.title };
  switch (m.kind) {
    case 'birth':
      return { tag: 'circle', attributes: { class: 'mark birth', cx: m.x, cy: m.y, r: 4.5 }, children: [title] };
    case 'death':
      return { tag: 'path', attributes: { class: 'mark death', d: `M${m.x - 5.5} ${m.y - 5.5}l11 11m0 -11l-11 11` }, children: [title] };
    case 'violation':
      return { tag: 'g', attributes: { class: 'mark violation' }, children: [{ tag: 'path', attributes: { class: 'burst', d: star(m.x, m.y) } }, bang(m), title] };
    case 'refused':
      return { tag: 'g', attributes: { class: 'mark refused' }, children: [{ tag: 'path', attributes: { class: 'sign', d: octagon(m.x, m.y, 8.5) } }, { tag: 'path', attributes: { class: 'sign-bar', d: `M${m.x - 4.5} ${m.y}h9` } }, title] };
    case 'stuck':
      return {
        tag: 'g',
        attributes: { class: 'mark stuck' },
        children: [{ tag: 'rect', attributes: { class: 'sign', x: m.x - 8, y: m.y - 8, width: 16, height: 16, rx: 3 } }, { tag: 'path', attributes: { class: 'sign-bar', d: `M${m.x - 2.7} ${m.y - 4}v8m5.4 -8v8` } }, title],
      };
  }
}

function bang(m: Mark): Shape {
  return { tag: 'path', attributes: { class: 'bang', d: `M${m.x} ${m.y - 4.5}v5m0 2.6v1.2` } };
}

function star(x: number, y: number): string {
  const points: string[] = [];
  for (let i = 0; i < 16; i++) {
    const r = i % 2 === 0 ? 12 : 8;
    const a = (Math.PI * (i + 0.5)) / 8;
    points.push(`${round(x + r * Math.cos(a))} ${round(y + r * Math.sin(a))}`);
  }
  return `M${points.join('L')}Z`;
}

function octagon(x: number, y: number, r: number): string {
  const points: string[] = [];
  for (let i = 0; i < 8; i++) {
    const a = (Math.PI * (i + 0.5)) / 4;
    points.push(`${round(x + r * Math.cos(a))} ${round(y + r * Math.sin(a))}`);
  }
  return `M${points.join('L')}Z`;
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}

function labelShape(l: TextLabel): Shape {
  const classes = ['label', l.kind, ...(l.library ? ['library'] : []), ...(l.violation ? ['violation'] : [])].join(' ');
  const anchor: Shape['attributes'] = l.kind === 'number' ? { 'text-anchor': 'end' } : {};
  const title: Shape[] = l.full === l.text ? [] : [{ tag: 'title', attributes: {}, text: l.full }];
  return { tag: 'text', attributes: { class: classes, x: l.x, y: round(l.y), ...anchor }, text: l.text, children: title };
}

