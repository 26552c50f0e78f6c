// Ops, drivers, devices and guards: what fills in a type declared elsewhere. Their methods' bodies are functions.ts.
import { codes } from '../base/codes.ts';
import { nearest } from '../base/nearest.ts';
import type * as tree from '../syntax/tree.ts';
import type { Analysis, OpsWork } from './analysis.ts';
import { takeGuards } from './libraryBase.ts';
import { absentField } from './kernelNames.ts';
import { didYouMean, isKind, replacement, resolveMember, resolveValue } from './names.ts';
import type { FieldInfo, FunctionInfo, OpsInfo, Symbol } from './program.ts';
import { report } from './report.ts';
import { namedStruct } from './resolveType.ts';
import { findValue, type Where } from './scope.ts';

/** Types the ops and hands each method to `method`, with the field that it fills in (null: none, reported). */
export function typeInstances(a: Analysis, method: (ops: OpsWork, index: number, field: FieldInfo | null) => void): void {
  for (const ops of a.opsWorks) typeOps(a, ops, method);
  for (const { info, where } of a.devices) {
    const struct = namedStruct(a, where, info.node.type, 'a device');
    if (struct !== null) info.struct = struct;
    info.binds = info.node.binds.flatMap((path) => driverNamed(a, where, path) ?? []);
  }
  for (const { node, where } of a.guardNodes) {
    const enter = functionNamed(a, where, node.enter);
    const exit = functionNamed(a, where, node.exit);
    if (enter === null || exit === null) continue;
    if (exit.parameters.length > enter.parameters.length + 1) {
      report(
        a.reporter,
        where.unit,
        codes.notAGuard,
        node.exit,
        `\`${exit.name}\` gets the arguments of \`${enter.name}\` and what it returned: it cannot want ${exit.parameters.length} arguments`,
      );
      continue;
    }
    a.guards.push({ enter, exit });
  }
  takeGuards(a);
}

function typeOps(a: Analysis, ops: OpsWork, method: (ops: OpsWork, index: number, field: FieldInfo | null) => void): void {
  const struct = namedStruct(a, ops.where, ops.info.node.type, ops.info.node.keyword === 'driver' ? 'a driver' : 'ops');
  if (struct !== null) ops.info.struct = struct;
  const filled = new Map<string, tree.Name>();
  const fieldOf = (name: tree.Name): FieldInfo | null => {
    if (struct === null || name.text === '') return null;
    const field = struct.fields.find((f) => f.name === name.text);
    if (field === undefined) {
      const close = nearest(
        name.text,
        struct.fields.map((f) => f.name),
      );
      report(a.reporter, ops.where.unit, codes.unknownField, name, `\`${struct.name}\` has no \`${name.text}\`${absentField(struct.name, name.text) || didYouMean(close)}`, {
        fixes: replacement(name, close),
      });
      return null;
    }
    const first = filled.get(name.text);
    if (first !== undefined) {
      report(a.reporter, ops.where.unit, codes.duplicateName, name, `\`${name.text}\` is given twice`, {
        related: [{ place: { file: ops.where.unit.path, span: { start: first.start, end: first.end } }, message: 'the first one' }],
      });
    }
    filled.set(name.text, name);
    return field;
  };
  ops.methods.forEach(({ entry, work }, i) => {
    const field = fieldOf(entry.name);
    if (field !== null) a.symbols.set(entry.name, { kind: 'function', function: work.info });
    if (field !== null && field.type.kind !== 'fn' && field.type.kind !== 'error') {
      report(
        a.reporter,
        ops.where.unit,
        codes.typeMismatch,
        entry.name,
        `\`${entry.name.text}\` of \`${field.struct.name}\` is no function: write \`${entry.name.text} = ...\``,
      );
    }
    method(ops, i, field);
    if (field?.type.kind === 'fn') ops.filled.set(field.name, { kind: 'function', function: work.info });
  });
  for (const entry of ops.values) {
    const field = fieldOf(entry.name);
    if (field !== null) a.symbols.set(entry.name, { kind: 'field', field });
    ops.fields.set(entry, field);
  }
}

function driverNamed(a: Analysis, where: Where, path: tree.Path): OpsInfo | null {
  const symbol = symbolOfPath(a, where, path, isKind('ops'));
  if (symbol === null || symbol.kind !== 'ops') {
    const last = path.parts.at(-1);
    if (symbol !== null && last !== undefined) report(a.reporter, where.unit, codes.typeMismatch, last, `\`${last.text}\` is no driver`);
    return null;
  }
  if (symbol.ops.node.keyword === 'driver') return symbol.ops;
  report(a.reporter, where.unit, codes.typeMismatch, path, `\`${symbol.ops.name}\` is no driver: it is declared with \`ops\``);
  return null;
}

/** `name` or `module.name`; null after a report. */
export function symbolOfPath(
  a: Analysis,
  where: Where,
  path: tree.Path,
  accept: (e: { readonly symbol: Symbol; readonly unit: Where['unit'] | null; readonly module: Where['module'] }) => boolean,
): Symbol | null {
  const [first, second] = path.parts;
  if (first === undefined) return null;
  if (second === undefined) return resolveValue(a, where, first, accept)?.symbol ?? null;
  const module = resolveValue(a, where, first, isKind('module'));
  if (module === null || module.symbol.kind !== 'module') return null;
  return resolveMember(a, where, module.symbol.module, second)?.symbol ?? null;
}

function functionNamed(a: Analysis, where: Where, name: tree.Name): FunctionInfo | null {
  const builtIn = findValue(a.scopes, where, name.text, isKind('function', 'primitive'));
  if (builtIn.length === 1 && builtIn[0].symbol.kind === 'primitive') {
    report(a.reporter, where.unit, codes.notAGuard, name, `\`${name.text}\` is built in: a guard is made of two functions of a library`);
    return null;
  }
  const entry = resolveValue(a, where, name, isKind('function'));
  return entry?.symbol.kind === 'function' ? entry.symbol.function : null;
}
