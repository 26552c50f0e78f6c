// A trace in Apalache's Informal Trace Format (ADR 015): a list of states, for the viewers and scripts of the TLA+ world.
import { statesOf } from '../trace/state.ts';
import type { Trace } from '../trace/trace.ts';

/** State i is the one before step i; `action` and `agent` tell the step that led to it (empty in the first). Ends in a newline. */
export function itf(trace: Trace, source: string): string {
  // The state behind a step that commits an error is the one before it: a last state shows that the step was taken.
  const states = statesOf(trace);
  const document = {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      description: `${trace.verdict.kind}: ${trace.verdict.message}`,
      source,
      status: 'violation',
    },
    vars: ['action', 'agent', 'objects', 'time'],
    states: states.map((objects, index) => stateOf(trace, objects, index)),
  };
  return JSON.stringify(document, null, 2) + '\n';
}

function stateOf(trace: Trace, objects: ReadonlyMap<string, ReadonlyMap<string, string>>, index: number) {
  const step = index === 0 ? null : trace.steps[index - 1];
  return {
    '#meta': { index },
    action: step?.text ?? '',
    agent: step?.agent ?? '',
    objects: { '#map': [...objects].map(([name, fields]) => [name, { '#map': [...fields].map(([field, value]) => [field, value]) }]) },
    time: { '#bigint': step?.time ?? '0' },
  };
}
