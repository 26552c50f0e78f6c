// `new` and `free`: pools whose entries are used again only when no reference to them is left, so that no address is ever reused under a stale one.
import type { StructInfo } from '../semantics/program.ts';
import type { Expression, Statement } from '../system/system.ts';
import { and, binary, constant, element, equal, load, minus, or, plus, table, zero } from '../system/expression.ts';
import type { Builder } from './builder.ts';
import type { Group } from './layout.ts';
import { fail, type World } from './world.ts';

/** Statements that are known only when every slot is; `world.finally` fills them in. */
export function later(world: World, make: () => Statement[]): Statement {
  const then: Statement[] = [];
  world.finally.push(() => { then.push(...make()); });
  return { op: 'if', condition: { op: 'constant', value: 1 }, then, else: [] };
}

/** One step: takes the first free entry of the struct's pool, leaves its place in `into`. */
export function allocate(b: Builder, struct: StructInfo, into: number, then: (place: Expression) => readonly Statement[] = () => []): void {
  const { world } = b;
  const group = world.layout.pool(struct);
  if (group === null) throw new Error(`lowering: nothing allocates ${struct.name}`);
  const full = b.fault('bound-reached', `all ${group.count} ${struct.name} of the model are in use; raise the limit with \`struct ${struct.name}[N]\``, { object: struct.name });
  world.poolFaults.set(full, struct);
  if (!world.leaks.has(struct)) {
    world.leaks.set(struct, b.fault('leak', `{object} is still there at the end, and nothing leads to it`, { object: struct.name }));
  }
  const takers = world.takers.get(group) ?? new Set();
  world.takers.set(group, takers.add(b.plan.copy));
  const life = group.life ?? 0;
  const body = later(world, () => {
    const probing = world.probing.get(b.plan.index);
    const origin = world.origins.find((o) => o.struct === struct);
    let taken: Statement[] = [fail(full)];
    for (const k of [...inOrder(world, group, b.plan.copy)].reverse()) {
      const place = constant(group.place + k);
      const take: Statement[] = [{ op: 'set', slot: life + k, value: constant(1) }, { op: 'set', slot: into, value: place }];
      if (origin !== undefined) take.push({ op: 'set', slot: origin.slot + k, value: probing === undefined ? zero : load(probing) });
      take.push(...then(place));
      taken = [{ op: 'if', condition: isFree(world, group, k), then: take, else: taken }];
    }
    return taken;
  });
  b.touch([{ body: [body], event: 'alloc' }]);
}

export interface Entry {
  readonly group: Group;
  readonly entry: number;
}

/**
 * Where copies of one process allocate from a pool that is large enough, each has entries of its own, which it takes first: so it is not kept in
 * who has which entry who came first. What all others take first is at the end.
 */
function isOwn(world: World, group: Group, entry: number, copy: string | null): boolean {
  const takers = takersOf(world, group);
  // Each has as many as the others.
  return hasOwn(world, group) && entry < group.count - (group.count % takers.length) && takers[entry % takers.length] === copy;
}

/** Whether entries of a pool are anybody's own. */
export function hasOwn(world: World, group: Group): boolean {
  const takers = takersOf(world, group);
  return takers.length > 1 && takers.length <= group.count;
}

/** All others are last. */
function takersOf(world: World, group: Group): ReadonlyArray<string | null> {
  return [...(world.takers.get(group) ?? [])].sort((x, y) => Number(x === null) - Number(y === null));
}

/** The entries of all pools that are a copy's own. */
export function ownEntries(world: World, copy: string | null): readonly Entry[] {
  return world.layout.groups
    .flatMap((group) => Array.from({ length: group.kind === 'pool' ? group.count : 0 }, (_, entry): Entry => ({ group, entry })))
    .filter(({ group, entry }) => isOwn(world, group, entry, copy));
}

/** In which order an agent looks for one that is free. */
function inOrder(world: World, group: Group, copy: string | null): readonly number[] {
  const all = Array.from({ length: group.count }, (_, k) => k);
  return [...all.filter((k) => isOwn(world, group, k, copy)), ...all.filter((k) => !isOwn(world, group, k, copy))];
}

/** Never used, or forgotten by all: the same wherever something is allocated. */
function isFree(world: World, group: Group, k: number): Expression {
  let known = world.free.get(group);
  if (known === undefined) world.free.set(group, (known = []));
  const state = load((group.life ?? 0) + k);
  return (known[k] ??= or(equal(state, zero), and(binary('>', state, constant(1)), unqueued(world, group, k), unreferenced(world, group, k))));
}

/** Nothing in entry `k` is on a queue of the kernel any more. */
function unqueued(world: World, group: Group, k: number): Expression {
  return and(...world.layout.slotsOf(group).filter((s) => s.outlives).map((s) => equal(load(s.slot + s.first + k * s.stride), zero)));
}

/** No variable holds a place inside entry `k`. */
function unreferenced(world: World, group: Group, k: number): Expression {
  const { layout } = world;
  const root = group.firstRoot + k;
  const inside = layout.places.flatMap((p, place) => (p.root === root ? [place] : []));
  const low = inside[0];
  const high = inside[inside.length - 1];
  const roots = layout.tableNumber('root', () => layout.places.map((p) => p.root));
  const clear: Expression[] = [];
  for (const v of world.variables.all) {
    if (v.holds !== 'place' || v.max < low || v.min > high || !inside.some((p) => p >= v.min && p <= v.max)) continue;
    const own = inside.filter((p) => p >= v.min && p <= v.max);
    for (let i = 0; i < v.length; i++) {
      const value = load(v.slot + i);
      clear.push(own.length === 1 ? binary('!=', value, constant(own[0])) : binary('!=', table(roots, layout.tables[roots], value), constant(root)));
    }
  }
  return and(...clear);
}

/** One step: ends the life of the allocation at `place`; its fields are forgotten. `free null` does nothing. */
export function freeObject(b: Builder, value: { readonly expression: Expression; readonly type: { readonly kind: string; readonly to?: StructInfo | null; readonly struct?: StructInfo } }, what: string): void {
  b.touch([{ body: freeBody(b, value.expression, value.type.to ?? value.type.struct ?? null, what), event: 'free' }]);
}

export function freeBody(b: Builder, place: Expression, struct: StructInfo | null, what: string): Statement[] {
  const { world } = b;
  const pools = world.layout.groups.filter((g) => g.kind === 'pool' && (struct === null || g.struct === struct));
  let body: Statement[] = [fail(b.fault('bad-cast', `${what} was not allocated with new`, { object: struct?.name ?? null }), place)];
  for (const group of pools) {
    // Static objects have constant places: none of them is in a pool, and nothing there may be named by their number.
    if (place.op === 'constant' && !(place.value >= group.place && place.value < group.place + group.count)) continue;
    const index = minus(place, constant(group.place));
    const life = group.life ?? 0;
    const state = element(life, group.count, index);
    const twice = b.fault('double-free', `${what} was already freed by {by}`, { object: group.struct.name });
    const inside = and(binary('>=', place, constant(group.place)), binary('<', place, constant(group.place + group.count)));
    const end: Statement = setElement(life, group.count, index, constant(2 + b.plan.index));
    const forget = later(world, () => forgetEntry(world, group, index));
    body = [{
      op: 'if', condition: inside,
      then: [{ op: 'if', condition: equal(state, constant(1)), then: [end, forget], else: [fail(twice, place, minus(state, constant(1)))] }],
      else: body,
    }];
  }
  return [{ op: 'if', condition: equal(place, zero), then: [], else: body }];
}

function forgetEntry(world: World, group: Group, index: Expression): Statement[] {
  const reset: Statement[] = [];
  for (const s of world.layout.slotsOf(group)) {
    if (s.outlives) continue;
    const at = plus(s.stride === 1 ? index : binary('*', index, constant(s.stride)), constant(s.first));
    reset.push(setElement(s.slot, s.length, at, constant(s.initial)));
  }
  // Whose binding made it is kept: a late call may still be handed it.
  return reset;
}

export function setElement(slot: number, length: number, index: Expression, value: Expression): Statement {
  if (length === 1) return { op: 'set', slot, value };
  if (index.op === 'constant') return { op: 'set', slot: slot + index.value, value };
  return { op: 'setElement', slot, length, index, value };
}
