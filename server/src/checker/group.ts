// What is shown of many findings: one for each kind, source position and object type, with the best of their runs. `expect` is judged over
// all of them, before this.
import type { Finding, PathToFinding } from './verdict.ts';

/** Groups in the order of their first finding; the first of each group is the one to show. */
export function groupFindings(findings: readonly Finding[]): ReadonlyArray<readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const f of findings) {
    const key = JSON.stringify([f.kind, f.at.file, f.at.span.start, f.at.span.end, f.object]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [f]);
    else group.push(f);
  }
  return [...groups.values()].map((group) => (group.length === 1 ? group : group.sort((a, b) => comparePaths(a.path, b.path))));
}

/** Shorter runs first, then fewer context switches, then later ones, then by order in the file. */
export function comparePaths(a: PathToFinding, b: PathToFinding): number {
  if (a.choices.length !== b.choices.length) return a.choices.length - b.choices.length;
  const one = switchesOf(a);
  const other = switchesOf(b);
  if (one.length !== other.length) return one.length - other.length;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return other[i] - one[i];
  for (let i = 0; i < a.choices.length; i++) {
    const order = a.choices[i].agent - b.choices[i].agent || a.choices[i].step - b.choices[i].step;
    if (order !== 0) return order;
  }
  return a.initial - b.initial;
}

/** Indices of the steps that another agent takes than the one before. */
export function switchesOf(path: PathToFinding): readonly number[] {
  const { choices } = path;
  const switches: number[] = [];
  for (let i = 1; i < choices.length; i++) if (choices[i].agent !== choices[i - 1].agent) switches.push(i);
  return switches;
}
