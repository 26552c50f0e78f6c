// The user's settings, read from whatever a client sends: what is missing or makes no sense takes its default.
import type { CheckOptions } from '../analysis.ts';

export interface Settings {
  readonly on: 'save' | 'type' | 'manual';
  /** Explores in pauses of typing already, and shows it once it is asked for. */
  readonly ahead: boolean;
  readonly maxStates: number | null;
  /** Seconds. */
  readonly maxTime: number | null;
  /** MiB. */
  readonly maxMemory: number | null;
  readonly workers: number;
}

export const defaults: Settings = { on: 'save', ahead: true, maxStates: null, maxTime: null, maxMemory: null, workers: 2 };

/** `value` is the section `lifeline.check`. */
export function settingsFrom(value: unknown): Settings {
  if (typeof value !== 'object' || value === null) return defaults;
  const given: Readonly<Record<string, unknown>> = { ...value };
  const number = (name: string, min: number) => {
    const n = given[name];
    return typeof n === 'number' && Number.isFinite(n) && n >= min ? n : null;
  };
  const on = given['on'];
  const maxTime = number('maxTime', 0);
  return {
    on: on === 'type' || on === 'manual' ? on : 'save',
    ahead: given['ahead'] !== false,
    maxStates: number('maxStates', 1),
    maxTime: maxTime === 0 ? null : maxTime,
    maxMemory: number('maxMemory', 1),
    workers: Math.min(2, Math.floor(number('workers', 1) ?? 2)),
  };
}

/** `memoryLimit`: bytes, for when the user gave none. */
export function checkOptions(settings: Settings, memoryLimit: number | null): CheckOptions {
  return {
    params: {},
    maxStates: settings.maxStates,
    maxTimeMs: settings.maxTime === null ? null : settings.maxTime * 1000,
    maxMemoryBytes: settings.maxMemory === null ? memoryLimit : settings.maxMemory * 2 ** 20,
    reduction: true,
    workers: settings.workers,
  };
}
