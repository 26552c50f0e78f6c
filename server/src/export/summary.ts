// What a result comes to in one line: the same words in the terminal, the status bar and the lenses.
import type { ExpectResult, FileResult } from '../analysis.ts';
import { grouped } from '../base/numbers.ts';
import { type Outcome, outcome, totals, unexpected } from './group.ts';

export interface Summary {
  readonly outcome: Outcome;
  readonly word: string;
  /** Follows the word directly: `: 2 unexpected (1,842 states, 12 ms)`. */
  readonly rest: string;
}

export function summary(result: FileResult): Summary {
  const { states, elapsedMs, combinations } = totals(result);
  const work = `${combinations === 1 ? '' : `${combinations} combinations, `}${plural(states, 'state')}, ${duration(elapsedMs)}`;
  const state = outcome(result);
  switch (state) {
    case 'errors':
      return {
        outcome: state,
        word: 'not checked',
        rest: `: ${plural(result.errors.filter((e) => e.severity === 'error').length, 'error')}`,
      };
    case 'green':
      return { outcome: state, word: 'green', rest: ` (${work})` };
    case 'incomplete':
      return {
        outcome: state,
        word: 'incomplete',
        rest: `: ${limits(result).join(', ')}; nothing red in the part that was explored (${work})`,
      };
    case 'red': {
      const unmet = result.expects.filter((e) => e.met === false).length;
      const why = [unexpected(result) > 0 ? `${unexpected(result)} unexpected` : '', unmet > 0 ? `${plural(unmet, 'expect')} not met` : ''];
      return {
        outcome: state,
        word: 'red',
        rest: `: ${why.filter((s) => s !== '').join(', ')} (${work}${result.incomplete ? `, incomplete: ${limits(result).join(', ')}` : ''})`,
      };
    }
  }
}

const LIMITS = {
  states: 'the state limit was reached',
  time: 'the time limit was reached',
  memory: 'the memory limit was reached',
  cancelled: 'cancelled',
} as const;

/** The search itself is whole. */
const BEHIND = ' when every state had been seen, before it was known what blocks, goes round for ever or leaks';

/** Of an `expect` that is not met, or not decided. */
export function unmetText(expect: ExpectResult): string {
  return `\`expect ${expect.text}\` is not met${expect.message === null ? '' : `: ${expect.message}`}`;
}

/** Why explorations ended early, each reason once. */
export function limits(result: FileResult): readonly string[] {
  const model = result.runs.some((r) => r.violations.some((v) => v.kind === 'bound-reached' && !v.expected));
  const endless = (r: FileResult['runs'][number]): string => (r.limit !== 'cancelled' && r.timeGoesOn === true ? ' (its clock goes on: where somebody looks at the time for ever there is no end)' : '');
  return [...new Set(result.runs.flatMap((r) => (r.limit === null ? [] : [LIMITS[r.limit] + (r.behindSearch === true ? BEHIND : endless(r) + grownText(r))]))), ...(model ? ['a limit of the model was reached'] : [])];
}

/** What to bound. */
function grownText({ grown = [] }: FileResult['runs'][number]): string {
  if (grown.length === 0) return '';
  const each = grown.map(({ name, min, max }) => `\`${name}\` went from ${grouped(min)} to ${grouped(max)}`);
  return ` (${each.join(', ')}: a variable that is bounded, as in \`0..7\`, has an end)`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${grouped(n)} ${n === 1 ? one : many}`;
}

export function duration(ms: number): string {
  if (ms < 1) return '< 1 ms';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
