// Everything that has to agree about one random program, in one call.
import assert from 'node:assert/strict';
import { format } from '../../server/src/analysis.ts';
import { compareEngines } from './engines.ts';
import { compareFusion } from './fusions.ts';
import { compareReductions } from './reductions.ts';
import { compareReplays } from './replays.ts';
import { checkText, mistakes, subjectsOf } from './subjects.ts';
import { compareSymmetries } from './symmetries.ts';
import { compareThreads } from './threads.ts';
import { compareExpected, compareFormatted } from './texts.ts';

/** Counts what was compared. */
export interface Tally {
  programs: number;
  tooLarge: number;
  states: number;
  /** Pairs of processes that were proved to be exchangeable. */
  exchanged: number;
  /** Locations that steps were glued over. */
  glued: number;
  readonly kinds: Map<string, number>;
}

export function newTally(): Tally {
  return { programs: 0, tooLarge: 0, states: 0, exchanged: 0, glued: 0, kinds: new Map() };
}

/** Each so many programs are also formatted, and expected to find what they do. */
const TEXTS = 4;

/** Throws where two disagree, with the program. */
export function agree(text: string, maxStates: number, tally: Tally): void {
  try {
    assert.deepEqual(mistakes(text), [], 'the generator makes a program with mistakes, or the resolver finds one too many');
    tally.programs++;
    const subjects = subjectsOf(text, maxStates);
    if (subjects === null) {
      tally.tooLarge++;
      return;
    }
    // A thread takes longer to start than everything else together.
    compareThreads(subjects[0]);
    for (const subject of subjects) {
      const x = compareEngines(subject, maxStates);
      compareReplays(subject, x);
      compareReductions(subject);
      tally.exchanged += compareSymmetries(subject, x);
      tally.glued += compareFusion(subject.system, subject.initials)?.over ?? 0;
      tally.states += x.states.length;
      for (const kind of new Set(subject.exploration.findings.map((f) => f.kind))) tally.kinds.set(kind, (tally.kinds.get(kind) ?? 0) + 1);
    }
    if (text.length % TEXTS !== 0) return;
    const result = checkText(text, true);
    compareFormatted(text, result);
    compareExpected(text, result);
  } catch (e) {
    throw new Error(`${e instanceof Error ? e.stack : String(e)}\n--- in\n${format(text)}`);
  }
}

export function told({ programs, tooLarge, states, exchanged, glued, kinds }: Tally): string {
  const found = [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${kind} ${count}`);
  return `${programs} programs, ${tooLarge} of them thrown away as too large, ${states} states, ${exchanged} pairs of identical processes, steps glued over ${glued} locations; found ${found.join(', ')}`;
}
