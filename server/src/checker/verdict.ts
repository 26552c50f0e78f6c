// The verdict kinds of the language and what one finding of an exploration holds. Every kind's page is generated from here and docs/verdicts.
import type { Grown } from './grown.ts';
import type { VerdictKind } from '../base/verdicts.ts';
import type { Place } from '../base/span.ts';
import type { Frame } from '../system/system.ts';

export { VERDICTS, type VerdictKind } from '../base/verdicts.ts';

/** One distinct finding: everything that `expect` can speak of, with the shortest way there. */
export interface Finding {
  readonly kind: VerdictKind;
  /** The innermost frame in the checked file, else in the library. */
  readonly at: Place;
  readonly stack: readonly Frame[];
  /** The others that wait in a circle with it: where they stand, and who takes part besides. `in` and `by` may speak of each. */
  readonly circle?: ReadonlyArray<{ readonly stack: readonly Frame[]; readonly by: readonly string[] }>;
  /** Agent that violates or waits: a name of System.agents. */
  readonly agent: string;
  /** `of`: a type, module or device. */
  readonly object: string | null;
  /** The instance: `timer_dev#0`. */
  readonly instance: string | null;
  /** `by`: who freed it, holds it, or has to act (process names, deduplicated, in file order). */
  readonly by: readonly string[];
  /** For `*-blocked` and `livelock`: the environment steps that would end it, `close(fd) by app`; null otherwise. */
  readonly waitsFor: string | null;
  readonly message: string;
  readonly path: PathToFinding;
}

/** A fact about the design, with the shortest way to a state that shows it. */
export type Hint = Pick<Finding, 'at' | 'stack' | 'agent' | 'message' | 'path'>;

/** A run from an initial state, as choices: replayed by checker/reference.ts, which names every step. */
export interface PathToFinding {
  /** Index into the initial states (Exploration.initials); -1: the state before boot, for what went wrong during boot. */
  readonly initial: number;
  /** One entry per atomic step: the agent and the index of the step within the location at which that agent stands. */
  readonly choices: ReadonlyArray<{ readonly agent: number; readonly step: number }>;
}

export type Limit = 'states' | 'time' | 'memory' | 'cancelled';

export interface ExplorationStats {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly bytes: number;
}

export interface Exploration {
  /** The states in which boot ended, as numbered by PathToFinding.initial. */
  readonly initials: ReadonlyArray<readonly number[]>;
  /** Null: complete. Nothing that hit a limit ever says that something holds. */
  readonly limit: Limit | null;
  /** The limit was met when every state had been seen, by what looks at whole runs: what blocks, goes round for ever or leaks. */
  readonly behindSearch: boolean;
  /** A fault that ExploreOptions.isTooSmall gave up at; null otherwise. */
  readonly tooSmall: number | null;
  /** Of ExploreOptions.wantsUsed, those that are 0 in every state; only of an exploration that gave up because of it. */
  readonly unused: readonly number[];
  readonly stats: ExplorationStats;
  /** Distinct findings: one per (kind, position, object, stack, agent, by), each with its shortest path. */
  readonly findings: readonly Finding[];
  /** What only a complete exploration knows and that is no verdict: calls that only a signal can still end. Empty when incomplete. */
  readonly hints: readonly Hint[];
  /** Variables whose values went on and on; only of an exploration that met a limit of states, memory or time. */
  readonly grown: readonly Grown[];
  /** For every agent, which locations some reachable state has it at (complete explorations only; empty otherwise). */
  readonly reached: ReadonlyArray<ReadonlySet<number>>;
}
