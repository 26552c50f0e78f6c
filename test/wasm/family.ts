// The scaling family as a transition system by hand: N users open, call ioctl K times and close; an admin unbinds and unloads; the device
// may be unplugged. Its state counts are known from other checkers (see engine.test.ts), so it measures and tests the engines.
import type { Agent, Expression, Fault, Location, Statement, Step, System, Variable } from '../../server/src/system/system.ts';
import { and, binary, constant, equal, load, not } from '../../server/src/system/expression.ts';

export type Guard = 'srcu' | 'rwsem' | 'naked';

interface Line {
  readonly from: string;
  readonly when: Expression | null;
  readonly body: readonly Statement[];
  readonly to: string;
}

const place = { file: 'family', span: { start: 0, end: 1 } };

export function family(users: number, ioctls: number, guard: Guard = 'srcu'): System {
  const variables: Variable[] = [];
  const initial: number[] = [];
  const variable = (name: string, max: number, first: number, owner: number | null = null, holds: Variable['holds'] = 'int'): number => {
    variables.push({ name, slot: initial.length, length: 1, min: 0, max, holds, over: null, owner });
    return initial.push(first) - 1;
  };
  const mtx = variable('misc_mtx', 1, 0);
  const dlock = variable('device_lock', 1, 0);
  const plock = variable('priv_mtx', 1, 0);
  const reg = variable('registered', 1, 1);
  const bound = variable('bound', 1, 1);
  const dead = variable('dead', 1, 0);
  const hw = variable('hardware', 1, 1);
  const bar = variable('bar', 1, 1);
  const priv = variable('priv', 1, 1);
  const kref = variable('kref', users + 1, 1);
  const modref = variable('module_refs', users, 0);
  const mods = variable('module_state', 2, 0);
  const everyone = 2 ** users - 1;
  const rd = guard === 'srcu' ? variable('srcu_readers', everyone, 0, null, 'agentMask') : -1;
  const wt = guard === 'srcu' ? variable('srcu_waited', everyone, 0, null, 'agentMask') : -1;
  const rdc = guard === 'rwsem' ? variable('readers', users, 0) : -1;
  const wr = guard === 'rwsem' ? variable('writer', 1, 0) : -1;

  const faults: Fault[] = [];
  const is = (slot: number, value: number): Expression => equal(load(slot), constant(value));
  const set = (slot: number, value: number | Expression): Statement => ({
    op: 'set',
    slot,
    value: typeof value === 'number' ? constant(value) : value,
  });
  const add = (slot: number, n: number): Statement => set(slot, binary('+', load(slot), constant(n)));
  const assertion = (agent: number, what: Expression): Statement => {
    const fault = faults.push({ kind: 'assertion', at: place, stack: [], agent, object: null, message: 'fails', by: 'agent' }) - 1;
    return { op: 'if', condition: not(what), then: [{ op: 'fail', fault, object: null, by: null }], else: [] };
  };
  const alive = and(not(is(mods, 2)), is(priv, 1));
  const put = (from: string, to: string): Line[] => [
    { from, when: binary('>', load(kref), constant(1)), body: [add(kref, -1)], to },
    { from, when: is(kref, 1), body: [set(kref, 0), set(priv, 0)], to },
  ];
  const line = (from: string, to: string, when: Expression | null, ...body: Statement[]): Line => ({ from, when, body, to });

  const remove = (agent: number, next: string): Line[] => [
    line('r0', 'r1', is(dlock, 0), set(dlock, 1)),
    line('r1', 'r2', is(bound, 1), set(bound, 0)),
    line('r1', 'r9', is(bound, 0)),
    line('r2', 'r3', is(mtx, 0), set(mtx, 1)),
    line('r3', 'r4', null, assertion(agent, not(is(mods, 2))), set(reg, 0)),
    line('r4', 'r5', null, set(mtx, 0)),
    ...(guard === 'rwsem'
      ? [
          line('r5', 'r5b', and(is(wr, 0), is(rdc, 0)), set(wr, 1)),
          line('r5b', 'r5c', null, set(dead, 1)),
          line('r5c', 'r7', null, set(wr, 0)),
        ]
      : [line('r5', guard === 'srcu' ? 'r6' : 'r7', null, set(dead, 1))]),
    ...(guard === 'srcu' ? [line('r6', 'r6b', null, set(wt, load(rd))), line('r6b', 'r7', is(wt, 0))] : []),
    line('r7', 'r8', null, assertion(agent, not(is(mods, 2))), set(bar, 0)),
    ...put('r8', 'r9'),
    line('r9', next, null, set(dlock, 0)),
  ];

  const agents: Agent[] = [];
  const userSlots: number[][] = [];
  const agentOf = (name: string, process: string, lines: readonly Line[], environment: ReadonlySet<string>): void => {
    const agent = agents.length;
    const names = [...new Set(lines.map((l) => l.from)), 'fin'];
    const slot = variable(`${name} at`, names.length - 1, 0, agent, 'location');
    const locations = names.map(
      (at): Location => ({
        call: null,
        stack: [],
        wait: null,
        access: null,
        steps: lines
          .filter((l) => l.from === at)
          .map(
            (l): Step => ({
              agent,
              environment: environment.has(at),
              guard: l.when,
              body: [...l.body, { op: 'goto', location: names.indexOf(l.to) }],
              label: { text: `${at} -> ${l.to}`, at: place, event: null },
            }),
          ),
      }),
    );
    agents.push({ name, context: 'process', slot, locations, exit: names.length - 1, entry: 0, process });
  };

  for (let u = 0; u < users; u++) {
    const k = variable(`k#${u}`, ioctls, 0, u);
    const v = variable(`v#${u}`, 1, 0, u);
    const clearBit = (slot: number): Statement => set(slot, binary('&', load(slot), constant(everyone - 2 ** u)));
    const leave = guard === 'srcu' ? [clearBit(rd), clearBit(wt)] : guard === 'rwsem' ? [add(rdc, -1)] : [];
    agentOf(
      `user#${u + 1}`,
      'user',
      [
        line('0', '1', is(mtx, 0), set(mtx, 1)),
        line('1', 'fin', is(reg, 0), set(mtx, 0)),
        line('1', 'fin', and(is(reg, 1), not(is(mods, 0))), set(mtx, 0)),
        line('1', '2', and(is(reg, 1), is(mods, 0)), add(modref, 1)),
        line('2', '3', null, assertion(u, alive), add(kref, 1)),
        line('3', '4', null, set(mtx, 0)),
        line('4', '5', binary('<', load(k), constant(ioctls)), assertion(u, alive)),
        line('4', '12', is(k, ioctls), assertion(u, alive)),
        guard === 'srcu'
          ? line('5', '6', null, set(rd, binary('|', load(rd), constant(2 ** u))))
          : guard === 'rwsem'
            ? line('5', '6', is(wr, 0), add(rdc, 1))
            : line('5', '6', null),
        line('6', '11', is(dead, 1)),
        line('6', '7', is(dead, 0)),
        line('7', '8', null, assertion(u, is(bar, 1)), set(v, load(hw))),
        line('8', '9', is(plock, 0), set(plock, 1)),
        line('9', '10', null, assertion(u, and(is(bar, 1), is(priv, 1)))),
        line('10', '11', null, set(plock, 0)),
        line('11', '4', null, ...leave, set(v, 0), add(k, 1)),
        ...put('12', '13'),
        line('13', 'fin', null, assertion(u, and(binary('>', load(modref), constant(0)), not(is(mods, 2)))), add(modref, -1)),
      ],
      new Set(['0', '4']),
    );
    userSlots.push([agents[u].slot, k, v]);
  }
  agentOf(
    'admin',
    'admin',
    [
      ...remove(users, '10'),
      line('10', '11', and(is(modref, 0), is(mods, 0)), set(mods, 1)),
      line('11', '12', is(dlock, 0), set(dlock, 1)),
      line('12', '13', null, assertion(users, is(bound, 0)), set(dlock, 0)),
      line('13', 'fin', null, set(mods, 2)),
    ],
    new Set(['r0']),
  );
  agentOf('gpu hot-unplug', 'hardware', [line('0', 'r0', null, set(hw, 0)), ...remove(users + 1, 'fin')], new Set(['0']));

  return {
    variables,
    slots: initial.length,
    tables: [],
    agents,
    calls: [],
    faults,
    initial,
    boot: null,
    heap: { places: [{ type: 'null', name: 'null', root: -1 }], roots: [] },
    symmetries:
      users > 1
        ? [{ agents: userSlots.map((_, u) => u), slots: userSlots, companions: userSlots.map(() => []), places: userSlots.map(() => []) }]
        : [],
  };
}
