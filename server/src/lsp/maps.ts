// Line maps of the files that a program is made of, made once for each.
import { LineMap } from '../base/span.ts';
import type { Program } from '../semantics/program.ts';

const known = new WeakMap<object, LineMap>();

/** The unit must be one of the program's. */
export function mapOf(program: Program, path: string): LineMap {
  const unit = program.units.find((u) => u.path === path);
  if (unit === undefined) throw new Error(`${path} is no file of this program`);
  const map = known.get(unit) ?? new LineMap(unit.text);
  known.set(unit, map);
  return map;
}
