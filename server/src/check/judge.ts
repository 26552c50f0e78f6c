// Holds what an exploration found against what the file expects: which findings an `expect` covers, whether each is met, what claims come to.
import type { VerdictKind } from '../base/verdicts.ts';
import type { Finding } from '../checker/verdict.ts';
import { constantValue } from '../lowering/constants.ts';
import type { Program } from '../semantics/program.ts';
import type { Frame } from '../system/system.ts';
import type * as tree from '../syntax/tree.ts';
import { everyNode } from '../syntax/visit.ts';

/** What one combination of params has to say about one `expect`. */
export interface Answer {
  /** Where the `expect` begins. */
  readonly start: number;
  /** It is in the program of this combination. */
  readonly own: boolean;
  /** Its `when` holds. */
  readonly speaks: boolean;
  /** There is a finding that it names, with or without `no`. */
  readonly found: boolean;
}

/** Every `expect` that the file has for some combination, claims' included, in file order. */
export function expectsIn(file: tree.File): readonly tree.Expect[] {
  return everyNode(file).filter((node) => node.kind === 'expect');
}

export function answersOf(file: tree.File, program: Program, findings: readonly Finding[]): readonly Answer[] {
  return expectsIn(file).map((e) => ({
    start: e.start, own: program.expects.includes(e), speaks: speaksOf(program, e), found: findings.some((f) => matches(e, f)),
  }));
}

/** Does what was found say all? Not where exploration met a limit of the model, unless the file expects just that. */
export function saysAll(program: Program, findings: readonly Finding[]): boolean {
  return findings.every((f) => f.kind !== 'bound-reached' || isExpected(program, f));
}

/** True, false, or null where an exploration that ended early leaves it open. */
export type Met = boolean | null;

export function textOfPath(path: tree.Path): string {
  return path.parts.map((p) => p.text).join('.');
}

/** Does the `expect` speak of this combination? */
export function speaksOf(program: Program, expect: tree.Expect): boolean {
  if (expect.when === null) return true;
  return constantValue({ program, functions: [], strings: [], layout: { placeOf: () => 0 } }, expect.when) !== 0;
}

/** Is the finding one that the `expect` names (with or without `no`)? */
export function matches(expect: tree.Expect, finding: Finding): boolean {
  if (finding.kind !== (expect.verdict.text as VerdictKind)) return false;
  if (expect.of !== null) {
    const wanted = textOfPath(expect.of);
    if (![finding.object, finding.instance].some((o) => o !== null && isNamed(o, wanted))) return false;
  }
  return [finding, ...(finding.circle ?? [])].some((side) => isIn(expect.in, side.stack) && isBy(expect.by, side.by));
}

function isIn(path: tree.Path | null, stack: readonly Frame[]): boolean {
  if (path === null) return true;
  const wanted = textOfPath(path);
  return stack.some((f) => endsIn(f.function, wanted) || `${f.module}.${f.function}` === wanted);
}

function isBy(path: tree.Path | null, by: readonly string[]): boolean {
  if (path === null) return true;
  const wanted = textOfPath(path);
  return by.some((b) => b === wanted || b.split('#')[0] === wanted || b.split(' ').includes(wanted) || (wanted === 'hardware' && b.startsWith('unplug ')));
}

/** `timer_fops.ioctl` is also called `ioctl`; the system call `ioctl` is never called `timer_fops.ioctl`. */
function endsIn(name: string, wanted: string): boolean {
  return name === wanted || name.endsWith(`.${wanted}`);
}

/** `nova.timer_fops` is also called `timer_fops`, and the other way round. */
function isNamed(name: string, wanted: string): boolean {
  return endsIn(name, wanted) || wanted.endsWith(`.${name}`);
}

/** Over all combinations that have the `expect` and that it speaks of. */
export function isMet(expect: tree.Expect, explored: ReadonlyArray<{ readonly complete: boolean; readonly answers: readonly Answer[] }>): Met {
  let open = false;
  for (const { complete, answers } of explored) {
    const answer = answers.find((a) => a.start === expect.start);
    if (answer === undefined || !answer.own || !answer.speaks) continue;
    const { found } = answer;
    if (expect.no && found) return false;
    if (!expect.no && !found && complete) return false;
    if (found !== !expect.no || (expect.no && !complete)) open ||= !complete;
  }
  return open ? null : true;
}

/** Some `expect` of this combination asks for the finding. */
export function isExpected(program: Program, finding: Finding): boolean {
  return program.expects.some((e) => !e.no && speaksOf(program, e) && matches(e, finding));
}

export function claimState(expects: readonly Met[]): 'holds' | 'refuted' | 'unchecked' {
  if (expects.length === 0 || expects.some((m) => m === null)) return expects.some((m) => m === false) ? 'refuted' : 'unchecked';
  return expects.every((m) => m === true) ? 'holds' : 'refuted';
}
