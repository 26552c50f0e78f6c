// Modules and their text: references, the states of loading and unloading, and the end of the text. delete_module() itself is Lifeline, in
// kernel.lifeline; this is what it is made of.
import { and, binary, choose, constant, equal, load, minus, not, or, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { Emit, PrimitiveRoom, Slot, Value } from './emit.ts';
import { ownsFile } from './fdTable.ts';
import { bool, INT, int, operation } from './operation.ts';

const source = 'kernel/module/main.c';
const ENOENT = 2;
const EWOULDBLOCK = 11;
const EBUSY = 16;
const EEXIST = 17;
const REFERENCES_MAX = 7;
/** What agents do somewhere: nobody else has a reference of its own. */
const TAKES = 'try_module_get';

/** As in lowering/world.ts. */
const COMING = 1;
const LIVE = 2;
const GOING = 3;
const GONE = 4;

/** Who holds a reference: an agent, a file that is open, or a device that is being probed or bound. */
function holders(emit: Emit): number {
  const files = emit.model.placesOf('file');
  return emit.agents + files.count + emit.model.devices.length;
}

function references(emit: Emit, module: number): number {
  const counted = emit.model.unloadable.flatMap((u, i) => (u ? [i] : []));
  const each = holders(emit);
  const { slot } = emit.shared('module references', REFERENCES_MAX, { length: Math.max(1, counted.length * each) });
  return slot + counted.indexOf(module) * each;
}

/** 1 + holder for which an agent acts: the file it opens, the device it probes; 0: itself. */
export function actsFor(emit: Emit): number {
  return emit.shared('acts for', holders(emit), { each: 'agents' }).slot + emit.agentIndex;
}

export function holderOfFile(emit: Emit, file: Expression): Expression {
  return choose(equal(file, zero), zero, plus(minus(file, constant(emit.model.placesOf('file').base)), constant(emit.agents + 1)));
}

/** Runs `each` for the module that the value is, if its references are counted. */
function perModule(emit: Emit, module: Value, each: (index: number) => Statement[], uncounted: (index: number) => Statement[] = () => []): Statement[] {
  let body: Statement[] = [];
  emit.model.modules.forEach((_, i) => {
    const then = emit.model.unloadable[i] ? each(i) : uncounted(i);
    if (then.length > 0) body = [{ op: 'if', condition: equal(module.expression, constant(i + 1)), then, else: body }];
  });
  return body;
}

function state(emit: Emit, module: number): Expression {
  return load(emit.model.moduleState + module);
}

/** References whose owner has ended: a process, or a file that is gone. */
function ownerless(emit: Emit, module: number): Expression {
  const first = references(emit, module);
  const files = emit.model.placesOf('file');
  const lives = new Map(emit.model.lives());
  return or(
    ...emit.model.mainAgents.map((a) => binary('>', load(first + a), zero)),
    ...Array.from({ length: files.count }, (_, f) => {
      const life = lives.get(files.base + f);
      return life === undefined ? zero : and(binary('>', load(first + emit.agents + f), zero), binary('!=', load(life), constant(1)));
    }),
  );
}

function take(emit: Emit, module: number): Statement[] {
  const first = references(emit, module);
  const { name } = emit.model.modules[module];
  emit.does(TAKES);
  emit.leakAtEnd(`module ${module}`, ownerless(emit, module), `a reference to ${name} is left whose owner has ended: ${name} can never be unloaded`, name);
  const into = (holder: Slot): Statement[] => [
    { op: 'if', condition: binary('>=', emit.read(holder), constant(REFERENCES_MAX)), then: [emit.fail('bound-reached', `more than ${REFERENCES_MAX} references on a module by one holder`)], else: [] },
    emit.write(holder, plus(emit.read(holder), constant(1))),
  ];
  const mine = into(own(emit, first));
  return holders(emit) === emit.agents ? mine : [{ op: 'if', condition: equal(load(actsFor(emit)), zero), then: mine, else: into(actedFor(emit, first)) }];
}

/** delete_module() has taken the count to 0, and does not look at it again: a reference that is taken now keeps nothing. */
function resurrection(emit: Emit, module: number): Statement[] {
  const { name } = emit.model.modules[module];
  return [{
    op: 'if', condition: and(equal(state(emit, module), constant(GOING)), not(held(emit, module))), else: [],
    then: [emit.fail('refcount-resurrect', `{agent} takes a reference on ${name}, which is going and has none left`, null, null, { object: name })],
  }];
}

/** References of the agent itself, and of whom it acts for. */
const own = (emit: Emit, first: number): Slot => ({ slot: first + emit.agentIndex, length: 1, index: zero });
const actedFor = (emit: Emit, first: number): Slot => ({
  slot: first + emit.agents, length: holders(emit) - emit.agents, index: minus(load(actsFor(emit)), constant(emit.agents + 1)),
});

/** struct module is part of what goes with the module: who still has a pointer to it may not look. */
function isThere(emit: Emit, module: Value): Statement[] {
  return emit.model.modules.map((m, i): Statement => ({
    op: 'if', condition: and(equal(module.expression, constant(i + 1)), binary('>=', state(emit, i), constant(GONE))),
    then: [emit.fail('use-after-unload', `{agent} looks at the struct module of ${m.name}, which {by} unloaded`, null, minus(state(emit, i), constant(GONE - 1)), { object: m.name, by: 'agent' })], else: [],
  }));
}

/** Drops a reference of whom the caller acts for, else its own, else anybody's. */
function drop(emit: Emit, module: number): Statement[] {
  const first = references(emit, module);
  const acting = load(actsFor(emit));
  const less = (holder: Slot): Statement[] => [emit.write(holder, minus(emit.read(holder), constant(1)))];
  const nobodys = emit.fail('refcount-underflow', 'module_put() without a reference', null, null, { object: emit.model.modules[module].name });
  const mine = [emit.later(() => {
    const filesAndDevices = Array.from({ length: holders(emit) - emit.agents }, (_, k) => emit.agents + k);
    let body: Statement[] = [nobodys];
    for (const h of [...emit.doers(TAKES), ...filesAndDevices].reverse()) {
      body = [{ op: 'if', condition: binary('>', load(first + h), zero), then: less({ slot: first + h, length: 1, index: zero }), else: body }];
    }
    return body;
  })];
  if (holders(emit) === emit.agents) return mine;
  const theirs = actedFor(emit, first);
  return [{
    op: 'if', condition: equal(acting, zero), then: mine,
    else: [{ op: 'if', condition: binary('>', emit.read(theirs), zero), then: less(theirs), else: mine }],
  }];
}

function held(emit: Emit, module: number): Expression {
  const first = references(emit, module);
  return or(...Array.from({ length: holders(emit) }, (_, h) => binary('>', load(first + h), zero)));
}

/** Agents that hold a reference, as a mask: themselves, or as owners of an FD of a file that does. */
function holderMask(emit: Emit, module: number): Expression {
  const first = references(emit, module);
  const files = emit.model.placesOf('file');
  let mask: Expression = zero;
  for (let a = 0; a < emit.agents; a++) {
    let holds = binary('>', load(first + a), zero);
    if (emit.model.mainAgents.includes(a)) {
      for (let f = 0; f < files.count; f++) holds = or(holds, and(binary('>', load(first + emit.agents + f), zero), ownsFile(emit, a, files.base + f)));
    }
    mask = plus(mask, choose(holds, constant(2 ** a), zero));
  }
  return mask;
}

function tryStop(emit: Emit, module: Value, wait: boolean): Value {
  const result = emit.temporary(0, 'int', -EEXIST);
  const set = (errno: number): Statement => ({ op: 'set', slot: result, value: constant(-errno) });
  const body: Statement[] = [{ op: 'set', slot: result, value: constant(-ENOENT) }];
  emit.model.modules.forEach((m, i) => {
    const isLoaded = (u: number): Expression => and(binary('>=', state(emit, u), constant(COMING)), binary('<', state(emit, u), constant(GONE)));
    const users = or(...m.usedBy.map(isLoaded));
    const refusals = m.usedBy.map((u): Statement => ({
      op: 'if', condition: isLoaded(u), else: [],
      then: [emit.report('unload-refused', `rmmod of ${m.name} returns -EWOULDBLOCK: {by} uses its symbols`, null, null, { object: m.name, by: 'agentMask', names: [emit.model.modules[u].name] })],
    }));
    const going: Statement[] = [{ op: 'set', slot: emit.model.moduleState + i, value: constant(GOING) }, set(0)];
    const refs = emit.model.unloadable[i] ? held(emit, i) : zero;
    const then: Statement[] = [{
      op: 'if', condition: or(equal(state(emit, i), zero), binary('>=', state(emit, i), constant(GONE))), then: [set(ENOENT)],
      else: [{
        op: 'if', condition: users,
        then: [...refusals, set(EWOULDBLOCK)],
        else: [{
          op: 'if', condition: binary('!=', state(emit, i), constant(LIVE)), then: [set(EBUSY)],
          else: wait ? going : [{
            op: 'if', condition: refs,
            then: [emit.report('unload-refused', `rmmod of ${m.name} returns -EWOULDBLOCK: {by} holds a reference to it`, null, emit.model.unloadable[i] ? holderMask(emit, i) : null, { object: m.name, by: 'agentMask' }), set(EWOULDBLOCK)],
            else: going,
          }],
        }],
      }],
    }];
    body.push({ op: 'if', condition: equal(module.expression, constant(i + 1)), then, else: [] });
  });
  emit.step({ body, event: 'refuse' });
  return int(load(result));
}

export const module: PrimitiveRoom = {
  operations: [
    operation('try_module_get(m: module) -> bool', { summary: 'Takes a reference on a module unless it is going. A null module (built in, or .owner unset) always succeeds.', guarantees: 'The text stays until the matching module_put.', contexts: 'Any.', source }, (emit, [m]) => {
      const got = emit.temporary(1);
      const yes: Statement = { op: 'set', slot: got, value: constant(1) };
      const alive = (i: number): Expression => or(equal(state(emit, i), constant(COMING)), equal(state(emit, i), constant(LIVE)));
      emit.step({
        event: 'acquire',
        body: [
          ...isThere(emit, m),
          { op: 'if', condition: equal(m.expression, zero), then: [yes], else: [] },
          ...perModule(emit, m, (i) => [{ op: 'if', condition: alive(i), then: [...take(emit, i), yes], else: [] }], (i) => [{ op: 'if', condition: alive(i), then: [yes], else: [] }]),
        ],
      });
      return bool(load(got));
    }),
    operation('__module_get(m: module)', { summary: 'Takes a reference; the caller must hold one already: on a module that is going and has none left it is refcount-resurrect.', source }, (emit, [m]) => emit.step({ event: 'acquire', body: [...isThere(emit, m), ...perModule(emit, m, (i) => [...resurrection(emit, i), ...take(emit, i)])] })),
    operation('module_put(m: module)', { summary: 'Drops a reference. Code of the same module behind the last put runs unpinned.', source }, (emit, [m]) => emit.step({ event: 'release', body: [...isThere(emit, m), ...perModule(emit, m, (i) => drop(emit, i))] })),
    operation('module_refcount(m: module) -> int', { summary: 'References that are held on the module.', source }, (emit, [m]) => {
      const result = emit.temporary(63);
      emit.step({ body: perModule(emit, m, (i) => {
        const first = references(emit, i);
        let sum: Expression = zero;
        for (let h = 0; h < holders(emit); h++) sum = plus(sum, load(first + h));
        return [{ op: 'set', slot: result, value: sum }];
      }) });
      return int(load(result));
    }),
    operation('module_try_stop(m: module) -> int', { summary: 'The first half of delete_module: refuses, or makes the module GOING.', guarantees: 'try_module_get fails from now on.', source }, (emit, [m]) => tryStop(emit, m, false)),
    operation('module_stop(m: module) -> int', { summary: 'Makes the module GOING and waits for its references, as rmmod --wait did.', blocksOn: 'Who holds references.', source }, (emit, [m]) => {
      const result = tryStop(emit, m, true);
      emit.branch(equal(result.expression, zero), () => {
        let free: Expression = constant(1);
        let by: Expression = zero;
        emit.model.modules.forEach((_, i) => {
          if (!emit.model.unloadable[i]) return;
          free = choose(equal(m.expression, constant(i + 1)), binary('==', held(emit, i), zero), free);
          by = choose(equal(m.expression, constant(i + 1)), holderMask(emit, i), by);
        });
        emit.step({ text: 'waits until no reference is left', guard: free, wait: { kind: 'event', what: 'the last reference to the module', holder: { kind: 'agentMask', value: by } } });
      });
      return result;
    }),
    operation('module_call_exit(m: module)', { summary: 'Runs the exit function of a module.', source }, (emit, [m]) => callEach(emit, m, emit.model.exits)),
    operation('module_call_init(m: module) -> int', { summary: 'Runs the init function of a module.', source }, (emit, [m]) => {
      const result = emit.temporaryFor(INT);
      callEach(emit, m, emit.model.inits, result);
      return int(load(result));
    }),
    operation('module_begin_load(m: module) -> int', { summary: 'Makes the text of a module that is not loaded; its state is COMING.', source }, (emit, [m]) => {
      const result = emit.temporary(0, 'int', -EEXIST);
      const body: Statement[] = [{ op: 'set', slot: result, value: constant(-EEXIST) }];
      emit.model.modules.forEach((mod, i) => body.push({
        op: 'if', condition: equal(m.expression, constant(i + 1)), else: [],
        then: [
          { op: 'if', condition: binary('>=', state(emit, i), constant(GONE)), then: [emit.fail('bound-reached', `${mod.name} is loaded a second time, which the model cannot tell from the first; declare a second module`)], else: [] },
          { op: 'if', condition: equal(state(emit, i), zero), then: [{ op: 'set', slot: emit.model.moduleState + i, value: constant(COMING) }, { op: 'set', slot: result, value: zero }], else: [] },
        ],
      }));
      emit.step({ body });
      return int(load(result));
    }),
    operation('module_loaded(m: module)', { summary: 'Makes the module LIVE.', source }, (emit, [m]) => emit.step({ body: setState(emit, m, LIVE) })),
    operation('free_module(m: module)', { summary: 'Frees text and static data. Any frame still in it, any later call into it or read of its tables is use-after-unload.', source }, (emit, [m]) => emit.step({ event: 'free', body: setState(emit, m, GONE + emit.agentIndex) })),
  ],
};

function setState(emit: Emit, m: Value, value: number): Statement[] {
  return emit.model.modules.map((_, i): Statement => ({ op: 'if', condition: equal(m.expression, constant(i + 1)), then: [{ op: 'set', slot: emit.model.moduleState + i, value: constant(value) }], else: [] }));
}

function callEach(emit: Emit, m: Value, functions: readonly number[], result: number | null = null): void {
  const from = (i: number): void => {
    if (i >= functions.length) return;
    emit.branch(equal(m.expression, constant(i + 1)), () => {
      if (functions[i] === 0) return;
      const v = emit.callFunction(constant(functions[i]), `module ${i}`, []);
      if (result !== null && v.type.kind === 'int') emit.compute([{ op: 'set', slot: result, value: v.expression }]);
    }, () => from(i + 1));
  };
  from(0);
}
