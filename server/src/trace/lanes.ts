// Which vertical lines a trace has: everybody who acts or waits in it, and the few objects whose lifetime the finding is about.
import type { Agent, Frame, RootObject, System } from '../system/system.ts';
import { target } from './state.ts';
import type { Lane, TraceStep } from './trace.ts';
import { LIFE } from './values.ts';

interface Sought {
  readonly kind: string;
  readonly at: { readonly file: string };
  readonly stack: readonly Frame[];
  readonly agent: string;
  readonly object: string | null;
  readonly instance: string | null;
  readonly by: readonly string[];
}

/** An effect on an object. */
interface Change {
  readonly step: TraceStep;
  readonly field: string;
}

/** More lifelines than these say less: the most telling ones stay. */
const OBJECTS_MAX = 6;
const OBJECTS_MAX_OF_A_KIND = 2;

const ACTOR_ORDER: readonly Lane['kind'][] = ['process', 'kthread', 'work', 'timer', 'rcu', 'irq', 'hardware', 'clock'];
const OBJECT_ORDER: readonly Lane['kind'][] = ['module', 'device', 'file', 'memory', 'mapping'];

/** Lanes in the order in which they are drawn. */
export function lanesOf(system: System, steps: readonly TraceStep[], found: Sought, { weights }: Kept): readonly Lane[] {
  const names = new Set([found.agent, ...steps.flatMap((s) => [s.agent, ...s.waiting.map((w) => w.agent)])]);
  const actors = system.agents.filter((a) => names.has(a.name) || found.by.includes(a.process));
  const objects = [...weights].map(([root, weight]) => ({ root, weight })).sort((a, b) => b.weight - a.weight);
  const chosen: RootObject[] = [];
  for (const { root } of objects) {
    if (chosen.length < OBJECTS_MAX && chosen.filter((c) => c.view === root.view).length < OBJECTS_MAX_OF_A_KIND) chosen.push(root);
  }
  const inOrder = system.heap.roots.filter((r) => chosen.includes(r));
  return [
    ...byKind(actors.map(actorLane), ACTOR_ORDER),
    ...byKind(
      inOrder.map((r) => objectLane(r, inOrder, steps)),
      OBJECT_ORDER,
    ),
  ];
}

/** Objects whose state belongs to the trace. */
export interface Kept {
  /** All that change in it, and those that the finding is about. */
  readonly names: ReadonlySet<string>;
  /** How much those tell that the finding is about, in the order of the system. */
  readonly weights: ReadonlyMap<RootObject, number>;
}

export function lanesToKeep(system: System, steps: readonly TraceStep[], found: Sought): Kept {
  const changes = new Map<string, Change[]>();
  for (const step of steps) {
    for (const { on } of step.effects) {
      const { object, field } = target(on);
      const known = changes.get(object);
      if (known === undefined) changes.set(object, [{ step, field }]);
      else known.push({ step, field });
    }
  }
  const weights = new Map<RootObject, number>();
  for (const root of system.heap.roots) {
    const weight = weightOf(root, steps, changes.get(root.name) ?? [], found);
    if (weight > 0) weights.set(root, weight);
  }
  return { names: new Set([...changes.keys(), ...[...weights.keys()].map((root) => root.name)]), weights };
}

/** The steps at which an object comes to life and ends; null: before the trace, or not in it. */
export function lifetime(name: string, steps: readonly TraceStep[]): { readonly from: number | null; readonly to: number | null } {
  let from: number | null = null;
  let to: number | null = null;
  for (const s of steps) {
    for (const e of s.effects) {
      if (e.on !== name) continue;
      if (ends(e.is)) to = s.index;
      else if (begins(e.was)) from = s.index;
      else if (ends(e.was)) {
        // A pool entry that is used again: what counts is its last life.
        from = s.index;
        to = null;
      }
    }
  }
  return { from, to };
}

/** A printed life that is over: `freed by admin`, `unloaded by admin`, `unmapped by admin`, `unplugged`. */
export function ends(life: string): boolean {
  return /^(freed|unloaded|unmapped|unplugged)\b/.test(life);
}

/** A printed life that has not begun: what follows is a birth. */
export function begins(was: string): boolean {
  return was.startsWith('not ');
}

function actorLane(agent: Agent): Lane {
  return { id: agent.name, kind: agent.context === 'boot' ? 'kthread' : agent.context, title: agent.name, from: null, to: null };
}

function objectLane(root: RootObject, all: readonly RootObject[], steps: readonly TraceStep[]): Lane {
  const kind = root.view === 'internal' ? 'memory' : root.view;
  const alone = all.filter((r) => r.type === root.type).length === 1;
  const title = alone ? root.name.replace(/#\d+$/, '') : root.name;
  return { id: root.name, kind, title, ...lifetime(root.name, steps) };
}

/** 0: stays out. */
function weightOf(root: RootObject, steps: readonly TraceStep[], changes: readonly Change[], found: Sought): number {
  // Static data goes with its module, whose line tells it.
  if (found.instance !== null && target(found.instance).object === root.name) return found.kind === 'use-after-unload' && root.view === 'internal' ? 0 : 100;
  if (found.object === root.name && (root.view === 'module' || root.view === 'device')) return 90;
  const own = (s: TraceStep) => s.stack.some((f) => f.at.file === found.at.file);
  const lives = changes.filter(({ field }) => field === LIFE);
  switch (root.view) {
    case 'module': {
      const runs = steps.some((s) => s.stack.some((f) => f.module === root.name && f.at.file === found.at.file));
      return lives.length > 0 ? 80 : runs ? 42 : 0;
    }
    case 'device':
      return changes.length > 0 ? 50 : 0;
    case 'file':
      return lives.length > 0 ? 60 : changes.length > 0 ? 30 : 0;
    case 'mapping':
      return lives.length > 0 ? 55 : 0;
    case 'memory':
      return lives.some(({ step }) => own(step)) ? 45 : 0;
    case 'internal':
      return 0;
  }
}

function byKind(lanes: readonly Lane[], order: readonly Lane['kind'][]): readonly Lane[] {
  return [...lanes].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}
