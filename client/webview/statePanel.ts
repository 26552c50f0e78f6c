// The state beside the picture: who is where, and every object's fields at the selected step, with what this step changes marked.
import { type ObjectStates, statesOf, target } from '../../server/src/trace/state.ts';
import { ends } from '../../server/src/trace/lanes.ts';
import { formatNanoseconds } from '../../server/src/trace/nanoseconds.ts';
import type { Trace } from '../../server/src/trace/trace.ts';
import { element } from './dom.ts';

export interface StatePanel {
  readonly node: HTMLElement;
  draw(trace: Trace): void;
  select(step: number): void;
}

interface Cell {
  readonly object: string;
  readonly field: string;
  readonly row: HTMLElement;
  readonly value: HTMLElement;
  readonly was: HTMLElement;
}

export function statePanel(): StatePanel {
  const about = element('section', { class: 'about', 'aria-label': 'Selected step' });
  const objects = element('section', { class: 'objects', 'aria-label': 'Objects after this step' });
  const node = element('aside', { class: 'state', 'aria-label': 'State' }, about, objects);
  let trace: Trace | null = null;
  let states: readonly ObjectStates[] = [];
  let cells: Cell[] = [];
  let boxes = new Map<string, HTMLElement>();

  return {
    node,
    draw(next) {
      trace = next;
      states = statesOf(next);
      cells = [];
      boxes = new Map();
      const inPicture = next.lanes.map((l) => l.id);
      const names = Object.keys(next.initial);
      const first = inPicture.filter((id) => names.includes(id));
      const rest = names.filter((n) => !inPicture.includes(n));
      const box = (name: string): HTMLElement => {
        const made = objectBox(name, next, cells);
        boxes.set(name, made);
        return made;
      };
      const others = element('details', { class: 'others' }, element('summary', {}, `${rest.length} more ${rest.length === 1 ? 'object' : 'objects'}`), ...rest.map(box));
      objects.replaceChildren(...first.map(box), ...(rest.length === 0 ? [] : [others]));
    },
    select(step) {
      if (trace === null) return;
      about.replaceChildren(...aboutStep(trace, step));
      const before = states[step];
      const after = states[step + 1];
      if (before === undefined || after === undefined) return;
      for (const c of cells) {
        const was = before.get(c.object)?.get(c.field) ?? '';
        const is = after.get(c.object)?.get(c.field) ?? '';
        const changed = was !== is;
        if (c.value.textContent !== is) c.value.textContent = is;
        c.was.textContent = changed ? `${was} \u2192 ` : '';
        c.row.classList.toggle('changed', changed);
      }
      for (const [name, box] of boxes) {
        const life = after.get(name)?.get('life') ?? '';
        box.classList.toggle('ended', ends(life));
        box.classList.toggle('unborn', life.startsWith('not '));
      }
    },
  };
}

function objectBox(name: string, trace: Trace, cells: Cell[]): HTMLElement {
  const lane = trace.lanes.find((l) => l.id === name);
  const fields = [...new Set([...Object.keys(trace.initial[name] ?? {}), ...trace.steps.flatMap((s) => s.effects.filter((e) => target(e.on).object === name).map((e) => target(e.on).field))])];
  const rows = fields.map((field) => {
    const was = element('span', { class: 'was' });
    const value = element('span', { class: 'value' });
    const row = element('tr', {}, element('th', { scope: 'row' }, field), element('td', {}, was, value));
    cells.push({ object: name, field, row, value, was });
    return row;
  });
  return element('details', { class: 'object', open: '' }, element('summary', {}, element('span', { class: 'name' }, name), element('span', { class: 'kind' }, lane?.kind ?? '')), element('table', {}, element('tbody', {}, ...rows)));
}

/** The step in words: who, inside what, and what keeps the others. */
function aboutStep(trace: Trace, step: number): readonly HTMLElement[] {
  const s = trace.steps[step];
  if (s === undefined) return [];
  const stack = s.stack.map((f, i) => element('li', i === s.stack.length - 1 ? { class: 'innermost' } : {}, f.function, ...(f.module === null ? [] : [element('span', { class: 'module' }, f.module)])));
  const key = trace.verdict.keys.find((k) => k.step === step);
  const others = [...s.waiting.map((w) => `${w.agent} waits for ${w.what.replace(/`/g, '')}`), ...(s.enabled.length === 0 ? [] : [`could go instead: ${s.enabled.join(', ')}`])];
  return [
    element('h2', {}, `Step ${step + 1}`, element('span', { class: 'agent' }, s.agent), ...(s.environment ? [element('span', { class: 'badge', title: 'An environment step: it may come at any time, or never' }, 'may never come')] : [])),
    element('pre', { class: 'statement' }, s.text),
    ...(key === undefined ? [] : [element('p', { class: 'key' }, key.message)]),
    ...(s.event === 'violation' ? [element('p', { class: 'wrong' }, trace.verdict.kind)] : []),
    ...(s.time === '0' ? [] : [element('p', { class: 'time' }, `at ${formatNanoseconds(BigInt(s.time))}`)]),
    element('ol', { class: 'stack', 'aria-label': 'Call stack, innermost last' }, ...stack),
    ...others.map((text) => element('p', { class: 'other' }, text)),
  ];
}
