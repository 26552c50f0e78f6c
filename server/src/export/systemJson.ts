// The transition system as JSON, for checkers that nobody has written yet: what system/system.ts declares, field by field, with lines instead of
// offsets. Reading it back and exploring it gives the same states.
import type { Place } from '../base/span.ts';
import type { System } from '../system/system.ts';
import type { Places } from './places.ts';

export interface SystemSource {
  readonly file: string;
  readonly params: Readonly<Record<string, string>>;
  /** Where exploration starts: boot has run. */
  readonly initials: ReadonlyArray<readonly number[]>;
}

/** One object, ending in a newline. `initial` is the state before boot, `initials` those after it. */
export function systemJson(system: System, source: SystemSource, places: Places): string {
  const resolved = (key: string, value: unknown): unknown => (key === 'at' && isPlace(value) ? { file: value.file, range: places.range(value) } : value);
  return `${JSON.stringify({ version: 1, ...source, system }, resolved, 1)}\n`;
}

function isPlace(value: unknown): value is Place {
  return typeof value === 'object' && value !== null && 'file' in value && 'span' in value;
}
