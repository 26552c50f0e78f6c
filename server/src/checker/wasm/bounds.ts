// How many successors and hits one state can have: what the batch and the buffer of hits need room for. Generates nothing.
import type { Statement, System } from '../../system/system.ts';

/** An upper bound on what one state can add to the batch, and on the hits it can meet. */
export function boundsOf(system: System): { readonly successors: number; readonly hits: number } {
  let successors = 0;
  let hits = 0;
  for (const a of system.agents) {
    let most = 0;
    let worst = 0;
    for (const l of a.locations) {
      let here = 0;
      for (const s of l.steps) here += countHits(s.body);
      most = Math.max(most, l.steps.length);
      worst = Math.max(worst, here);
    }
    successors += most;
    hits += worst;
  }
  return { successors, hits };
}

function countHits(body: readonly Statement[]): number {
  let n = 0;
  for (const s of body) {
    if (s.op === 'fail' || s.op === 'report') n++;
    else if (s.op === 'if') n += countHits(s.then) + countHits(s.else);
  }
  return n;
}
