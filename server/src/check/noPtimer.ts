// Reads of a device's time in a scenario in which no device has a timer: they give what was last written, and no time passes in them.
import type { FunctionInfo, Program } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import { walk, type Node } from '../syntax/visit.ts';

type Call = Extract<tree.Expression, { kind: 'call' }>;

/** TIME_0 and TIME_1. */
const TIMES: readonly bigint[] = [0x9400n, 0x9410n];
const READS: readonly string[] = ['readl', 'ioread32'];

/** Calls in the file that is checked, outermost ones: of a register, where the scenario has a clock, or of a function that says that it reads the time. */
export function readsWithoutPtimer(program: Program): readonly Call[] {
  const { settings, units } = program;
  if (settings.some((s) => s.keyword === 'ptimer') || mentionsPtimer(units[0].file)) return [];
  const timed = settings.some((s) => s.keyword === 'time');
  const found: Call[] = [];
  walk(units[0].file, (node) => {
    if (node.kind !== 'call') return;
    const name = primitiveOf(program, node);
    const fn = functionOf(program, node);
    if (timed && name !== null && READS.includes(name) && TIMES.includes(constantOf(program, node.arguments[1]) ?? -1n)) found.push(node);
    else if (fn !== null && fn.unit !== units[0] && saysSo(program, fn, new Set())) found.push(node);
  });
  return found;
}

/** A file that gives a device a timer in some combinations of its params knows what it leaves out in the others. */
function mentionsPtimer(file: tree.File): boolean {
  let found = false;
  walk(file, (node) => {
    if (node.kind === 'settings' && node.keyword === 'ptimer') found = true;
    return !found;
  });
  return found;
}

function saysSo(program: Program, fn: FunctionInfo, seen: Set<FunctionInfo>): boolean {
  if (seen.has(fn)) return false;
  seen.add(fn);
  let found = false;
  walk(fn.body, (node: Node) => {
    if (found || node.kind !== 'call') return;
    const callee = functionOf(program, node);
    found = primitiveOf(program, node) === 'time_read_begin' || (callee !== null && saysSo(program, callee, seen));
  });
  return found;
}

function primitiveOf(program: Program, { callee }: Call): string | null {
  const symbol = callee.kind === 'name' ? program.symbols.get(callee) : undefined;
  return symbol?.kind === 'primitive' ? symbol.primitive.name : null;
}

function functionOf(program: Program, { callee }: Call): FunctionInfo | null {
  const symbol = callee.kind === 'name' ? program.symbols.get(callee) : undefined;
  return symbol?.kind === 'function' ? symbol.function : null;
}

function constantOf(program: Program, e: tree.Expression | undefined): bigint | null {
  if (e?.kind === 'integer') return e.value;
  const symbol = e?.kind === 'name' ? program.symbols.get(e) : undefined;
  return symbol?.kind === 'constant' ? symbol.value : null;
}
