// Which locks an agent still holds at the end of a run, and which read sections it is still in: what it took and nothing undid.
import type { TraceStep } from './trace.ts';

/** Operations of one kind undo each other. What may fail is not among them: a step does not always tell whether it did. */
const KINDS: readonly RegExp[] = [/^mutex_(un)?lock/, /^spin_(un)?lock/, /^rcu_read_(un)?lock/, /^srcu_read_(un)?lock/, /^(down|up)_/, /^(read|write)_(un)?lock/];
const UNDOES = /^\w*unlock|^up_/;
const MAY_FAIL = /^\w*(try|_interruptible|_killable)/;

/** The steps that took what is still held, in order. */
export function heldBy(agent: string, steps: readonly TraceStep[]): readonly TraceStep[] {
  const held: TraceStep[] = [];
  for (const s of steps) {
    const kind = s.agent === agent ? KINDS.find((k) => k.test(s.text)) : undefined;
    if (kind === undefined) continue;
    // The step that ends a run is the violation, whatever else it does.
    const event = s.event !== 'violation' ? s.event : UNDOES.test(s.text) ? 'release' : 'acquire';
    if (event === 'acquire' && !MAY_FAIL.test(s.text)) held.push(s);
    if (event !== 'release') continue;
    const alike = held.filter((h) => kind.test(h.text));
    // The end of a `with` stands where its beginning does. Where it is not clear what is undone, nothing is said to be held.
    const undone = alike.findLast((h) => samePlace(h, s)) ?? alike.findLast((h) => subject(h) === subject(s));
    for (const h of undone === undefined ? alike : [undone]) held.splice(held.indexOf(h), 1);
  }
  return held;
}

/** The lock as the step changes it, or as its text names it: `s#0.lock.owner`, `lock`. */
function subject(step: TraceStep): string | null {
  return step.effects[0]?.on ?? /^\w+\(([^,)]*)/.exec(step.text)?.[1] ?? null;
}

function samePlace(a: TraceStep, b: TraceStep): boolean {
  return a.at.file === b.at.file && a.at.span.start === b.at.span.start;
}
