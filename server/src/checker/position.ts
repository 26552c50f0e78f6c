// Where a finding is shown: the innermost frame in the checked file, else in a library. Lowering places its faults by the same rule.
import type { Place } from '../base/span.ts';
import type { Frame, System } from '../system/system.ts';

/** The file that is checked: the one in which the processes (or, without any, the first agent that has a frame) are written. */
export function checkedFile(system: System): string | null {
  const processes = system.agents.filter((a) => a.context === 'process');
  for (const a of [...processes, ...system.agents]) {
    for (const l of a.locations) if (l.stack.length > 0) return l.stack[0].at.file;
  }
  return null;
}

/** `fallback` is for a stack without a frame. */
export function positionOf(file: string | null, stack: readonly Frame[], fallback: Place): Place {
  const own = stack.filter((f) => f.at.file === file);
  return (own.length > 0 ? own[own.length - 1].at : stack[stack.length - 1]?.at) ?? fallback;
}
