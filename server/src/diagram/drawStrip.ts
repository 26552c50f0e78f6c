// The clock strip as SVG elements, like draw.ts for the diagram above it. Kinds have shapes of their own, so that colour says nothing alone.
import type { Shape } from './draw.ts';
import type { Strip, StripMark, StripText } from './strip.ts';

/** With the strip's upper edge at `top`. */
export function stripShapes(strip: Strip, top = 0): readonly Shape[] {
  return [
    { tag: 'line', attributes: { class: 'strip-edge', x1: 4, x2: strip.width - 4, y1: top, y2: top } },
    ...strip.columns.map((c): Shape => ({ tag: 'line', attributes: { class: 'instant', x1: c.x, x2: c.x, y1: top + 22, y2: top + strip.tracks } })),
    ...strip.rules.map((r): Shape => ({ tag: 'line', attributes: { class: `rule ${r.kind}`, x1: r.x, x2: r.x, y1: top + r.y1, y2: top + r.y2 } })),
    ...strip.marks.map((m) => markShape(m, top)),
    ...strip.texts.map((t) => textShape(t, top)),
  ];
}

function markShape(m: StripMark, top: number): Shape {
  const y = top + m.y;
  return { tag: 'path', attributes: { class: `clock-mark ${m.kind}`, d: PATHS[m.kind](m.x, y), ...anchored(m) }, children: [{ tag: 'title', attributes: {}, text: m.title }] };
}

/** A dot, a cross, a flag, a bell-like triangle, a saw tooth, a broken line, an arrow down. */
const PATHS: Readonly<Record<StripMark['kind'], (x: number, y: number) => string>> = {
  sample: (x, y) => `M${x - 3.5} ${y}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0`,
  wrong: (x, y) => `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`,
  deadline: (x, y) => `M${x} ${y - 6}v12M${x} ${y - 6}l7 3l-7 3`,
  expiry: (x, y) => `M${x} ${y - 5}l5 5l-5 5l-5 -5Z`,
  alarm: (x, y) => `M${x} ${y - 5}l5 9h-10Z`,
  'roll-over': (x, y) => `M${x - 6} ${y + 4}L${x} ${y - 5}V${y + 4}H${x + 6}`,
  unplug: (x, y) => `M${x - 5} ${y}h3m4 0h3M${x - 2} ${y - 5}v10m4 -10v10`,
  set: (x, y) => `M${x} ${y - 6}v11m-4 -4l4 4l4 -4`,
};

function textShape(t: StripText, top: number): Shape {
  const title: Shape[] = t.full === t.text ? [] : [{ tag: 'title', attributes: {}, text: t.full }];
  return { tag: 'text', attributes: { class: `clock-text ${t.kind}${t.wrong ? ' wrong' : ''}`, x: t.x, y: top + t.y, ...anchored(t) }, text: t.text, children: title };
}

function anchored(e: { readonly anchor: number | null }): Readonly<Record<string, number>> {
  return e.anchor === null ? {} : { 'data-anchor': e.anchor };
}
