// A resolved program in, a transition system out. Plans the agents, lays out the state, lowers each agent, and ties everything together.
import type { FunctionInfo, ModuleInfo, Program, StructInfo } from '../semantics/program.ts';
import type { ContextRoom, ModelView, Operation } from '../primitives/emit.ts';
import type { PrimitiveTypeDefinition } from '../primitives/types.ts';
import type { Agent, Call, Fault, RootObject, Symmetry, System } from '../system/system.ts';
import type * as tree from '../syntax/tree.ts';
import { everyNode } from '../syntax/visit.ts';
import { isThread, lowerBoot, lowerContext, lowerHardware, lowerProcess, type ThreadInfo } from './agents.ts';
import type { Builder } from './builder.ts';
import { clockOf, describeClock, isTimed, type Ticks } from './clock.ts';
import { lowerClock } from './clockAgent.ts';
import { constantValue } from './constants.ts';
import { convert } from './graph.ts';
import { describeRoots } from './heap.ts';
import { type Entry, hasOwn, ownEntries } from './allocation.ts';
import { Layout } from './layout.ts';
import { opsValue } from './reference.ts';
import { type Usage, usageOf } from './usage.ts';
import { Variables } from './variables.ts';
import { functionNumber, moduleIndex, type AgentPlan, type World } from './world.ts';

export interface Primitives {
  readonly types: ReadonlyMap<string, PrimitiveTypeDefinition>;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly contexts: readonly ContextRoom[];
}

/** Sizes of pools by struct name, and of FD tables; what is not named starts small and is grown by whoever drives the exploration. */
export interface Sizes {
  readonly pools: ReadonlyMap<StructInfo, number>;
  readonly fds: number;
}

export interface Lowered {
  readonly system: System;
  readonly functionNames: readonly string[];
  /** `bound-reached` faults that a larger pool (or FD table) would avoid. */
  readonly poolFaults: ReadonlyMap<number, StructInfo | 'fds'>;
  /** For each struct with a pool, the slot that is 0 until its last entry is taken; entries are taken from the first one on. None where processes have entries of their own. */
  readonly lastEntries: ReadonlyMap<StructInfo, number>;
}

type Lowering = (world: World) => Builder;

export function lower(program: Program, primitives: Primitives, sizes: Sizes, usage: Usage = usageOf(program, primitives.operations), ticks: Ticks = 'scaled'): Lowered {
  const pools: Array<{ struct: StructInfo; size: number }> = usage.allocated.map((struct) => ({ struct, size: sizes.pools.get(struct) ?? 1 }));
  const pooled = new Set([...usage.operations].flatMap((name) => primitives.operations.get(name)?.allocates ?? []));
  for (const name of pooled) {
    const struct = program.structs.find((s) => s.name === name);
    if (struct !== undefined) pools.push({ struct, size: sizes.pools.get(struct) ?? 1 });
  }
  const functions: readonly FunctionInfo[] = withInits(program, usage.addressed);
  const layout = new Layout({ program, primitives: primitives.types, pools, functions: functions.length });

  // Which objects have a context depends on places, which are there before there are agents.
  const plans: Array<{ plan: AgentPlan; lowering: Lowering; process: ProcessPlan | null }> = [];
  const add = (name: string, process: string, context: AgentPlan['context'], lowering: (plan: AgentPlan) => Lowering, info: ProcessPlan | null = null): void => {
    const plan: AgentPlan = { index: plans.length, name, process, context, copy: info?.copy ?? null };
    plans.push({ plan, lowering: lowering(plan), process: info });
  };
  const agents: Agent[] = [];
  const threads: Array<{ plan: AgentPlan; info: ThreadInfo }> = [];
  for (const p of program.processes) {
    for (let copy = 1; copy <= p.count; copy++) {
      const name = p.count === 1 ? p.name : `${p.name}#${copy}`;
      const locals: Parameters<typeof lowerProcess>[3] = new Map();
      const main: ThreadInfo = { process: p, copy, statement: null, fork: null };
      const each = (info: ThreadInfo, agent: string): void => add(agent, p.name, 'process', (plan) => {
        threads.push({ plan, info });
        return (world) => lowerProcess(world, plan, info, locals, threads);
      }, { node: info.statement ?? p.node, copy: p.count === 1 ? null : name });
      each(main, name);
      let children = 0;
      for (const node of everyNode(p.node.body)) {
        if (node.kind === 'thread') each({ process: p, copy, statement: node, fork: forkAround(p.node.body, node) }, p.count === 1 ? node.name.text : `${node.name.text}#${copy}`);
        if (node.kind === 'fork') each({ process: p, copy, statement: node, fork: node }, `${name}.child${++children > 1 ? children : ''}`);
      }
    }
  }
  for (const block of program.hardware) {
    for (const s of block.body.statements) {
      if (s.kind !== 'expression' || s.value.kind !== 'call') continue;
      const call = s.value;
      const device = call.arguments[0]?.kind === 'name' ? call.arguments[0].text : '';
      const event = call.callee.kind === 'name' ? call.callee.text : 'event';
      add(`${event} ${device}`, 'hardware', 'hardware', (plan) => (world) => lowerHardware(world, plan, call, program.units[0]));
    }
  }
  const contextOf = new Map<number, number>();
  for (const room of primitives.contexts) {
    if (!room.startedBy.some((name) => usage.operations.has(name))) continue;
    layout.places.forEach((place, number) => {
      if (place.type !== room.type) return;
      contextOf.set(number, plans.length);
      add(room.title(place.name), room.title(place.name), room.context, (plan) => (world) => lowerContext(world, plan, room, number));
    });
  }
  if (isTimed(program, usage.operations)) add('clock', 'clock', 'clock', (plan) => (world) => lowerClock(world, plan, agents));
  add('boot', 'init', 'boot', (plan) => (world) => lowerBoot(world, plan));

  const variables = new Variables();
  layout.begin(plans.length, variables);
  const moduleState = variables.add({ name: 'module state', length: Math.max(1, program.modules.length), max: 3 + plans.length });
  const gone = variables.add({ name: 'device gone', length: Math.max(1, program.devices.length), max: 1 });
  const atomic = [...usage.operations].some((name) => primitives.operations.get(name)?.entersAtomic === true);
  const hasThreads = threads.some((t) => isThread(t.info));
  const world: World = {
    program, layout, variables, agents: plans.map((p) => p.plan), contextOf, operations: primitives.operations, usedOperations: usage.operations, primitiveTypes: primitives.types,
    functions, candidates: usage.candidates, assigned: usage.assigned, unloadable: usage.unloadable, moduleState,
    atomicSections: atomic ? variables.add({ name: 'atomic sections', length: plans.length, max: 7, over: 'agents' }) : null,
    model: modelView(program, layout, functions, plans.map((p) => p.plan), contextOf, moduleState, gone, sizes.fds, usage.unloadable, usage.assigned, mainThreads(threads)),
    faults: [], calls: [], takers: new Map(), free: new Map(), finally: [], doers: new Map(), probing: new Map(), poolFaults: new Map(), fds: sizes.fds, deferred: new Map(),
    insideFlags: hasThreads ? variables.add({ name: 'inside a call', length: plans.length, max: 1, over: 'agents' }) : null,
    killFlags: usage.operations.has('kill') ? variables.add({ name: 'killed', length: Math.max(1, program.processes.length), max: 1 }) : null,
    leaks: new Map(), ends: new Map(), clock: clockOf(program, usage.operations, plans.length, variables, ticks), origins: [], strings: [],
  };
  if (program.devices.length > 0) {
    for (const group of layout.groups) {
      if (group.kind !== 'pool') continue;
      const slot = variables.add({ name: `${group.name}.origin`, length: group.count, max: 2 * program.devices.length, over: 'places' });
      world.origins.push({ struct: group.struct, slot, length: group.count, places: Array.from({ length: group.count }, (_, entry) => placesOf(world, { group, entry })) });
      (world.model.origins as Array<{ slot: number; length: number }>).push({ slot, length: group.count });
    }
  }

  // The clock is the last: it has to know where the others can come.
  for (const { plan, lowering } of [...plans.filter((p) => p.plan.context !== 'clock'), ...plans.filter((p) => p.plan.context === 'clock')]) {
    const slot = variables.add({ name: `${plan.name}.at`, max: 0, holds: 'location', owner: plan.index });
    const builder = lowering(world);
    const { locations, entry, exit } = convert(plan.index, builder.entry);
    variables.widen(slot, 0, locations.length - 1);
    variables.initial[slot] = entry;
    agents[plan.index] = { name: plan.name, context: plan.context, slot, locations, exit, entry, process: plan.process };
  }
  for (const work of world.finally) work();
  const roots: RootObject[] = describeRoots(world);
  const clock = world.clock === null ? null : describeClock(world, world.clock);
  const system: System = {
    variables: variables.all, slots: variables.initial.length, tables: layout.tables, agents, calls: world.calls as readonly Call[],
    faults: world.faults as readonly Fault[], initial: variables.initial, boot: plans.length - 1, heap: { places: layout.places, roots }, ends: [...world.ends.values()].map(({ condition, fault }) => ({ condition, fault })),
    clock,
    symmetries: symmetriesOf(plans, world),
  };
  const lastEntries = new Map(layout.groups.flatMap((g) => (g.life === null || hasOwn(world, g) ? [] : [[g.struct, g.life + g.count - 1] as const])));
  return { system, functionNames: functions.map((f) => f.name), poolFaults: world.poolFaults, lastEntries };
}

interface ProcessPlan {
  readonly node: tree.Process | tree.Statement;
  readonly copy: string | null;
}

/** Init and exit functions are called through numbers too, by insmod and rmmod. */
function withInits(program: Program, addressed: readonly FunctionInfo[]): FunctionInfo[] {
  const all = new Set(addressed);
  for (const m of program.modules) {
    if (m.init !== null) all.add(m.init);
    if (m.exit !== null) all.add(m.exit);
  }
  return [...all];
}

function modelView(program: Program, layout: Layout, functions: readonly FunctionInfo[], agents: readonly AgentPlan[], contextOf: ReadonlyMap<number, number>, moduleState: number, gone: number, fds: number, unloadable: ReadonlySet<ModuleInfo>, assigned: ReadonlySet<string>, mains: ReadonlyMap<number, number>): ModelView {
  const number = (f: FunctionInfo | null): number => (f === null ? 0 : functionNumber({ functions }, f));
  const processes = [...new Set(agents.filter((a) => a.context === 'process').map((a) => a.process))];
  return {
    modules: program.modules.map((m) => ({ name: m.name, usedBy: program.modules.filter((o) => o.uses.includes(m)).map((o) => program.modules.indexOf(o)) })),
    devices: program.devices.map((d) => ({ name: d.name, place: layout.placeOf(d), drivers: d.binds.map((o) => layout.placeOf(o)), unbound: d.unbound })),
    agentNames: agents.map((a) => a.name),
    moduleState, gone, inits: program.modules.map((m) => number(m.init)), exits: program.modules.map((m) => number(m.exit)), fds,
    processes, processOf: agents.map((a) => processes.indexOf(a.process)),
    placesOf: (type) => {
      const struct = program.structs.find((s) => s.name === type);
      return struct === undefined ? { base: 0, count: 0 } : { base: layout.base(struct), count: layout.count(struct) };
    },
    agentOf: (place) => contextOf.get(place) ?? null,
    placeNames: layout.places.map((p) => p.name), placeMax: layout.places.length - 1,
    mainAgents: agents.filter((a) => a.context === 'process' && (mains.get(a.index) ?? a.index) === a.index).map((a) => a.index),
    mainOf: agents.map((a) => mains.get(a.index) ?? a.index),
    driverSlot: (place) => {
      const field = layout.structOfPlace(place)?.fields.find((f) => f.name === 'driver');
      return field === undefined || !assigned.has(`${field.struct.name}.driver`) ? null : layout.field(field) + place - layout.base(field.struct);
    },
    lives: function* () {
      for (const g of layout.groups) if (g.life !== null) for (let k = 0; k < g.count; k++) yield [g.place + k, g.life + k] as const;
    },
    ptimers: program.devices.map((d) => program.settings.find((s) => s.keyword === 'ptimer' && s.device === d)?.values ?? null),
    given: (operation, argument) => callsOf(program, operation).map(({ call }) => (call.arguments[argument] === undefined ? null : constantValue({ program, functions, strings: [], layout }, call.arguments[argument]))),
    answersCount: (operation) => callsOf(program, operation).some(({ answered }) => answered),
    config: program.settings.find((s) => s.keyword === 'config')?.values ?? new Map(),
    origins: [], unloadable: program.modules.map((m) => unloadable.has(m)),
  };
}

type CallNode = Extract<tree.Expression, { kind: 'call' }>;

/** `answered`: the call is no statement of its own. */
function callsOf(program: Program, operation: string): Array<{ readonly call: CallNode; readonly answered: boolean }> {
  const alone = new Set<tree.Expression>();
  const found: CallNode[] = [];
  for (const { file } of program.units) {
    for (const node of everyNode(file)) {
      if (node.kind === 'expression') alone.add(node.value);
      const symbol = node.kind === 'call' && node.callee.kind === 'name' ? program.symbols.get(node.callee) : undefined;
      if (node.kind === 'call' && symbol?.kind === 'primitive' && symbol.primitive.name === operation) found.push(node);
    }
  }
  return found.map((call) => ({ call, answered: !alone.has(call) }));
}

/** Copies of one process run the same program, and so do their threads; each has slots and entries of pools of its own. */
function symmetriesOf(plans: ReadonlyArray<{ readonly plan: AgentPlan; readonly process: ProcessPlan | null }>, world: World): Symmetry[] {
  const byNode = new Map<object, AgentPlan[]>();
  for (const { plan, process } of plans) {
    if (process === null || plan.copy === null) continue;
    const known = byNode.get(process.node);
    if (known === undefined) byNode.set(process.node, [plan]);
    else known.push(plan);
  }
  const mains = [...byNode.values()].filter((copies) => copies[0].name === copies[0].copy);
  const all = mains.map((copies): Symmetry => {
    const entries = copies.map((plan) => ownEntries(world, plan.copy));
    const companions = copies.map((plan, i) => [
      ...plans.flatMap((p) => (p.plan.copy === plan.copy && p.plan !== plan ? [p.plan.index] : [])),
      ...entries[i].flatMap((e) => placesOf(world, e).flatMap((place) => world.contextOf.get(place) ?? [])),
    ]);
    return {
      agents: copies.map((plan) => plan.index),
      slots: copies.map((plan, i) => [
        ...[plan.index, ...companions[i]].flatMap((agent) => ownSlots(world.variables, agent)),
        ...entries[i].flatMap((e) => slotsOf(world, e)),
      ]),
      companions,
      places: entries.map((own) => own.flatMap((e) => placesOf(world, e))),
    };
  });
  return all.filter((y) => [y.slots, y.companions, y.places].every((rows) => rows.every((row) => row.length === rows[0].length)));
}

function placesOf({ layout }: World, { group, entry }: Entry): number[] {
  return layout.places.flatMap((p, place) => (p.root === group.firstRoot + entry ? [place] : []));
}

function slotsOf(world: World, { group, entry }: Entry): number[] {
  const origin = world.origins.find((o) => o.struct === group.struct);
  const fields = world.layout.slotsOf(group).map((s) => s.slot + s.first + entry * s.stride);
  return [...(group.life === null ? [] : [group.life + entry]), ...(origin === undefined ? [] : [origin.slot + entry]), ...fields];
}

export { moduleIndex, opsValue };

/** The innermost `fork { }` around a statement. */
function forkAround(body: tree.Block, inner: tree.Statement): tree.Statement | null {
  return everyNode(body).findLast((node) => node.kind === 'fork' && node.start < inner.start && inner.end <= node.end) as tree.Statement | undefined ?? null;
}

/** The main thread of each thread's process. */
function mainThreads(threads: ReadonlyArray<{ readonly plan: AgentPlan; readonly info: ThreadInfo }>): Map<number, number> {
  const mains = new Map<number, number>();
  for (const t of threads) {
    const main = threads.find((m) => !isThread(m.info) && m.info.fork === t.info.fork && m.info.process === t.info.process && m.info.copy === t.info.copy);
    if (main !== undefined) mains.set(t.plan.index, main.plan.index);
  }
  return mains;
}

/** Private slots in the order in which they were made, which is the same for equal programs. */
function ownSlots(variables: Variables, agent: number): number[] {
  return variables.all.flatMap((v) => (v.owner === agent ? Array.from({ length: v.length }, (_, i) => v.slot + i) : []));
}
