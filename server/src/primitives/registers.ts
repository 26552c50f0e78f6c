// What registers keep: one variable for each device and constant offset.
import { load } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { PureEmit } from './emit.ts';

const ALL_ONES = 0xffffffff;

export function registerSlot(emit: PureEmit, device: number, offset: number): number {
  return emit.shared(`${emit.model.devices[device].name} register 0x${offset.toString(16)}`, ALL_ONES).slot;
}

export function register(emit: PureEmit, device: number, offset: number): Expression {
  return load(registerSlot(emit, device, offset));
}

export function setRegister(emit: PureEmit, device: number, offset: number, value: Expression): Statement {
  return { op: 'set', slot: registerSlot(emit, device, offset), value };
}
