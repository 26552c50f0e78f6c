// Checks every body, again and again until nothing more is inferred from it, and then once more to say what is wrong.
// One statement or expression at a time: statements.ts, expressions.ts.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import { note, type Analysis, type OpsWork, type Work } from './analysis.ts';
import { complain, type Body } from './body.ts';
import { convert, symbolOf } from './convert.ts';
import { valueTypeOf } from './expressions.ts';
import type { FieldInfo, LocalInfo, Type, VariableInfo } from './program.ts';
import { report } from './report.ts';
import type { Where } from './scope.ts';
import { checkStatements } from './statements.ts';
import { ANY, ERROR, INT, same, VOID } from './types.ts';

/** Inference moves types from callee to caller or back by one call in each pass; longer chains than this are given up on. */
const maxPasses = 64;

export function checkBodies(a: Analysis): void {
  a.reporter.quiet = true;
  for (let i = 0; i < maxPasses; i++) {
    a.changed = false;
    // In turn from the first to the last and back: types flow from callers to callees and from callees to callers.
    pass(a, i % 2 === 0 ? a.works : [...a.works].reverse());
    if (!a.changed) break;
  }
  // What was only ever given null can be a pointer to anything.
  for (const holder of a.open) if (holder.type.kind === 'null') holder.type = ANY;
  for (const work of a.works) if (work.info.returns.kind === 'null') work.info.returns = ANY;
  a.reporter.quiet = false;
  for (const work of a.works) refuseUnknown(a, work);
  for (const variable of a.variables) refuseUntyped(a, variable);
  pass(a, a.works);
  refuseEndless(a);
}

function pass(a: Analysis, works: readonly Work[]): void {
  for (const variable of a.variables) {
    if (variable.initial === null) continue;
    const b = constantBody(a, variable);
    const type = valueTypeOf(b, variable.initial);
    note(a, variable, type);
    if (variable.node.type !== null) convert(b, variable.initial, type, variable.type, `\`${variable.name}\``);
    requireConstant(b, variable.initial);
  }
  for (const ops of a.opsWorks) checkOps(a, ops);
  for (const work of works) {
    checkFunction(a, work);
    if (a.reporter.quiet) inferReturn(a, work);
  }
  const main: Where = { unit: a.units[0], module: null };
  for (const process of a.processes) {
    const b: Body = { ...constantBody(a, main), context: 'process', process };
    checkStatements(b, process.node.body);
  }
  for (const hardware of a.hardware) checkStatements({ ...constantBody(a, main), context: 'hardware' }, hardware.body);
}

function constantBody(a: Analysis, where: Where): Body {
  return {
    a,
    unit: where.unit,
    module: where.module,
    work: null,
    process: null,
    context: 'constant',
    scope: { names: new Map(), parent: null },
    undo: new Map(),
    inLoop: false,
    inAtomic: false,
    asking: false,
  };
}

function checkFunction(a: Analysis, work: Work): void {
  const undo = new Map<string, tree.Undo>();
  const names = new Map<string, LocalInfo>();
  const b: Body = { ...constantBody(a, work.where), work, context: 'kernel', scope: { names, parent: null }, undo };
  for (const p of work.info.parameters) if (p.name !== '') names.set(p.name, p);
  for (const section of work.info.body.undo) {
    if (section.label.text === '') continue;
    a.symbols.set(section.label, { kind: 'label', name: section.label.text, node: section });
    if (undo.has(section.label.text)) complain(b, codes.duplicateName, section.label, `two sections are called \`${section.label.text}\``);
    else undo.set(section.label.text, section);
  }
  checkStatements(b, work.info.body);
}

function checkOps(a: Analysis, ops: OpsWork): void {
  const b = constantBody(a, ops.where);
  for (const entry of ops.values) {
    const type = valueTypeOf(b, entry.value);
    const field = ops.fields.get(entry) ?? null;
    if (field === null) continue;
    if (convert(b, entry.value, type, field.type, `\`${field.name}\` of \`${field.struct.name}\``)) fill(b, ops, entry, field, type);
    requireConstant(b, entry.value);
  }
  const owner = ops.info.struct.fields.find((f) => f.name === 'owner' && f.type.kind === 'module');
  // As the kernel's own registration macros do: a driver that names no owner is owned by its module.
  if (ops.info.node.keyword === 'driver' && owner !== undefined && !ops.filled.has('owner') && ops.info.module !== null)
    ops.filled.set('owner', { kind: 'module', module: ops.info.module });
}

function fill(b: Body, ops: OpsWork, entry: OpsWork['values'][number], field: FieldInfo, type: Type): void {
  const symbol = symbolOf(b, entry.value);
  if (symbol?.kind === 'function' && field.type.kind === 'fn') ops.filled.set(field.name, { kind: 'function', function: symbol.function });
  else if (field.type.kind === 'module') {
    if (symbol?.kind === 'module') ops.filled.set(field.name, { kind: 'module', module: symbol.module });
    else if (type.kind === 'null') ops.filled.set(field.name, { kind: 'module', module: null });
  } else ops.filled.set(field.name, { kind: 'expression', value: entry.value });
}

/** Static data is there before any code runs: it is made of constants, and of addresses of other static data. */
function requireConstant(b: Body, e: tree.Expression): void {
  switch (e.kind) {
    case 'integer':
    case 'duration':
    case 'string':
    case 'bool':
    case 'null':
    case 'hole':
      return;
    case 'unary':
      return requireConstant(b, e.operand);
    case 'binary':
      requireConstant(b, e.left);
      return requireConstant(b, e.right);
    case 'cast':
      return requireConstant(b, e.value);
    case 'name':
    case 'field': {
      const symbol = symbolOf(b, e);
      if (symbol?.kind === 'variable' && symbol.variable.type.kind !== 'struct' && symbol.variable.type.kind !== 'error') {
        complain(b, codes.notConstant, e, `\`${symbol.variable.name}\` is a variable: its value is not known before code runs`);
      } else if (symbol?.kind === 'field') complain(b, codes.notConstant, e, 'a field is read by code: this value must be constant');
      return;
    }
    case 'call':
      return;
    case 'new':
    case 'try':
      return complain(b, codes.notConstant, e, 'this value must be constant');
  }
}

function inferReturn(a: Analysis, work: Work): void {
  if (work.fixedReturn) return;
  const inferred = work.returned.kind !== 'error' ? work.returned : work.returnsValue ? ERROR : work.fallible ? INT : VOID;
  if (same(inferred, work.info.returns)) return;
  work.info.returns = inferred;
  a.changed = true;
}

function refuseUntyped(a: Analysis, variable: VariableInfo): void {
  if (!a.open.has(variable) || variable.type.kind !== 'error' || a.poisoned.has(variable)) return;
  if (variable.node.value !== null || variable.name === '') return;
  const message = `\`${variable.name}\` has no type: write \`${variable.name}: TYPE\``;
  report(a.reporter, variable.unit, codes.cannotInfer, variable.node.name, message);
}

/** A result that only ever comes from itself. Where something else is wrong, that may be why it is not known. */
function refuseEndless(a: Analysis): void {
  if (a.reporter.byPath.size > 0 || a.reporter.once.size > 0) return;
  for (const { info, where, written } of a.works) {
    if (info.returns.kind !== 'error' || written.name === null) continue;
    report(
      a.reporter,
      where.unit,
      codes.cannotInfer,
      written.name,
      `nothing says what \`${info.name}\` returns: write \`-> TYPE\` behind its parameters`,
    );
  }
}

function refuseUnknown(a: Analysis, work: Work): void {
  const { info, where, written } = work;
  // What would have said it may be behind a syntax error.
  const broken = a.reporter.broken.get(where.unit.path);
  if (broken !== undefined && (broken.declarations || broken.spoilt.length > 0)) return;
  written.parameters.forEach((p, i) => {
    const local = info.parameters[i];
    if (p.type !== null || p.name.text === '' || !a.open.has(local)) return;
    if (where.unit.library) {
      report(
        a.reporter,
        where.unit,
        codes.cannotInfer,
        p.name,
        `parameters of library functions have a type: write \`${p.name.text}: TYPE\``,
      );
    } else if (local.type.kind === 'error' && !a.poisoned.has(local)) {
      report(
        a.reporter,
        where.unit,
        codes.cannotInfer,
        p.name,
        `nothing says what \`${p.name.text}\` is, as nothing calls \`${info.name}\`: write \`${p.name.text}: TYPE\``,
      );
    }
  });
}
