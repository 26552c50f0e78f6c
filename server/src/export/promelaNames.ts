// Names and declarations of a Promela model. SPIN's integers have 32 bits; a variable that needs more is a 64-bit integer of C.
import { type Interval, isSmall } from '../checker/plain/range.ts';
import type { Expression, Statement, System } from '../system/system.ts';

export interface Names {
  readonly agents: readonly string[];
  readonly declarations: readonly string[];
  /** The variable that a slot belongs to. */
  readonly at: (slot: number) => Named;
  /** A name that nothing has yet. */
  readonly unique: (wanted: string) => string;
}

export interface Named {
  readonly slot: number;
  readonly length: number;
  readonly name: string;
  /** `array` and `scalar` are variables, the other is a `#define`. */
  readonly is: 'scalar' | 'array' | 'constant';
  /** Assigned to, and not always with the one value that it has. */
  readonly written: boolean;
  /** Needs more than 32 bits. */
  readonly wide: boolean;
  /** An expression reads it. Where an agent stands is else known from its process. */
  readonly read: boolean;
}

/** Words of Promela and of C, and what the C preprocessor defines of its own. */
const RESERVED = new Set(
  `active assert atomic bit bool break byte chan c_code c_decl c_expr c_state c_track d_step D_proctype do else empty enabled eval false fi
  for full get_priority goto hidden if in init inline int len linux local ltl mtype nempty never nfull notrace od of pc_value pid print
  printf printm priority proctype provided return run select set_priority short show skip timeout trace true typedef unix unless unsigned
  xr xs STDIN auto case char const continue default double enum extern float long now register restrict signed sizeof static struct switch
  union void volatile while`.split(/\s+/),
);

/** `standing`: a variable says where each agent stands, even where no expression reads it. */
export function promelaNames(system: System, initial: readonly number[], ranges: readonly Interval[], standing: boolean): Names {
  const used = new Set<string>(system.faults.map((f) => f.kind.replace(/-/g, '_')));
  for (const name of ['violates', 'environment', 'stopped', 'stop', 'races']) used.add(name);
  const unique = (wanted: string): string => {
    const base =
      wanted
        .replace(/\W+/g, '_')
        .replace(/^(?=\d)/, '_')
        .replace(/_+$/, '') || 'x';
    let name = RESERVED.has(base) ? `${base}_` : base;
    for (let n = 2; used.has(name); n++) name = `${base}_${n}`;
    used.add(name);
    return name;
  };
  const { written, joined, read } = usesOf(system);
  if (standing) for (const a of system.agents) read[a.slot] = 1;
  const locations = new Set(system.agents.map((a) => a.slot));
  const namedAt: Named[] = [];
  const declarations: string[] = [];
  for (let slot = 0; slot < system.slots; ) {
    let end = slot + 1;
    while (end < system.slots && joined[end] === 1) end++;
    const variable = system.variables.find((v) => v.slot <= slot && slot < v.slot + v.length);
    const inside = variable === undefined ? '' : variable.length > 1 ? `_${slot - variable.slot}` : '';
    const length = end - slot;
    const own = ranges.slice(slot, end);
    // What only ever holds one value is a constant, whatever is assigned to it.
    const isVariable = written.subarray(slot, end).includes(1) && own.some((r) => r.low !== r.high);
    const range: Interval = { low: Math.min(...own.map((r) => r.low)), high: Math.max(...own.map((r) => r.high)) };
    const named: Named = {
      slot,
      length,
      name: unique(`${variable?.name ?? 's'}${length > 1 ? '' : inside}`),
      is: length > 1 ? 'array' : isVariable ? 'scalar' : 'constant',
      written: isVariable,
      wide: !isSmall(range),
      read: read.subarray(slot, end).includes(1),
    };
    for (let s = slot; s < end; s++) namedAt.push(named);
    if (named.read || (isVariable && !(locations.has(slot) && length === 1)))
      declarations.push(...declaration(named, range, initial.slice(slot, end)));
    slot = end;
  }
  return { agents: system.agents.map((a) => unique(a.name)), declarations, at: (slot) => namedAt[slot], unique };
}

function declaration({ name, length, is, wide }: Named, range: Interval, values: readonly number[]): readonly string[] {
  if (is === 'constant') return [`#define ${name} ${numberText(values[0])}`];
  if (wide && is === 'scalar') return [`c_state "long ${name}" "Global" "${values[0]}"`];
  if (wide) {
    const set = values.flatMap((v, i) => (v === 0 ? [] : [`now.${name}[${i}] = ${v}`]));
    const begins = set.length === 0 ? [] : [`c_state "char ${name}_begins" "Global" "(${set.join(', ')}, 0)"`];
    return [`c_state "long ${name}[${length}]" "Global"`, ...begins];
  }
  const type = typeOf(range, length);
  if (length === 1) return [`${type} ${name} = ${numberText(values[0])};`];
  const same = values.every((v) => v === values[0]);
  // A list can only have numbers without a sign; C makes negative ones of those that are too large.
  const unsigned = (v: number): number => (v >= 0 ? v : v + (type === 'short' ? 2 ** 16 : 2 ** 32));
  return [`${type} ${name}[${length}] = ${same ? numberText(values[0]) : `{ ${values.map(unsigned).join(', ')} }`};`];
}

/** Bits in arrays take a byte each in SPIN, and it says so with a warning. */
function typeOf({ low, high }: Interval, length: number): string {
  if (low >= 0 && high <= 1 && length === 1) return 'bit';
  if (low >= 0 && high <= 255) return 'byte';
  return low >= -(2 ** 15) && high < 2 ** 15 ? 'short' : 'int';
}

export function numberText(value: number): string {
  return value < 0 ? `(${value})` : String(value);
}

function usesOf(system: System): { readonly written: Uint8Array; readonly joined: Uint8Array; readonly read: Uint8Array } {
  const written = new Uint8Array(system.slots);
  const joined = new Uint8Array(system.slots + 1);
  const read = new Uint8Array(system.slots);
  const join = (slot: number, length: number): void => {
    joined.fill(1, slot + 1, slot + length);
  };
  const expression = (e: Expression): void => {
    switch (e.op) {
      case 'constant':
        break;
      case 'load':
        read[e.slot] = 1;
        break;
      case 'element':
        join(e.slot, e.length);
        read.fill(1, e.slot, e.slot + e.length);
        expression(e.index);
        break;
      case 'table':
        expression(e.index);
        break;
      case 'not':
      case 'negate':
      case 'complement':
        expression(e.operand);
        break;
      case 'binary':
        expression(e.left);
        expression(e.right);
        break;
      case 'choose':
        expression(e.condition);
        expression(e.then);
        expression(e.else);
        break;
    }
  };
  const statement = (s: Statement, slot: number): void => {
    switch (s.op) {
      case 'set':
        written[s.slot] = 1;
        expression(s.value);
        break;
      case 'setElement':
        join(s.slot, s.length);
        written.fill(1, s.slot, s.slot + s.length);
        expression(s.index);
        expression(s.value);
        break;
      case 'if':
        expression(s.condition);
        for (const b of [...s.then, ...s.else]) statement(b, slot);
        break;
      case 'goto':
        written[slot] = 1;
        break;
      case 'fail':
      case 'report':
      case 'disable':
        break;
    }
  };
  for (const a of system.agents) {
    for (const l of a.locations) {
      // What tells whether two accesses race is read where nothing else may read it.
      if (l.access?.index != null) expression(l.access.index);
      for (const s of l.steps) {
        if (s.guard !== null) expression(s.guard);
        for (const b of s.body) statement(b, a.slot);
      }
    }
  }
  return { written, joined, read };
}
