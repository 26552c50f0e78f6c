// Which device a mapping is of, and whether it is still there.
import { choose, constant, equal, load, zero } from '../system/expression.ts';
import type { Expression } from '../system/system.ts';
import type { Emit, Target } from './emit.ts';

/** 1 + index of the device; 0 none. */
export function deviceOf(emit: Emit, bar: Target): Expression {
  return emit.read(emit.hidden(bar, 'device'));
}

export function isGone(emit: Emit, bar: Target): Expression {
  let gone: Expression = zero;
  emit.model.devices.forEach((_, i) => { gone = choose(equal(deviceOf(emit, bar), constant(i + 1)), load(emit.model.gone + i), gone); });
  return gone;
}
