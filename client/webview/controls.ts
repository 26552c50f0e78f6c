// The bar above the picture: stepping, scrubbing, search, folding, zoom, copying. It says what was asked for; view.ts does it.
import { button, element, svgElement } from './dom.ts';
import type { CopyFormat } from './protocol.ts';
import type { Command } from './stepper.ts';

export interface Controls {
  readonly node: HTMLElement;
  update(state: { readonly step: number; readonly steps: number; readonly fold: boolean; readonly found: readonly number[]; readonly query: string }): void;
  focusSearch(): void;
}

export interface Asked {
  readonly command: (command: Command) => void;
  readonly goTo: (step: number) => void;
  readonly search: (query: string) => void;
  readonly copy: (as: CopyFormat) => void;
  readonly save: (as: 'svg' | 'png') => void;
}

const COPIES: ReadonlyArray<readonly [CopyFormat, string]> = [
  ['text', 'All steps as text'],
  ['mermaid', 'Mermaid'],
  ['plantuml', 'PlantUML'],
  ['svg', 'SVG'],
];

const ICONS = {
  first: 'M3 3h2v10H3zM13 3v10L6 8z',
  previous: 'M11 3v10L4 8z',
  next: 'M5 3v10l7-5z',
  last: 'M3 3v10l7-5zM11 3h2v10h-2z',
} as const;

function icon(name: keyof typeof ICONS): SVGSVGElement {
  const svg = svgElement('svg', { width: 16, height: 16, class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' });
  svg.append(svgElement('path', { d: ICONS[name] }));
  return svg;
}

export function controls(asked: Asked): Controls {
  const move = (title: string, kind: keyof typeof ICONS) => button(icon(kind), title, () => asked.command({ kind: 'move', move: kind }), { class: 'step' });
  const scrubber = element('input', { type: 'range', class: 'scrubber', min: '0', max: '0', value: '0', 'aria-label': 'Step' });
  const count = element('output', { class: 'count' });
  const search = element('input', { type: 'search', class: 'search', placeholder: 'Search steps', 'aria-label': 'Search steps', spellcheck: 'false' });
  const found = element('output', { class: 'found', 'aria-live': 'polite' });
  const fold = button('Fold libraries', 'Fold library frames (f)', () => asked.command({ kind: 'foldAll' }), { class: 'toggle' });
  const more = element('select', { class: 'more', 'aria-label': 'Copy or save as' }, element('option', { value: '' }, 'Copy as\u2026'), ...COPIES.map(([value, label]) => element('option', { value }, label)), element('option', { value: 'save-svg' }, 'Save SVG\u2026'), element('option', { value: 'save-png' }, 'Save PNG\u2026'));

  scrubber.addEventListener('input', () => asked.goTo(Number(scrubber.value)));
  search.addEventListener('input', () => asked.search(search.value));
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') asked.command({ kind: event.shiftKey ? 'previousMatch' : 'nextMatch' });
    else if (event.key === 'Escape') {
      search.value = '';
      asked.search('');
    } else return;
    event.preventDefault();
  });
  more.addEventListener('change', () => {
    const copy = COPIES.find(([value]) => value === more.value);
    if (copy !== undefined) asked.copy(copy[0]);
    else if (more.value === 'save-svg' || more.value === 'save-png') asked.save(more.value === 'save-svg' ? 'svg' : 'png');
    more.value = '';
  });

  const node = element(
    'div',
    { class: 'controls', role: 'toolbar', 'aria-label': 'Trace' },
    element('span', { class: 'group' }, move('First step (Home)', 'first'), move('Previous step (up arrow)', 'previous'), move('Next step (down arrow)', 'next'), move('Last step (End)', 'last')),
    element('span', { class: 'group wide' }, scrubber, count),
    element('span', { class: 'group' }, search, found),
    element('span', { class: 'group' }, fold, button('\u2212', 'Smaller (-)', () => asked.command({ kind: 'zoomOut' })), button('Fit', 'Fit to width (0)', () => asked.command({ kind: 'zoomFit' })), button('+', 'Larger (+)', () => asked.command({ kind: 'zoomIn' }))),
    element('span', { class: 'group' }, button('Copy for mail', 'Copy as a CPU table of at most 72 columns (c)', () => asked.copy('mail'), { class: 'primary' }), more),
  );
  return {
    node,
    update(state) {
      scrubber.max = String(Math.max(0, state.steps - 1));
      scrubber.value = String(state.step);
      scrubber.setAttribute('aria-valuetext', `Step ${state.step + 1} of ${state.steps}`);
      count.textContent = `${state.step + 1} / ${state.steps}`;
      fold.setAttribute('aria-pressed', String(state.fold));
      if (search.value !== state.query) search.value = state.query;
      const at = state.found.indexOf(state.step);
      found.textContent = state.query.trim() === '' ? '' : state.found.length === 0 ? 'nothing found' : at < 0 ? `${state.found.length} found` : `${at + 1} of ${state.found.length}`;
    },
    focusSearch() {
      search.focus();
      search.select();
    },
  };
}
