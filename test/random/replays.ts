// Every finding's run, replayed by the reference interpreter, ends in what the finding says. What only whole runs show is held against the
// definitions of settled states, stuck calls and completion.
import assert from 'node:assert/strict';
import { faultFinding, findingKey, raceFinding } from '../../server/src/checker/finding.ts';
import { racesIn } from '../../server/src/checker/race.ts';
import { type ReferenceExploration, replay } from '../../server/src/checker/reference.ts';
import type { Finding } from '../../server/src/checker/verdict.ts';
import { callAt, freeingSteps, isSettled, stuckCalls } from '../checker/oracle.ts';
import type { Subject } from './subjects.ts';

/** In larger systems, stuck calls are not looked for again from nothing. */
const SMALL = 120;

export function compareReplays(subject: Subject, x: ReferenceExploration): void {
  const { system, initials, exploration } = subject;
  const numbers = new Map(x.states.map((s, number) => [s.join(), number]));
  for (const f of exploration.findings) {
    const steps = replay(system, initials, f.path);
    const last = steps[steps.length - 1];
    const end = last === undefined ? initials[f.path.initial] : last.state;
    const key = findingKey(f);
    const inStep = (last?.met ?? []).some((m) => findingKey(faultFinding(system, m.fault, m.object, m.by)) === key);
    if (inStep || f.path.initial < 0) {
      assert.ok(inStep || f.kind === 'deadlock' || f.kind === 'livelock', `the run to ${f.kind} at boot does not end in it`);
      continue;
    }
    assert.ok(end !== null && end !== undefined, `the run to ${f.kind} ends with a step that fails in another way`);
    if (f.kind === 'data-race') {
      assert.ok(
        racesIn(system, end).some((r) => findingKey(raceFinding(system, end, r.first, r.second)) === key),
        'the run to a race does not end in it',
      );
      continue;
    }
    const number = numbers.get(end.join());
    assert.ok(number !== undefined, `the run to ${f.kind} ends in a state that the reference does not know`);
    endsRightly(subject, x, f, number);
  }
  if (x.states.length <= SMALL) everyStuckCall(subject, x);
}

function endsRightly({ system }: Subject, x: ReferenceExploration, f: Finding, state: number): void {
  const agent = system.agents.findIndex((a) => a.name === f.agent);
  switch (f.kind) {
    case 'deadlock':
      assert.ok(isSettled(x, state), 'the run to a deadlock ends where something still moves');
      assert.equal(freeingSteps(system, x, state, agent), null, 'what is called a deadlock can still end');
      break;
    case 'unload-blocked':
    case 'unbind-blocked':
    case 'close-blocked': {
      const call = callAt(system, x, state, agent);
      assert.ok(call !== null && system.calls[call].blocked === f.kind, `${f.kind} of another call`);
      if (/goes round/.test(f.message)) break;
      assert.ok(isSettled(x, state), `the run to ${f.kind} ends where something still moves`);
      assert.ok((freeingSteps(system, x, state, agent) ?? []).length > 0, `nothing ends what is called ${f.kind}`);
      break;
    }
    case 'livelock':
      assert.ok(callAt(system, x, state, agent) !== null, 'a livelock without a call');
      break;
    case 'leak':
      assert.ok(isSettled(x, state), 'the run to a leak ends where something still moves');
      break;
    default:
      assert.fail(`the run to ${f.kind} does not end in it`);
  }
}

/** Where the definitions find stuck calls there is a report, and every report is one of them. */
function everyStuckCall({ system, exploration }: Subject, x: ReferenceExploration): void {
  const stuck = stuckCalls(system, x).map((s) => `${s.kind} ${system.agents[s.agent].name}`);
  const told = exploration.findings.filter(
    (f) => f.path.initial >= 0 && !/go(es)? round/.test(f.message) && /^deadlock$|-blocked$/.test(f.kind),
  );
  for (const f of told) assert.ok(stuck.includes(`${f.kind} ${f.agent}`), `${f.kind} of ${f.agent} is none by the definitions`);
  const kinds = new Set(told.map((f) => f.kind as string));
  const goesRound = exploration.findings.some((f) => f.kind === 'livelock');
  for (const s of new Set(stuck)) {
    const kind = s.slice(0, s.indexOf(' '));
    // One call may be told behind another, which then is of either kind, or goes round.
    assert.ok(goesRound || kinds.has(kind) || (told.length > 0 && kind !== 'deadlock') || kinds.has('deadlock'), `nobody tells of a ${s}`);
  }
}
