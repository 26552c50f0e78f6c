// What the key steps of a trace have to do with its finding, in kernel English: where the object was allocated, who freed it, who still had it.
import type { Place } from '../base/span.ts';
import { heldBy } from './held.ts';
import { begins, ends } from './lanes.ts';
import { target } from './state.ts';
import type { Effect, TraceStep, TraceVerdict } from './trace.ts';

interface Told {
  readonly kind: string;
  readonly at: Place;
  readonly agent: string;
  readonly object: string | null;
  readonly instance: string | null;
  readonly waitsFor: string | null;
  readonly message: string;
}

/** The checker's sentence, with the function in which the other side did it: "freed by admin in `timer_driver.remove`". */
export function messageOf(found: Told, steps: readonly TraceStep[]): string {
  if (found.kind === 'lock-imbalance') return withHeld(found, steps);
  const end = endOfObject(found, steps);
  const message = ofObject(found, steps);
  if (end === null) return message;
  const where = ownFunction(end, found.at.file);
  // The sentence names the process, the step its agent.
  const names = [end.agent, end.agent.split('#')[0], ...(end.agent.startsWith('unplug ') ? ['hardware'] : [])].map((n) => n.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const said = new RegExp(`\\b(freed|unmapped|unloaded) by (${names.join('|')})(?! in )(?![\\w.#])`);
  return where === end.agent ? message : message.replace(said, (words) => `${words} in \`${where}\``);
}

/** What a library calls `p` its reader cannot know: the object instead, and of what frees it a second time, which function that is. */
function ofObject(found: Told, steps: readonly TraceStep[]): string {
  const last = steps.at(-1);
  if (last === undefined || last.at.file === found.at.file || found.instance === null) return found.message;
  const message = found.message.replace(/^`[^`]*`(?= was (already )?(freed|unmapped) by )/, plain(found.instance));
  return found.kind === 'double-free' && message !== found.message ? `${message}, and is freed again in \`${ownFunction(last, found.at.file)}\`` : message;
}

/** "with a lock held, or inside a read section: nothing undoes `mutex_lock(lock)` in `fops.ioctl`". */
function withHeld(found: Told, steps: readonly TraceStep[]): string {
  const held = keptBy(found, steps).map((s) => `\`${s.text}\` in \`${s.function}\``);
  return held.length === 0 ? found.message : `${found.message}: nothing undoes ${held.join(' and ')}`;
}

/** What an agent took that returns with it. An unlock that nothing fits is of the same kind, and holds nothing. */
function keptBy(found: Told, steps: readonly TraceStep[]): readonly TraceStep[] {
  return found.kind === 'lock-imbalance' && found.message.endsWith('or inside a read section') ? heldBy(found.agent, steps) : [];
}

/** The steps that a reader needs, in order: each with what happened there. */
export function keysOf(found: Told, steps: readonly TraceStep[]): TraceVerdict['keys'] {
  const keys: Array<{ step: number; message: string }> = [];
  const add = (step: TraceStep | null, message: string) => {
    if (step !== null && !keys.some((k) => k.step === step.index)) keys.push({ step: step.index, message });
  };
  const begin = beginOfObject(found, steps);
  const end = endOfObject(found, steps);
  const ended = end === null ? undefined : endIn(found, end)?.on;
  const name = subject(ended ?? (found.instance === null ? found.object : target(found.instance).object));
  const last = steps.length === 0 ? null : steps[steps.length - 1];
  if (begin !== null) add(begin, `${name} is allocated here by ${begin.agent}`);
  if (end !== null) {
    const before = lastOf(steps, (s) => s.agent === found.agent && s.index < end.index && s.context !== 'process');
    // Only a call that still runs when the object goes tells anything.
    if (before !== null && before.agent !== end.agent && stillInside(found.agent, end.index, steps)) add(before, `${found.agent} had come to here when ${name} was ${lifeVerb(end, found)}`);
    const where = ownFunction(end, found.at.file);
    add(end, `${name} is ${lifeVerb(end, found)} here by ${end.agent}${where === end.agent ? '' : ` in \`${where}\``}`);
  }
  for (const s of keptBy(found, steps)) add(s, `${s.agent} takes here what nothing undoes: \`${s.text}\``);
  for (const s of steps) {
    if (found.kind.startsWith('unload-') && s.agent !== found.agent && takesReference(s, found)) add(s, `${s.agent} takes a reference to ${name} here`);
  }
  if (last?.event === 'refuse') add(last, `${last.agent} is refused here`);
  else if (last !== null && last.event === 'violation') add(last, `${found.agent} ${useVerb(found.kind)} here`);
  else if (found.waitsFor !== null || found.kind === 'deadlock') {
    const stuck = lastOf(steps, (s) => s.agent === found.agent);
    if (stuck !== null) add(stuck, found.waitsFor === null ? `${found.agent} waits from here on` : `${found.agent} waits from here on, for ${found.waitsFor}`);
  }
  return keys.sort((a, b) => a.step - b.step);
}

/** The innermost function of the checked file on the stack; else of the library, but for the functions that only free. */
export function ownFunction(step: TraceStep, file: string): string {
  for (let i = step.stack.length - 1; i > 0; i--) if (step.stack[i].at.file === file) return step.stack[i].function;
  for (let i = step.stack.length - 1; i > 0; i--) if (!/(^|_)(k?v?free|put|release)$/.test(step.stack[i].function)) return step.stack[i].function;
  return step.function;
}

function subject(name: string | null): string {
  return name === null ? 'the object' : plain(name);
}

/** `timer_dev.misc`: the number says nothing where there is one. */
function plain(name: string): string {
  return `\`${name.replace(/#0(?=\.|$)/, '')}\``;
}

/** Names of what may have ended: the instance; or the module or device, also where the instance is a part of that. */
function rootNames(found: Told): readonly string[] {
  return [...(found.instance === null ? [] : [target(found.instance).object]), ...(found.object === null ? [] : [found.object])];
}

function beginOfObject(found: Told, steps: readonly TraceStep[]): TraceStep | null {
  const names = rootNames(found);
  return lastOf(steps, (s) => s.effects.some((e) => names.includes(e.on) && (begins(e.was) || ends(e.was))));
}

function endOfObject(found: Told, steps: readonly TraceStep[]): TraceStep | null {
  return lastOf(steps, (s) => endIn(found, s) !== undefined);
}

/** The effect of a step that ends the object; for text that is gone, the module's. */
function endIn(found: Told, step: TraceStep): Effect | undefined {
  const names = rootNames(found);
  return step.effects.find((e) => ends(e.is) && (names.includes(e.on) || (found.kind === 'use-after-unload' && e.is.startsWith('unloaded'))));
}

function stillInside(agent: string, index: number, steps: readonly TraceStep[]): boolean {
  const next = steps.find((s) => s.index > index && s.agent === agent);
  return next !== undefined && next.context !== 'process';
}

function takesReference(step: TraceStep, found: Told): boolean {
  const names = rootNames(found);
  return /^(try_module_get|__module_get)\b/.test(step.text) || step.effects.some((e) => names.includes(target(e.on).object) && Number(e.is) > Number(e.was));
}

function lifeVerb(step: TraceStep, found: Told): string {
  const life = endIn(found, step)?.is ?? '';
  return /^(unloaded|unmapped|unplugged)/.exec(life)?.[0] ?? 'freed';
}

function useVerb(kind: string): string {
  switch (kind) {
    case 'use-after-unload':
      return 'runs code that is gone';
    case 'double-free':
      return 'frees it again';
    case 'assertion':
      return 'finds the assertion false';
    case 'null-deref':
      return 'follows a null reference';
    case 'late-callback':
      return 'comes into the driver';
    case 'refcount-underflow':
      return 'drops a reference that is not there';
    case 'refcount-resurrect':
      return 'takes a reference where none is left';
    case 'sleep-in-atomic':
      return 'may sleep';
    case 'self-deadlock':
      return 'waits for itself';
    case 'use-after-free':
    case 'unmapped-mmio':
    case 'zombie-access':
      return 'uses it';
    default:
      return `meets ${kind}`;
  }
}

function lastOf(steps: readonly TraceStep[], wanted: (s: TraceStep) => boolean): TraceStep | null {
  for (let i = steps.length - 1; i >= 0; i--) if (wanted(steps[i])) return steps[i];
  return null;
}
