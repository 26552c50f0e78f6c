// The label of an entry of the batch and of a hit: which step it was, in one word.
import type { Step } from '../../system/system.ts';
import { internal } from '../internal.ts';

export const failedLabel = 0x8000_0000;
export const environmentLabel = 0x8000;

/** Agent, step and whether it is an environment step in one word: ascending in the order of agents and steps. */
export function labelOf(step: Step, index: number): number {
  if (step.agent >= 1 << 15 || index >= 1 << 15) internal('more agents or steps at one location than a label holds');
  return (step.agent << 16) | index | (step.environment ? environmentLabel : 0);
}

export function readLabel(label: number): { readonly agent: number; readonly step: number; readonly environment: boolean } {
  return { agent: (label >>> 16) & 0x7fff, step: label & 0x7fff, environment: (label & environmentLabel) !== 0 };
}
