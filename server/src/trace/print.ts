// A trace as a numbered list of steps for the terminal: every atomic step, folded nowhere. The table for mails is diagram/text.ts's.
import type { Place } from '../base/span.ts';
import type { Trace } from './trace.ts';

export interface PrintPlaces {
  /** `naked_misc.lifeline:15`, for people. */
  where(at: Place): string;
}

/** Lines end in newlines and have no trailing spaces. */
export function printTrace(trace: Trace, places: PrintPlaces): string {
  const { steps, verdict } = trace;
  const number = String(steps.length).length;
  const agent = Math.max(0, ...steps.map((s) => s.agent.length));
  const clock = steps.some((s) => s.time !== '0');
  const lines: string[] = [];
  const waited = new Set<string>();
  for (const s of steps) {
    for (const w of s.waiting) {
      const said = `${w.agent} waits for ${w.what}`;
      if (!waited.has(said)) lines.push(`${' '.repeat(number)}  ${''.padEnd(agent)}  (${said})`);
    }
    waited.clear();
    for (const w of s.waiting) waited.add(`${w.agent} waits for ${w.what}`);
    const inside = s.function === s.agent ? '' : `${s.function}: `;
    const time = clock ? `[${s.time} ns] ` : '';
    const marks = s.event === 'violation' ? `  <-- ${verdict.kind}` : '';
    const where = places.where(s.at);
    lines.push(`${String(s.index + 1).padStart(number)}  ${s.agent.padEnd(agent)}  ${time}${inside}${s.text}${where === '' ? '' : `  (${where})`}${marks}`);
    for (const e of s.effects) lines.push(`${' '.repeat(number)}  ${''.padEnd(agent)}    ${e.on}: ${e.was} -> ${e.is}`);
  }
  for (const w of trace.end?.waiting ?? []) {
    const said = `${w.agent} waits for ${w.what}`;
    if (!waited.has(said)) lines.push(`${' '.repeat(number)}  ${''.padEnd(agent)}  (${said})`);
  }
  lines.push('', `${verdict.kind}: ${verdict.message}`);
  // The run ends where the loop is entered: none of its steps is shown.
  const loop = verdict.kind === 'livelock' ? places.where(verdict.at) : '';
  if (loop !== '') lines.push(`The loop: ${loop}`);
  if (verdict.waitsFor !== null && !verdict.message.includes(verdict.waitsFor)) lines.push(`It would go on after: ${verdict.waitsFor}`);
  if (trace.clock !== undefined && trace.clock !== null) lines.push(`Assumed: ${trace.clock.assumed.join('; ')}`);
  return lines.map((l) => l.trimEnd() + '\n').join('');
}
