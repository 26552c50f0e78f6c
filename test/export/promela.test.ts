// What a Promela model declares. Whether SPIN agrees with it is asked by the slow suites.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promela } from '../../server/src/export/promela.ts';
import type { Location, System } from '../../server/src/system/system.ts';

test('what only the condition of a race reads is declared', () => {
  const label = { text: 'step', at: { file: 'x', span: { start: 0, end: 1 } }, event: null };
  const access = { slot: 3, length: 2, index: { op: 'element', slot: 5, length: 2, index: { op: 'load', slot: 2 } }, write: true, fault: 0, name: 'array' } as const;
  const locations = (agent: number): Location[] => [
    { call: null, stack: [], wait: null, access, steps: [{ agent, environment: false, guard: null, body: [{ op: 'set', slot: 2, value: { op: 'constant', value: agent } }, { op: 'goto', location: 1 }], label }] },
    { call: null, stack: [], wait: null, access: null, steps: [] },
  ];
  const agent = (i: number) => ({ name: `agent${i}`, context: 'process', slot: i, locations: locations(i), exit: 1, entry: 0, process: `agent${i}` }) as const;
  const variable = { min: 0, max: 1, over: null } as const;
  const system: System = {
    variables: [
      { ...variable, name: 'at0', slot: 0, length: 1, holds: 'location', owner: 0 },
      { ...variable, name: 'at1', slot: 1, length: 1, holds: 'location', owner: 1 },
      { ...variable, name: 'which', slot: 2, length: 1, holds: 'int', owner: null },
      { ...variable, name: 'array', slot: 3, length: 2, holds: 'int', owner: null },
      { ...variable, name: 'indices', slot: 5, length: 2, holds: 'int', owner: null },
    ],
    slots: 7, tables: [], calls: [], agents: [agent(0), agent(1)], initial: [0, 0, 0, 0, 0, 0, 1], boot: null, heap: { places: [], roots: [] }, symmetries: [],
    faults: [{ kind: 'data-race', at: label.at, stack: [], agent: 0, object: null, message: 'race', by: 'agent' }],
  };
  const model = promela(system, system.initial, { title: 'race', where: () => 'x:1' });
  const [, condition] = model.split('#ifdef RACES');
  const names = condition.match(/\b(which|indices)\w*/g) ?? [];
  assert.ok(names.length > 0, 'the condition of the race reads a variable');
  for (const name of names) assert.match(model, new RegExp(`^(#define ${name} |\\w+ ${name}(\\[\\d\\])? = )`, 'm'));
});
