// Expressions and assignments in Promela. What needs more than SPIN's 32 bits is said in C, in `c_expr { }` and `c_code { }`.
import { type Interval, intervalOf, isSmall } from '../checker/plain/range.ts';
import type { Binary, Expression, Statement, System } from '../system/system.ts';
import { type Names, numberText } from './promelaNames.ts';
import type { Settled } from './promelaSettled.ts';
import type { Turn } from './promelaWays.ts';
import { type Tabulate, type Tabulated, tableText } from './promelaTables.ts';

export interface Words {
  /** What has to hold together. */
  readonly conditions: (e: Expression) => readonly string[];
  /** One after the other. */
  readonly statement: (s: Statement) => readonly string[];
  /** The same in C, for steps that are too long for SPIN. */
  readonly statementInC: (s: Statement) => string;
  /** That this is what a run of a step meets, as a condition of the state before it: a run in C on a copy of the state. */
  readonly courseInC: (course: readonly Turn[]) => string;
  /** A macro for each table, and a function of C for each course, that has been asked for so far. */
  readonly macros: () => readonly string[];
}

/** Characters; longer tables have a name. */
const SHORT_TABLE = 40;
/** Of these, the lowest bits depend on nothing but the lowest bits of the operands. */
const FROM_BELOW: readonly Binary[] = ['+', '-', '*', '&', '|', '^'];

export function promelaWords(system: System, names: Names, ranges: readonly Interval[], tabulate: Tabulate, settled: Settled): Words {
  const macros = new Map<string, string>();
  const functions = new Map<string, string>();
  const fits = (e: Expression): boolean => isSmall(intervalOf(system, ranges, e));
  const isWritten = (slot: number): boolean => names.at(slot).written;

  const slotText = (slot: number, index: string | null): string => {
    const { name, slot: first, is } = names.at(slot);
    if (is !== 'array') return name;
    const offset = slot - first;
    return `${name}[${index === null ? offset : offset === 0 ? index : `${offset} + ${index}`}]`;
  };
  const tableOf = ({ index, values }: Tabulated): string => {
    const at = expression(index);
    const short = tableText(values, at, numberText, arrow);
    if (short.length <= SHORT_TABLE) return short;
    const text = tableText(values, 'i', numberText, arrow);
    const name = macros.get(text) ?? names.unique(`table_${macros.size + 1}`);
    macros.set(text, name);
    return `${name}(${at})`;
  };

  /** `wraps`: only the lowest 32 bits are wanted, as where the value is stored in a variable of no more. */
  const expression = (whole: Expression, wraps = false): string => {
    const e = settled(whole);
    const tabulated = tabulate(e);
    if (tabulated?.values.every((v) => v === undefined || isSmall({ low: v, high: v }))) return tableOf(tabulated);
    if (isBeyond(e, wraps)) return `c_expr { ${inC(e)} }`;
    switch (e.op) {
      case 'constant':
        return numberText(wraps ? Number(BigInt.asIntN(32, BigInt(e.value))) : e.value);
      case 'load':
        return slotText(e.slot, null);
      case 'element':
        return slotText(e.slot, expression(e.index));
      case 'table':
        return tableOf({ index: e.index, values: system.tables[e.table] });
      case 'not':
        return `!(${expression(e.operand)})`;
      case 'negate':
        return `(0 - ${expression(e.operand, wraps)})`;
      case 'complement':
        return `~(${expression(e.operand, wraps)})`;
      case 'choose':
        return arrow(expression(e.condition), expression(e.then, wraps), expression(e.else, wraps));
      case 'binary': {
        if (e.operator === '&&' || e.operator === '||')
          return `(${operands(e, e.operator)
            .map((o) => expression(o))
            .join(` ${e.operator} `)})`;
        const inner = wraps && FROM_BELOW.includes(e.operator);
        return binaryText(e, expression(e.left, inner), expression(e.right, inner), arrow);
      }
    }
  };
  /** Whether something in it, itself included, is more than Promela can hold. What is inside of an operand is that operand's own business. */
  const isBeyond = (e: Expression, wraps: boolean): boolean => {
    if (!wraps && !fits(e)) return true;
    switch (e.op) {
      case 'constant':
        return false;
      case 'load':
      case 'element':
        return names.at(e.slot).wide;
      case 'table':
        return system.tables[e.table].some((v) => !isSmall({ low: v, high: v }));
      case 'not':
        return !fits(e.operand);
      case 'negate':
      case 'complement':
        return !wraps && !fits(e.operand);
      case 'choose':
        return !fits(e.condition) || (!wraps && !(fits(e.then) && fits(e.else)));
      case 'binary':
        return !(wraps && FROM_BELOW.includes(e.operator)) && !(fits(e.left) && fits(e.right));
    }
  };
  /** With 64-bit integers throughout. */
  const inC = (e: Expression): string => {
    switch (e.op) {
      case 'constant':
        return longText(e.value);
      case 'load':
        return `(long) ${slotInC(e.slot, null)}`;
      case 'element':
        return `(long) ${slotInC(e.slot, inC(e.index))}`;
      case 'table': {
        const tabulated = tabulate(e) ?? { index: e.index, values: system.tables[e.table] };
        return tableText(tabulated.values, inC(tabulated.index), longText, question);
      }
      case 'not':
        return `!(${inC(e.operand)})`;
      case 'negate':
        return `(0L - ${inC(e.operand)})`;
      case 'complement':
        return `~(${inC(e.operand)})`;
      case 'choose':
        return question(inC(e.condition), inC(e.then), inC(e.else));
      case 'binary':
        return binaryText(e, inC(e.left), inC(e.right), question);
    }
  };
  const slotInC = (slot: number, index: string | null): string =>
    `${names.at(slot).is === 'constant' ? '' : 'now.'}${slotText(slot, index)}`;

  const statementInC = (s: Statement): string => {
    switch (s.op) {
      case 'set':
        return isWritten(s.slot) ? `${slotInC(s.slot, null)} = ${inC(s.value)};` : '';
      case 'setElement':
        return isWritten(s.slot) ? `${slotInC(s.slot, inC(s.index))} = ${inC(s.value)};` : '';
      case 'if': {
        const [then, otherwise] = [s.then, s.else].map((body) => body.map(statementInC).join(' '));
        return `if (${inC(s.condition)}) { ${then} }${otherwise === '' ? '' : ` else { ${otherwise} }`}`;
      }
      case 'goto':
      case 'fail':
      case 'report':
      case 'disable':
        return '';
    }
  };
  const statement = (s: Statement): readonly string[] => {
    switch (s.op) {
      case 'set':
      case 'setElement': {
        if (!isWritten(s.slot)) return [];
        if (names.at(s.slot).wide) return [`c_code { ${statementInC(s)} }`];
        return [`${slotText(s.slot, s.op === 'set' ? null : expression(s.index))} = ${expression(s.value, true)}`];
      }
      case 'if': {
        // One assignment under a condition is one step instead of five: SPIN takes no d_step of more than some thousand.
        const [only] = s.then;
        if (s.then.length === 1 && s.else.length === 0 && only.op === 'set' && !names.at(only.slot).wide) {
          if (!isWritten(only.slot)) return [];
          const target = slotText(only.slot, null);
          return [`${target} = ${arrow(expression(s.condition), expression(only.value, true), target)}`];
        }
        const branch = (body: readonly Statement[]): string => {
          const parts = body.flatMap(statement);
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
  const courseInC = (course: readonly Turn[]): string => {
    const turns = course.map((t) => {
      if (t.kind === 'does') return statementInC(t.statement);
      return `if (${t.holds ? `!(${inC(t.condition)})` : inC(t.condition)}) return 0;`;
    });
    const text = turns.filter((t) => t !== '').join(' ');
    const name = functions.get(text) ?? names.unique(`way_${functions.size + 1}`);
    functions.set(text, name);
    // SPIN takes `way_1(now)` for something that may change the state.
    return `c_expr { (${name})(now) }`;
  };
  return {
    conditions: (e) => operands(settled(e), '&&').map((o) => expression(o)),
    statement,
    statementInC,
    courseInC,
    macros: () => [
      ...[...macros].map(([text, name]) => `#define ${name}(i) ${text}`),
      // The argument hides the state that it is a copy of.
      ...[...functions].map(([text, name]) => `c_code { static int ${name}(State now) { ${text} return 1; } }`),
    ],
  };
}

/** `a && b && c` without the brackets inside. */
function operands(e: Expression, operator: '&&' | '||'): readonly Expression[] {
  return e.op === 'binary' && e.operator === operator ? [...operands(e.left, operator), ...operands(e.right, operator)] : [e];
}

type Conditional = (condition: string, then: string, otherwise: string) => string;

function arrow(condition: string, then: string, otherwise: string): string {
  return `(${condition} -> ${then} : ${otherwise})`;
}

function question(condition: string, then: string, otherwise: string): string {
  return `(${condition} ? ${then} : ${otherwise})`;
}

function binaryText(e: Expression & { readonly op: 'binary' }, left: string, right: string, conditional: Conditional): string {
  const text = `(${left} ${e.operator} ${right})`;
  if (e.operator !== '/' && e.operator !== '%') return text;
  // By zero gives zero; C would give a signal.
  if (e.right.op === 'constant') return e.right.value === 0 ? '0' : text;
  return conditional(`${right} == 0`, '0', text);
}

/** C has no constant for the smallest number. */
function longText(value: number): string {
  if (value <= -(2 ** 63)) return `(-${2n ** 63n - 1n}L - 1L)`;
  return value < 0 ? `(${BigInt(value)}L)` : `${BigInt(value)}L`;
}
