// Where every object lives: numbers all places, groups them by type (so that a field is one array over all objects of its type), and answers
// the address arithmetic that the language has: address of an embedded struct, container_of, whose allocation a place belongs to.
import type { FieldInfo, ModuleInfo, Program, StructInfo, Type, Unit, VariableInfo } from '../semantics/program.ts';
import type { PlaceInfo } from '../system/system.ts';
import type { HiddenField, PrimitiveTypeDefinition } from '../primitives/types.ts';
import { Variables } from './variables.ts';
import { groupedBy } from './order.ts';

/** Largest integer that the system computes exactly; wider unsigned types are kept as their two's complement (see System). */
const EXACT = 2 ** 53;
/** Most different strings (names of devices) in one scenario. */
const STRINGS = 63;

/** `count` allocations that look alike: a pool, or (count 1) a static object or a device. */
export interface Group {
  readonly name: string;
  readonly struct: StructInfo;
  readonly count: number;
  readonly kind: 'pool' | 'static' | 'device';
  readonly module: ModuleInfo | null;
  /** Where a static object is declared; null for pools. */
  readonly declared: { readonly unit: Unit; readonly node: { readonly start: number; readonly end: number } } | null;
  /** Index of its first allocation among all roots. */
  firstRoot: number;
  /** Place of its first allocation. */
  place: number;
  /** Pools: slot of the first life variable. */
  life: number | null;
}

interface Block {
  readonly struct: StructInfo;
  readonly group: Group;
  readonly path: string;
  readonly parent: Block | null;
  readonly field: string | null;
  start: number;
}

export interface TypeLayout {
  readonly struct: StructInfo;
  base: number;
  count: number;
  readonly blocks: Block[];
}

export interface LayoutInput {
  readonly program: Program;
  readonly primitives: ReadonlyMap<string, PrimitiveTypeDefinition>;
  /** Structs and pooled primitives that something allocates, with the size of their pool. */
  readonly pools: ReadonlyArray<{ readonly struct: StructInfo; readonly size: number }>;
  readonly functions: number;
}

export class Layout {
  readonly groups: Group[] = [];
  readonly places: PlaceInfo[] = [{ type: 'null', name: 'null', root: -1 }];
  readonly rootCount: number;
  readonly tables: number[][] = [];
  private readonly types = new Map<StructInfo, TypeLayout>();
  private readonly blockOf: Array<Block | null> = [null];
  /** First slots of the arrays over the places of a struct, by field. */
  private readonly fields = new Map<StructInfo, Map<string, number>>();
  private readonly tableNumbers = new Map<string, number>();
  private readonly statics = new Map<object, Group>();
  private readonly pools = new Map<StructInfo, Group>();
  /** Every array over places, with what its elements are when an object is fresh. */
  private readonly arrays: Array<{ readonly struct: StructInfo; readonly slot: number; readonly stride: number; readonly initial: number; readonly outlives: boolean }> = [];
  private readonly scalars = new Map<VariableInfo, number>();
  private readonly input: LayoutInput;
  private agents = 0;
  private variables = new Variables();

  constructor(input: LayoutInput) {
    this.input = input;
    const { program } = input;
    for (const device of program.devices) this.addGroup(device, { name: device.name, struct: device.struct, count: 1, kind: 'device', module: null, declared: { unit: device.unit, node: device.node } });
    for (const ops of program.ops) this.addGroup(ops, { name: ops.name, struct: ops.struct, count: 1, kind: 'static', module: ops.module, declared: { unit: ops.unit, node: ops.node } });
    for (const v of program.variables) {
      if (v.type.kind === 'struct') this.addGroup(v, { name: v.name, struct: v.type.struct, count: 1, kind: 'static', module: v.module, declared: { unit: v.unit, node: v.node } });
    }
    for (const pool of input.pools) this.addGroup(pool.struct, { name: pool.struct.name, struct: pool.struct, count: pool.size, kind: 'pool', module: null, declared: null });

    const blocks: Block[] = [];
    for (const group of this.groups) this.collect(blocks, group, group.struct, '', null, null);
    for (const block of groupedBy(blocks, (b) => b.struct.name)) {
      let layout = this.types.get(block.struct);
      if (layout === undefined) this.types.set(block.struct, (layout = { struct: block.struct, base: 0, count: 0, blocks: [] }));
      layout.blocks.push(block);
    }
    let roots = 0;
    for (const group of this.groups) {
      group.firstRoot = roots;
      roots += group.count;
    }
    this.rootCount = roots;
    for (const layout of this.types.values()) {
      layout.base = this.places.length;
      for (const block of layout.blocks) {
        block.start = this.places.length;
        for (let i = 0; i < block.group.count; i++) {
          const root = block.group.kind === 'pool' ? `${block.group.name}#${i}` : block.group.name;
          this.places.push({ type: layout.struct.name, name: root + block.path, root: block.group.firstRoot + i });
          this.blockOf.push(block);
        }
        if (block.parent === null) block.group.place = block.start;
      }
      layout.count = this.places.length - layout.base;
    }
  }

  /** Places are there from the beginning; slots, once it is known how many agents there are. */
  begin(agents: number, variables: Variables): void {
    this.agents = agents;
    this.variables = variables;
    for (const group of this.groups) {
      if (group.kind !== 'pool') continue;
      group.life = variables.add({ name: `${group.name}.life`, length: group.count, max: 1 + agents, over: 'places' });
    }
  }

  private addGroup(key: object, g: Omit<Group, 'firstRoot' | 'place' | 'life'>): void {
    const group: Group = { ...g, firstRoot: 0, place: 0, life: null };
    this.groups.push(group);
    if (g.kind === 'pool') this.pools.set(g.struct, group);
    else this.statics.set(key, group);
  }

  private collect(blocks: Block[], group: Group, struct: StructInfo, path: string, parent: Block | null, field: string | null): void {
    const block: Block = { struct, group, path, parent, field, start: 0 };
    blocks.push(block);
    for (const f of struct.fields) {
      if (f.type.kind === 'struct') this.collect(blocks, group, f.type.struct, `${path}.${f.name}`, block, f.name);
    }
  }

  /** Number of places of a type; 0 when nothing of it can exist. */
  count(struct: StructInfo): number {
    return this.types.get(struct)?.count ?? 0;
  }

  base(struct: StructInfo): number {
    return this.types.get(struct)?.base ?? 0;
  }

  pool(struct: StructInfo): Group | null {
    return this.pools.get(struct) ?? null;
  }

  /** Place of a static object: an `ops` instance, a device, a variable of struct type. */
  placeOf(key: object): number {
    const group = this.statics.get(key);
    if (group === undefined) throw new Error('layout: no such static object');
    return group.place;
  }

  blocks(struct: StructInfo): ReadonlyArray<{ readonly group: Group; readonly start: number }> {
    return this.types.get(struct)?.blocks ?? [];
  }

  /** Where the source declares what is at a place: the field that embeds it, or the struct. */
  declarationOf(place: number): { readonly unit: Unit; readonly node: { readonly start: number; readonly end: number } } | null {
    const block = this.blockOf[place];
    if (block === null || block === undefined) return null;
    if (block.parent === null && block.group.declared !== null) return block.group.declared;
    const field = block.parent?.struct.fields.find((f) => f.name === block.field);
    const unit = block.parent === null ? block.struct.unit : block.parent.struct.unit;
    const node = field?.node ?? block.struct.node;
    return unit === null || node === null ? null : { unit, node };
  }

  structOfPlace(place: number): StructInfo | null {
    return this.blockOf[place]?.struct ?? null;
  }

  groupOfPlace(place: number): Group | null {
    return this.blockOf[place]?.group ?? null;
  }

  *typeLayouts(): Iterable<TypeLayout> {
    yield* this.types.values();
  }

  // ---- fields ----

  /** First slot of the array that holds a declared field, over all places of its struct. */
  field(field: FieldInfo): number {
    return this.array(field.name, field.struct, () => ({ ...this.rangeOf(field.type), initial: 0 }));
  }

  /** First slot of a hidden field of a primitive type. With `each`, an object's elements are `agents` slots apart. */
  hidden(struct: StructInfo, name: string): { readonly slot: number; readonly length: number; readonly stride: number } {
    const definition = this.input.primitives.get(struct.name);
    const field = definition?.fields.find((f) => f.name === name);
    if (field === undefined) throw new Error(`layout: ${struct.name} has no hidden field ${name}`);
    const stride = field.each === 'agents' ? this.agents : 1;
    const slot = this.array(name, struct, () => ({ ...this.hiddenRange(field), initial: field.initial ?? 0, outlives: field.outlives === true, each: field.each === 'agents' }), stride);
    return { slot, length: Math.max(1, this.count(struct)) * stride, stride };
  }

  /** Storage of a `list T` field: `capacity` places for each owner, then how many are linked. */
  list(field: FieldInfo): { readonly items: number; readonly counts: number; readonly capacity: number } {
    if (field.type.kind !== 'list') throw new Error('layout: not a list');
    const capacity = Math.max(1, this.count(field.type.of));
    const places = this.rangeOf({ kind: 'ref', to: field.type.of });
    const items = this.array(`${field.name}[]`, field.struct, () => ({ ...places, initial: 0 }), capacity);
    const counts = this.array(`${field.name}.length`, field.struct, () => ({ min: 0, max: capacity, holds: 'int' as const, initial: 0 }));
    return { items, counts, capacity };
  }

  /** A variable of a module or library that is no struct: one slot. Lists have `items` and `counts` of one owner. */
  scalar(v: VariableInfo, initial: number): number {
    const known = this.scalars.get(v);
    if (known !== undefined) return known;
    const slot = this.variables.add({ name: v.name, ...this.rangeOf(v.type), initial });
    this.scalars.set(v, slot);
    return slot;
  }

  variableList(v: VariableInfo): { readonly items: number; readonly counts: number; readonly capacity: number } {
    if (v.type.kind !== 'list') throw new Error('layout: not a list');
    const capacity = Math.max(1, this.count(v.type.of));
    const items = this.variables.once({ name: `${v.unit.path}:${v.name}[]`, length: capacity, ...this.rangeOf({ kind: 'ref', to: v.type.of }) });
    const counts = this.variables.once({ name: `${v.unit.path}:${v.name}.length`, max: capacity });
    return { items, counts, capacity };
  }

  private array(name: string, struct: StructInfo, range: () => { min: number; max: number; holds: HiddenField['holds']; initial: number; outlives?: boolean; each?: boolean }, stride = 1): number {
    let fields = this.fields.get(struct);
    if (fields === undefined) this.fields.set(struct, (fields = new Map()));
    const known = fields.get(name);
    if (known !== undefined) return known;
    const made = range();
    const slot = this.variables.add({ name: `${struct.name}.${name}`, length: Math.max(1, this.count(struct)) * stride, over: made.each === true ? 'agents' : 'places', min: made.min, max: made.max, holds: made.holds ?? 'int', initial: made.initial });
    fields.set(name, slot);
    this.arrays.push({ struct, slot, stride, initial: made.initial, outlives: made.outlives === true });
    return slot;
  }

  /** Like hidden, field, list and scalar, but null where nothing has used it: then it is no part of the state. */
  knownHidden(struct: StructInfo, name: string): { readonly slot: number; readonly stride: number } | null {
    return this.fields.get(struct)?.has(name) === true ? this.hidden(struct, name) : null;
  }

  knownField(field: FieldInfo): number | null {
    return this.fields.get(field.struct)?.get(field.name) ?? null;
  }

  knownList(field: FieldInfo): { readonly items: number; readonly capacity: number } | null {
    return this.fields.get(field.struct)?.has(`${field.name}[]`) === true ? this.list(field) : null;
  }

  knownScalar(v: VariableInfo): number | null {
    return this.scalars.get(v) ?? null;
  }

  /** Slots that belong to one allocation of a group, with their fresh values: `offset` is added to `slot` for each further allocation, times `stride`. */
  slotsOf(group: Group): ReadonlyArray<{ readonly slot: number; readonly length: number; readonly first: number; readonly stride: number; readonly initial: number; readonly outlives: boolean }> {
    const slots: Array<ReturnType<Layout['slotsOf']>[number]> = [];
    for (const layout of this.types.values()) {
      for (const block of layout.blocks) {
        if (block.group !== group) continue;
        for (const array of this.arrays) {
          if (array.struct !== layout.struct) continue;
          for (let i = 0; i < array.stride; i++) {
            const first = (block.start - layout.base) * array.stride + i;
            slots.push({ slot: array.slot, length: layout.count * array.stride, first, stride: array.stride, initial: array.initial, outlives: array.outlives });
          }
        }
      }
    }
    return slots;
  }

  rangeOf(type: Type): { min: number; max: number; holds: 'int' | 'place' | 'function' } {
    switch (type.kind) {
      case 'bool': return { min: 0, max: 1, holds: 'int' };
      case 'int': return { min: type.name === 'u64' ? -EXACT : Math.max(Number(type.min), -EXACT), max: Math.min(Number(type.max), EXACT), holds: 'int' };
      case 'enum': return { min: 0, max: Math.max(0, type.enum.members.length - 1), holds: 'int' };
      case 'module': return { min: 0, max: this.input.program.modules.length, holds: 'int' };
      case 'fn': return { min: 0, max: this.input.functions, holds: 'function' };
      case 'struct': return this.rangeOf({ kind: 'ref', to: type.struct });
      case 'ref': {
        if (type.to === null) return { min: 0, max: this.places.length - 1, holds: 'place' };
        return { min: 0, max: this.count(type.to) === 0 ? 0 : this.base(type.to) + this.count(type.to) - 1, holds: 'place' };
      }
      case 'string': return { min: 0, max: STRINGS, holds: 'int' };
      case 'list': case 'void': case 'null': case 'error': return { min: 0, max: 0, holds: 'int' };
    }
  }

  private hiddenRange(field: HiddenField): { min: number; max: number; holds: HiddenField['holds'] } {
    const { agents } = this;
    const { functions, program } = this.input;
    const min = field.min ?? 0;
    switch (field.max) {
      case 'agents': return { min, max: agents, holds: field.holds ?? 'agent' };
      case 'mask': return { min, max: 2 ** agents - 1, holds: field.holds ?? 'agentMask' };
      case 'function': return { min, max: functions, holds: 'function' };
      case 'place': return { min, max: this.places.length - 1, holds: 'place' };
      case 'device': return { min, max: program.devices.length, holds: 'int' };
      default: return { min, max: field.max, holds: field.holds ?? 'int' };
    }
  }

  // ---- tables over all places ----

  tableNumber(key: string, make: () => number[]): number {
    const known = this.tableNumbers.get(key);
    if (known !== undefined) return known;
    this.tables.push(make());
    this.tableNumbers.set(key, this.tables.length - 1);
    return this.tables.length - 1;
  }

  /** Place of the embedded field of each place of its struct; 0 elsewhere. */
  embedTable(field: FieldInfo): number {
    return this.tableNumber(`embed ${this.base(field.struct)} ${field.name}`, () => {
      const table = this.places.map(() => 0);
      if (field.type.kind !== 'struct') return table;
      for (const child of this.types.get(field.type.struct)?.blocks ?? []) {
        if (child.parent === null || child.parent.struct !== field.struct || child.field !== field.name) continue;
        for (let i = 0; i < child.group.count; i++) table[child.parent.start + i] = child.start + i;
      }
      return table;
    });
  }

  /** The place of type `to` that a place is, or is embedded in; -1 where there is none; null stays null. */
  castTable(to: StructInfo): number {
    return this.tableNumber(`cast ${this.base(to)} ${to.name}`, () => this.places.map((_, place) => {
      if (place === 0) return 0;
      const start = this.blockOf[place];
      if (start === null) return -1;
      const offset = place - start.start;
      for (let block: Block | null = start; block !== null; block = block.parent) {
        if (block.struct === to) return block.start + offset;
      }
      return -1;
    }));
  }

  /** Slot of the life variable of a place's allocation, relative to slot 0; -1 for what always lives. */
  lifeTable(): number {
    return this.tableNumber('life', () => this.places.map((_, place) => {
      const block = this.blockOf[place];
      return block === null || block.group.life === null ? -1 : block.group.life + place - block.start;
    }));
  }

  /** The place of the allocation that each place is in. */
  rootPlaceTable(): number {
    return this.tableNumber('root place', () => this.places.map((_, place) => {
      const block = this.blockOf[place];
      return block === null ? 0 : block.group.place + place - block.start;
    }));
  }

  /** 1 + index of the module in whose static data a place lies; 0 for none. */
  moduleTable(): number {
    return this.tableNumber('module', () => this.places.map((_, place) => {
      const group = this.blockOf[place]?.group;
      return group === undefined || group.module === null ? 0 : 1 + this.input.program.modules.indexOf(group.module);
    }));
  }
}
