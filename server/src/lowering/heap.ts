// Describes every allocation for messages, views and the search for leaks.
import type { StructInfo, Type, VariableInfo } from '../semantics/program.ts';
import type { FieldType, RootObject } from '../system/system.ts';
import { and, binary, constant, load } from '../system/expression.ts';
import type { Group } from './layout.ts';
import { MODULE, moduleIndex, type World } from './world.ts';

export function describeRoots(world: World): RootObject[] {
  const roots: RootObject[] = [];
  for (const group of world.layout.groups) {
    for (let k = 0; k < group.count; k++) roots.push(describe(world, group, k));
  }
  const states = ['absent', 'coming', 'live', 'going', ...world.agents.map((a) => `gone (${a.name})`)];
  for (const m of world.program.modules) {
    const fields: RootObject['fields'][number][] = [{ name: 'text', slot: world.moduleState + moduleIndex(world, m), type: { kind: 'enum', names: states } }];
    for (const v of world.program.variables) {
      if (v.module === m) fields.push(...variableFields(world, v));
    }
    roots.push({ name: m.name, type: 'module', life: null, fields, anchored: loaded(world, moduleIndex(world, m)), view: 'module', leak: null });
  }
  const loose = world.program.variables.filter((v) => v.module === null && v.type.kind !== 'struct');
  for (const v of loose) {
    const fields = variableFields(world, v);
    roots.push({ name: v.name, type: 'variable', life: null, fields, anchored: constant(1), view: 'internal', leak: null });
  }
  return roots;
}

function variableFields(world: World, v: VariableInfo): Array<RootObject['fields'][number]> {
  if (v.type.kind === 'struct') return [];
  if (v.type.kind === 'list') {
    const list = world.layout.variableList(v);
    return Array.from({ length: list.capacity }, (_, i) => ({ name: `${v.name}[${i}]`, slot: list.items + i, type: { kind: 'place' as const } }));
  }
  const slot = world.layout.knownScalar(v);
  return slot === null ? [] : [{ name: v.name, slot, type: fieldType(v.type) }];
}

function loaded(world: World, module: number): ReturnType<typeof and> {
  const state = load(world.moduleState + module);
  return and(binary('>', state, constant(MODULE.absent)), binary('<', state, constant(MODULE.gone)));
}

function describe(world: World, group: Group, k: number): RootObject {
  const name = group.kind === 'pool' ? `${group.name}#${k}` : group.name;
  const fields: RootObject['fields'][number][] = [];
  collect(world, group.struct, '', group.place + k, fields);
  if (group.kind === 'device') fields.unshift({ name: 'gone', slot: world.model.gone + world.program.devices.findIndex((d) => d.name === group.name), type: { kind: 'bool' } });
  return {
    name, type: group.struct.name, life: group.life === null ? null : group.life + k, fields,
    anchored: group.kind === 'pool' ? standing(world, group, k) : group.module === null ? constant(1) : loaded(world, moduleIndex(world, group.module)),
    view: viewOf(world, group),
    leak: group.kind === 'pool' ? (world.leaks.get(group.struct) ?? null) : null,
  };
}

/** A handler stays on its line for as long as the binding that put it there; what a bound device has by itself is no leak. */
function standing(world: World, group: Group, k: number): RootObject['anchored'] {
  const origin = group.struct.name === 'irqaction' ? world.origins.find((o) => o.struct === group.struct) : undefined;
  if (origin === undefined) return null;
  const binding = load(origin.slot + k);
  return and(binary('>', binding, constant(0)), binary('<=', binding, constant(world.program.devices.length)));
}

function viewOf(world: World, group: Group): RootObject['view'] {
  if (group.kind === 'device') return 'device';
  if (group.kind === 'static') return 'internal';
  if (group.struct.name === 'file') return 'file';
  return world.primitiveTypes.get(group.struct.name)?.pooled?.view ?? 'memory';
}

/** Every slot that belongs to the object at `place`, embedded ones included. */
function collect(world: World, struct: StructInfo, prefix: string, place: number, into: RootObject['fields'][number][]): void {
  const { layout } = world;
  const definition = world.primitiveTypes.get(struct.name);
  if (struct.primitive && definition !== undefined) {
    for (const f of definition.fields) {
      const known = layout.knownHidden(struct, f.name);
      if (known === null) continue;
      const { slot, stride } = known;
      const first = slot + (place - layout.base(struct)) * stride;
      for (let i = 0; i < stride; i++) {
        into.push({ name: `${prefix}${f.name}${stride > 1 ? `[${world.agents[i].name}]` : ''}`, slot: first + i, type: { kind: hiddenKind(f.max) } });
      }
    }
    return;
  }
  for (const f of struct.fields) {
    if (f.type.kind === 'struct') {
      const table = layout.tables[layout.embedTable(f)];
      collect(world, f.type.struct, `${prefix}${f.name}.`, table[place], into);
    } else if (f.type.kind === 'list') {
      const list = layout.knownList(f);
      if (list === null) continue;
      const owner = place - layout.base(struct);
      for (let i = 0; i < list.capacity; i++) into.push({ name: `${prefix}${f.name}[${i}]`, slot: list.items + owner * list.capacity + i, type: { kind: 'place' } });
    } else {
      const first = layout.knownField(f);
      if (first === null) continue;
      into.push({ name: prefix + f.name, slot: first + place - layout.base(struct), type: fieldType(f.type) });
    }
  }
}

function hiddenKind(max: number | string): 'int' | 'place' | 'agent' | 'agentMask' | 'function' {
  switch (max) {
    case 'agents': return 'agent';
    case 'mask': return 'agentMask';
    case 'function': return 'function';
    case 'place': return 'place';
    default: return 'int';
  }
}

function fieldType(type: Type): FieldType {
  switch (type.kind) {
    case 'bool': return { kind: 'bool' };
    case 'ref': case 'struct': case 'null': return { kind: 'place' };
    case 'fn': return { kind: 'function' };
    case 'enum': return { kind: 'enum', names: type.enum.members };
    default: return { kind: 'int' };
  }
}
