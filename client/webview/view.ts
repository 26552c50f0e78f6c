// The trace viewer: holds what is selected, folded and searched for, and keeps picture, bar and state panel in step with it.
import { layout } from '../../server/src/diagram/layout.ts';
import type { Diagram } from '../../server/src/diagram/display.ts';
import { controls } from './controls.ts';
import { diagramView } from './diagram.ts';
import { element } from './dom.ts';
import { copied, png } from './pictures.ts';
import type { CopyFormat, FromPage, Saved, Show } from './protocol.ts';
import { statePanel } from './statePanel.ts';
import { stripView } from './strip.ts';
import { announcement, type Command, commandOf, matches, moved, nextMatch } from './stepper.ts';

export interface View {
  readonly node: HTMLElement;
  show(message: Show, saved: Saved | null): void;
  select(step: number): void;
  stale(stale: boolean): void;
}

export interface Host {
  readonly post: (message: FromPage) => void;
  readonly save: (saved: Saved) => void;
}

const ZOOMS = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.5, 1.75, 2, 2.5] as const;

export function view(host: Host): View {
  let shown: Show | null = null;
  let drawn: Diagram | null = null;
  let step = 0;
  let fold = true;
  let open: ReadonlySet<number> = new Set();
  let zoom = 0;
  let query = '';
  let found: readonly number[] = [];

  const kind = element('strong', { class: 'kind' });
  const message = element('span', { class: 'message' });
  const combination = element('span', { class: 'combination' });
  const old = element('span', { class: 'old', role: 'status' });
  const title = element('header', { class: 'title' }, kind, message, combination, old);
  const spoken = element('div', { class: 'spoken', 'aria-live': 'polite' });
  // A second click on a fold opens it.
  const picture = diagramView(
    (at) => (at === step ? toggleFold(at) : goTo(at, true)),
    // A picture that has become too wide for its panel is laid out anew, and one that need not be narrow any more.
    (room) => {
      if (drawn !== null && room > 0 && drawn.compact !== drawn.wideWidth > room) redraw();
    },
  );
  const clocks = stripView((at) => goTo(at, true));
  const panel = statePanel();
  const bar = controls({ command, goTo: (at) => goTo(at, true), search, copy, save });
  const node = element('main', { class: 'viewer' }, title, bar.node, element('div', { class: 'panes' }, picture.node, panel.node), clocks.node, spoken);
  const empty = element('p', { class: 'empty' }, 'No trace yet: choose \u201cShow trace\u201d above a scenario.');
  node.append(empty);

  node.addEventListener('keydown', (event) => {
    if (!(event.target instanceof HTMLElement) || event.altKey || event.metaKey) return;
    const control = event.ctrlKey;
    const field = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    // Fields, buttons and folds of the state panel have keys of their own.
    if (!control && (field || event.target.closest('button, summary') !== null)) return;
    const asked = commandOf({ key: event.key, shift: event.shiftKey, control });
    if (asked === null) return;
    event.preventDefault();
    command(asked);
  });

  function redraw(): void {
    if (shown === null) return;
    drawn = layout(shown.trace, { fold, open }, picture.room() || null);
    picture.draw(shown.trace, drawn);
    picture.zoom(zoom);
    picture.mark(found);
    picture.select(step);
  }

  function refresh(): void {
    if (shown === null) return;
    const steps = shown.trace.steps.length;
    picture.select(step);
    clocks.select(step);
    panel.select(step);
    bar.update({ step, steps, fold, found, query });
    host.save({ show: shown, step, fold, open: [...open], zoom });
    host.post({ type: 'state', key: shown.key, step, steps, lanes: shown.trace.lanes.map((l) => l.title) });
  }

  /** `told`: the user did it, so the editor follows and screen readers hear it. */
  function goTo(at: number, told: boolean): void {
    if (shown === null || shown.trace.steps.length === 0) return;
    step = Math.max(0, Math.min(at, shown.trace.steps.length - 1));
    refresh();
    if (!told) return;
    const s = shown.trace.steps[step];
    spoken.textContent = announcement(shown.trace, step);
    host.post({ type: 'reveal', step, file: s.at.file, span: s.at.span });
  }

  function command(asked: Command): void {
    if (shown === null || drawn === null) return;
    switch (asked.kind) {
      case 'move':
        return goTo(moved(drawn.rows, step, asked.move), true);
      case 'fold':
        return toggleFold(step);
      case 'foldAll':
        fold = !fold;
        open = new Set();
        redraw();
        return refresh();
      case 'search':
        return bar.focusSearch();
      case 'nextMatch':
      case 'previousMatch': {
        const next = nextMatch(found, step, asked.kind === 'nextMatch' ? 1 : -1);
        return next === null ? undefined : goTo(next, true);
      }
      case 'zoomIn':
      case 'zoomOut': {
        const now = zoom === 0 ? 1 : zoom;
        const next = asked.kind === 'zoomIn' ? ZOOMS.find((z) => z > now) : ZOOMS.findLast((z) => z < now);
        zoom = next ?? now;
        picture.zoom(zoom);
        return refresh();
      }
      case 'zoomFit':
        zoom = 0;
        picture.zoom(zoom);
        return refresh();
      case 'copy':
        return copy('mail');
    }
  }

  /** Opens the fold that the step is in, or closes it again. */
  function toggleFold(at: number): void {
    if (shown === null || !fold) return;
    const closed = layout(shown.trace, { fold, open: new Set() }).rows.find((r) => r.kind === 'fold' && r.steps.includes(at));
    if (closed === undefined) return;
    const next = new Set(open);
    const [first] = closed.steps;
    if (!next.delete(first)) next.add(first);
    open = next;
    redraw();
    refresh();
  }

  function search(words: string): void {
    if (shown === null) return;
    query = words;
    found = matches(shown.trace, words);
    picture.mark(found);
    if (found.length > 0 && !found.includes(step)) goTo(nextMatch(found, step - 1, 1) ?? step, true);
    else refresh();
  }

  function copy(as: CopyFormat): void {
    if (shown === null) return;
    host.post({ type: 'copy', as, text: copied(shown.trace, as, { fold, open }) });
    spoken.textContent = 'Copied';
  }

  function save(as: 'svg' | 'png'): void {
    if (shown === null) return;
    const picture = copied(shown.trace, 'svg', { fold, open });
    if (as === 'svg') host.post({ type: 'save', as, data: picture });
    else
      png(picture).then(
        (data) => host.post({ type: 'save', as: 'png', data }),
        () => (spoken.textContent = 'This browser cannot draw the picture as PNG; SVG works.'),
      );
  }

  return {
    node,
    show(next, saved) {
      const again = saved !== null && saved.show.key === next.key;
      shown = next;
      fold = saved?.fold ?? fold;
      zoom = saved?.zoom ?? zoom;
      open = again ? new Set(saved.open) : new Set();
      if (!again) query = '';
      found = matches(next.trace, query);
      const last = next.trace.steps.length - 1;
      step = Math.max(0, Math.min(last, next.step ?? (again ? saved.step : last)));
      empty.hidden = true;
      kind.textContent = next.trace.verdict.kind;
      message.replaceChildren(...marked(next.trace.verdict.message));
      combination.textContent = next.combination;
      combination.hidden = next.combination === '';
      document.title = next.title;
      old.textContent = next.stale ? 'The file has changed since' : '';
      node.classList.toggle('stale', next.stale);
      panel.draw(next.trace);
      clocks.draw(next.trace);
      redraw();
      refresh();
    },
    select(at) {
      goTo(at, false);
    },
    stale(stale) {
      if (shown === null) return;
      shown = { ...shown, stale };
      old.textContent = stale ? 'The file has changed since' : '';
      node.classList.toggle('stale', stale);
    },
  };
}

/** `code` between backticks. */
function marked(text: string): readonly Node[] {
  return text.split('`').map((part, i) => (i % 2 === 1 ? element('code', {}, part) : document.createTextNode(part)));
}
