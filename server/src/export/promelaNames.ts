// Names and declarations of a Promela model, and expressions and assignments in its words. Refuses what does not fit into 32 bits.
import { type Interval, intervalOf, isSmall } from '../checker/plain/range.ts';
import type { Expression, Statement, System } from '../system/system.ts';

export interface Names {
  readonly agents: readonly string[];
  readonly declarations: readonly string[];
  readonly expression: (e: Expression) => string;
  readonly statement: (s: Statement, agent: number) => readonly string[];
  /** The assignment that says where an agent stands, for systems in which others look; null elsewhere. */
  readonly standsAt: (agent: number, location: number) => string | null;
}

interface Group {
  readonly slot: number;
  readonly length: number;
  readonly name: string;
  readonly written: boolean;
}

/** Words of Promela, and what the C preprocessor defines of its own. */
const RESERVED = new Set(
  `active assert atomic bit bool break byte chan c_code c_decl c_expr c_state c_track d_step D_proctype do else empty enabled eval false fi
  for full get_priority goto hidden if in init inline int len linux local ltl mtype nempty never nfull notrace od of pc_value pid print
  printf printm priority proctype provided return run select set_priority short show skip timeout trace true typedef unix unless unsigned
  xr xs STDIN`.split(/\s+/),
);

/** A sentence where the system cannot be written down in Promela. */
export function promelaNames(system: System, initial: readonly number[], ranges: readonly Interval[]): Names | string {
  const used = new Set<string>(system.faults.map((f) => f.kind.replace(/-/g, '_')));
  for (const name of ['violates', 'environment', 'stopped', 'stop']) used.add(name);
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
  const groupAt: Group[] = [];
  const declarations: string[] = [];
  const locationSlots = new Map(system.agents.map((a, agent) => [a.slot, agent]));
  for (let slot = 0; slot < system.slots; ) {
    let end = slot + 1;
    while (end < system.slots && joined[end] === 1) end++;
    const variable = system.variables.find((v) => v.slot <= slot && slot < v.slot + v.length);
    const inside = variable === undefined ? '' : variable.length > 1 ? `_${slot - variable.slot}` : '';
    const length = end - slot;
    // What only ever holds one value is a constant, whatever is assigned to it.
    const isWritten = written.subarray(slot, end).includes(1) && ranges.slice(slot, end).some((r) => r.low !== r.high);
    const group: Group = { slot, length, name: unique(`${variable?.name ?? 's'}${length > 1 ? '' : inside}`), written: isWritten };
    for (let s = slot; s < end; s++) groupAt.push(group);
    // Where an agent stands is where its process stands; a variable of its own only where an expression reads it.
    const hidden = locationSlots.has(slot) && length === 1 && read[slot] === 0;
    if (!hidden && read.subarray(slot, end).includes(1) === false && !isWritten) {
      slot = end;
      continue;
    }
    if (!hidden) {
      const values = initial.slice(slot, end);
      if (length === 1 && !isWritten) declarations.push(`#define ${group.name} ${number(values[0])}`);
      else {
        const low = Math.min(...ranges.slice(slot, end).map((r) => r.low));
        const high = Math.max(...ranges.slice(slot, end).map((r) => r.high));
        const type = typeOf(low, high, length);
        if (type === null) return `${variable?.name ?? 'a variable'} takes values from ${low} to ${high}, and SPIN's integers have 32 bits`;
        const same = values.every((v) => v === values[0]);
        const text = length === 1 || same ? number(values[0]) : `{ ${values.map(number).join(', ')} }`;
        declarations.push(`${type} ${group.name}${length > 1 ? `[${length}]` : ''} = ${text};`);
      }
    }
    slot = end;
  }
  let wide: string | null = null;

  const slotText = (slot: number, index: string | null): string => {
    const g = groupAt[slot];
    if (g.length === 1) return g.name;
    const offset = slot - g.slot;
    return `${g.name}[${index === null ? offset : offset === 0 ? index : `${offset} + ${index}`}]`;
  };
  /** `wraps`: only the lowest 32 bits are wanted, as where the value is stored in a variable of no more. */
  const expression = (e: Expression, wraps = false): string => {
    if (!wraps && !isSmall(intervalOf(system, ranges, e))) wide ??= "a value in it needs more than the 32 bits of SPIN's integers";
    switch (e.op) {
      case 'constant':
        return number(wraps ? Number(BigInt.asIntN(32, BigInt(e.value))) : e.value);
      case 'load':
        return slotText(e.slot, null);
      case 'element':
        return slotText(e.slot, expression(e.index));
      case 'table':
        return tableText(system.tables[e.table], expression(e.index));
      case 'not':
        return `!(${expression(e.operand)})`;
      case 'negate':
        return `(0 - ${expression(e.operand, wraps)})`;
      case 'complement':
        return `~(${expression(e.operand, wraps)})`;
      case 'choose':
        return `(${expression(e.condition)} -> ${expression(e.then, wraps)} : ${expression(e.else, wraps)})`;
      case 'binary': {
        const inner = wraps && ['+', '-', '*', '&', '|', '^'].includes(e.operator);
        const right = expression(e.right, inner);
        const text = `(${expression(e.left, inner)} ${e.operator} ${right})`;
        if (e.operator !== '/' && e.operator !== '%') return text;
        // By zero gives zero; C would give a signal.
        if (e.right.op === 'constant') return e.right.value === 0 ? '0' : text;
        return `(${right} == 0 -> 0 : ${text})`;
      }
    }
  };
  const statement = (s: Statement, agent: number): readonly string[] => {
    switch (s.op) {
      case 'set':
        if (!groupAt[s.slot].written) return [];
        return [`${slotText(s.slot, null)} = ${expression(s.value, true)}`];
      case 'setElement':
        if (!groupAt[s.slot].written) return [];
        return [`${slotText(s.slot, expression(s.index))} = ${expression(s.value, true)}`];
      case 'if': {
        // One assignment under a condition is one step instead of five: SPIN takes no d_step of more than some thousand.
        const [only] = s.then;
        if (s.then.length === 1 && s.else.length === 0 && only.op === 'set') {
          if (!groupAt[only.slot].written) return [];
          const target = slotText(only.slot, null);
          return [`${target} = (${expression(s.condition)} -> ${expression(only.value, true)} : ${target})`];
        }
        const branch = (body: readonly Statement[]): string => {
          const parts = body.flatMap((b) => statement(b, agent));
          return parts.length === 0 ? 'skip' : parts.join('; ');
        };
        return [`if :: (${expression(s.condition)}) -> ${branch(s.then)} :: else -> ${branch(s.else)} fi`];
      }
      case 'goto':
      case 'fail':
      case 'report':
      case 'disable':
        return [];
    }
  };
  // Everything is said once here, so that a refusal comes before the model.
  for (const a of system.agents) {
    for (const l of a.locations) {
      for (const s of l.steps) {
        if (s.guard !== null) expression(s.guard);
        for (const b of s.body) everything(b, expression, (x) => statement(x, s.agent));
      }
    }
  }
  if (wide !== null) return wide;
  return {
    agents: system.agents.map((a) => unique(a.name)),
    declarations,
    expression,
    statement,
    standsAt: (agent, location) => {
      const { slot } = system.agents[agent];
      return groupAt[slot].written && (read[slot] === 1 || groupAt[slot].length > 1) ? `${slotText(slot, null)} = ${location}` : null;
    },
  };
}

function everything(s: Statement, expression: (e: Expression) => string, statement: (s: Statement) => readonly string[]): void {
  if (s.op === 'if') {
    expression(s.condition);
    for (const b of [...s.then, ...s.else]) everything(b, expression, statement);
  } else statement(s);
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
      for (const s of l.steps) {
        if (s.guard !== null) expression(s.guard);
        for (const b of s.body) statement(b, a.slot);
      }
    }
  }
  return { written, joined, read };
}

/** Bits in arrays take a byte each in SPIN, and it says so with a warning. */
function typeOf(low: number, high: number, length: number): string | null {
  if (low >= 0 && high <= 1 && length === 1) return 'bit';
  if (low >= 0 && high <= 255) return 'byte';
  if (low >= -(2 ** 15) && high < 2 ** 15) return 'short';
  return low >= -(2 ** 31) && high < 2 ** 31 ? 'int' : null;
}

function tableText(values: readonly number[], index: string): string {
  return values
    .slice(0, -1)
    .reduceRight((rest, value, i) => `(${index} == ${i} -> ${number(value)} : ${rest})`, number(values[values.length - 1]));
}

function number(value: number): string {
  return value < 0 ? `(${value})` : String(value);
}
