// What happens to an object at a step, in as few words as a lifeline has room for.
import { begins, ends } from '../trace/lanes.ts';
import { target } from '../trace/state.ts';
import type { Effect, Trace } from '../trace/trace.ts';

/** Characters of `refs: 0→1`. */
const BRIEF = 11;

/** The object that the finding is about. */
export function subjectOf(trace: Trace): string | null {
  const { kind, instance, object } = trace.verdict;
  const lane = (id: string | null) => trace.lanes.find((l) => l.id === id)?.id;
  const gone = kind === 'use-after-unload' ? trace.lanes.find((l) => l.kind === 'module' && l.to !== null)?.id : undefined;
  return (instance === null ? undefined : lane(target(instance).object)) ?? lane(object) ?? gone ?? null;
}

/** What happens to an object, in few words. Where it comes or goes, its fields say nothing. */
export function effectTexts(effects: readonly Effect[], object: string): readonly string[] {
  const own = effects.filter((e) => target(e.on).object === object);
  const life = own.filter((e) => e.on === object);
  const last = life[life.length - 1];
  if (last !== undefined) return [(begins(last.was) || ends(last.was)) && last.is === 'alive' ? 'allocated' : last.is];
  const fields = new Map<string, { was: string; is: string }>();
  for (const e of own) {
    const { field } = target(e.on);
    fields.set(field, { was: fields.get(field)?.was ?? e.was, is: e.is });
  }
  return [...fields].filter(([, f]) => f.was !== f.is).map(([field, f]) => `${field}: ${f.was}\u2192${f.is}`);
}

/** What a library does to its own fields is an arrow; only lives and counts are worth words. */
export function worthWords(text: string): boolean {
  return text.length <= BRIEF || !text.includes(':');
}

/** Who ended it is where the arrow comes from. */
export function brief(text: string): string {
  return text.replace(/^(freed|unmapped|unloaded) by .+$/, '$1');
}
