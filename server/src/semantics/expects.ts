// What a file claims: `expect` and `assume`, whose names are checked here. Whether they hold is the checker's business.
import { codes } from '../base/codes.ts';
import { nearest } from '../base/nearest.ts';
import type * as tree from '../syntax/tree.ts';
import type { Analysis } from './analysis.ts';
import { constantIn } from './constants.ts';
import { didYouMean, isKind, lacksDeclarations, replacement } from './names.ts';
import type { FunctionInfo, ModuleInfo, OpsInfo, Symbol } from './program.ts';
import { report, reportOnce } from './report.ts';
import { findType, findValue, type Where } from './scope.ts';

export function checkExpects(a: Analysis): void {
  for (const e of a.expects) checkExpect(a, { unit: a.units[0], module: null }, e);
  for (const e of a.assumes) checkAssume(a, { unit: a.units[0], module: null }, e);
}

function checkExpect(a: Analysis, where: Where, e: tree.Expect): void {
  if (e.verdict.text !== '' && a.verdicts.length > 0 && !a.verdicts.includes(e.verdict.text)) {
    const close = nearest(e.verdict.text, a.verdicts);
    report(a.reporter, where.unit, codes.unknownVerdict, e.verdict, `there is no verdict \`${e.verdict.text}\`${didYouMean(close)}`, {
      fixes: replacement(e.verdict, close),
    });
  }
  // Elsewhere in the design space what it names may not exist.
  if (e.when !== null && (constantIn(a, where, e.when, '`when`') ?? 0n) === 0n) return;
  if (e.in !== null)
    named(
      a,
      where,
      e.in,
      'in',
      'function',
      (p) => functionNamed(a, where, p),
      () => a.works.map((w) => w.info.name),
    );
  if (e.of !== null)
    named(
      a,
      where,
      e.of,
      'of',
      'type, module or device',
      (p) => objectNamed(a, where, p),
      () => objectNames(a),
    );
  if (e.by !== null)
    named(
      a,
      where,
      e.by,
      'by',
      'process, thread, device, module or function',
      (p) => agentNamed(a, where, p),
      () => agentNames(a),
    );
}

/** The symbols of the parts of a path, or null where they name nothing suitable. */
type Found = ReadonlyArray<Symbol | null> | null;

function named(
  a: Analysis,
  where: Where,
  path: tree.Path,
  word: string,
  what: string,
  find: (parts: readonly string[]) => Found,
  candidates: () => readonly string[],
): void {
  const parts = path.parts.map((p) => p.text);
  if (parts.length === 0 || parts.some((p) => p === '')) return;
  const found = find(parts);
  if (found !== null) {
    found.forEach((symbol, i) => {
      if (symbol !== null) a.symbols.set(path.parts[i], symbol);
    });
    return;
  }
  const text = parts.join('.');
  const close = nearest(text, candidates());
  if (close === null && lacksDeclarations(a, where.unit)) return;
  const message = `\`${word}\` names a ${what}, and none is called \`${text}\`${didYouMean(close)}`;
  reportOnce(a.reporter, where.unit, `${word} ${text}`, codes.unknownName, path, message, { fixes: replacement(path, close) });
}

/** `f`, `ops.method`, `module.f`, `module.init`, `module.ops.method`; a primitive or a process too: they stand on stacks. */
function functionNamed(a: Analysis, where: Where, parts: readonly string[]): Found {
  if (parts.length === 1) {
    const found = findValue(a.scopes, where, parts[0], isKind('function', 'primitive', 'process'));
    return found.length > 0 ? [found[0].symbol] : null;
  }
  if (parts.length === 2) {
    const ops = findValue(a.scopes, where, parts[0], isKind('ops')).at(0)?.symbol;
    const method = ops?.kind === 'ops' ? methodOf(a, ops.ops, parts[1]) : null;
    if (ops !== undefined && method !== null) return [ops, { kind: 'function', function: method }];
  }
  const module = moduleNamed(a, where, parts[0]);
  if (module === null) return null;
  const first: Symbol = { kind: 'module', module };
  const special = parts.length === 2 && (parts[1] === 'init' || parts[1] === 'exit') ? module[parts[1]] : null;
  if (special !== null) return [first, { kind: 'function', function: special }];
  const member = a.scopes.modules.get(module)?.values.get(parts[1])?.symbol;
  if (parts.length === 2) return member?.kind === 'function' ? [first, member] : null;
  const method = member?.kind === 'ops' ? methodOf(a, member.ops, parts[2]) : null;
  return parts.length === 3 && member !== undefined && method !== null ? [first, member, { kind: 'function', function: method }] : null;
}

/** By the name it is written with: a method of ops whose type is a mistake is one all the same. */
function methodOf(a: Analysis, ops: OpsInfo, name: string): FunctionInfo | null {
  const work = a.opsWorks.find((o) => o.info === ops);
  const value = ops.values.get(name);
  return work?.methods.find((m) => m.entry.name.text === name)?.work.info ?? (value?.kind === 'function' ? value.function : null);
}

function objectNamed(a: Analysis, where: Where, parts: readonly string[]): Found {
  if (parts.length === 2) {
    const module = moduleNamed(a, where, parts[0]);
    const member = module === null ? undefined : a.scopes.modules.get(module)?.types.get(parts[1]);
    return module === null || member === undefined ? null : [{ kind: 'module', module }, member.symbol];
  }
  if (parts.length !== 1) return null;
  const values = findValue(a.scopes, where, parts[0], isKind('module', 'device', 'ops', 'variable'));
  if (values.length > 0) return [values[0].symbol];
  const types = findType(a.scopes, where, parts[0]);
  return types.length > 0 ? [types[0].symbol] : null;
}

/** Agents are processes and their threads, kernel contexts named after a device or a function, `hardware` and the clock. */
function agentNamed(a: Analysis, where: Where, parts: readonly string[]): Found {
  if (parts.length === 1) {
    const found = findValue(a.scopes, where, parts[0], isKind('process', 'device', 'module'));
    if (found.length > 0) return [found[0].symbol];
    const thread = a.threads.find((t) => t.name === parts[0]);
    if (thread !== undefined) return [thread];
    if (parts[0] === 'hardware' || parts[0] === 'clock' || parts[0] === 'init') return [null];
  }
  if (parts.length === 2) {
    const thread = a.threads.find((t) => t.process.name === parts[0] && t.name === parts[1]);
    if (thread !== undefined) return [{ kind: 'process', process: thread.process }, thread];
    const struct = findType(a.scopes, where, parts[0]).at(0)?.symbol;
    const field = struct?.kind === 'struct' ? struct.struct.fields.find((f) => f.name === parts[1]) : undefined;
    if (struct !== undefined && field !== undefined) return [struct, { kind: 'field', field }];
  }
  return functionNamed(a, where, parts) ?? objectNamed(a, where, parts);
}

function moduleNamed(a: Analysis, where: Where, name: string): ModuleInfo | null {
  const symbol = findValue(a.scopes, where, name, isKind('module')).at(0)?.symbol;
  return symbol?.kind === 'module' ? symbol.module : null;
}

function objectNames(a: Analysis): string[] {
  return [...a.structs.map((s) => s.name), ...a.modules.map((m) => m.name), ...a.devices.map((d) => d.info.name)];
}

function agentNames(a: Analysis): string[] {
  return [...a.processes.map((p) => p.name), ...a.threads.map((t) => t.name), ...objectNames(a), ...a.works.map((w) => w.info.name)];
}

function checkAssume(a: Analysis, where: Where, e: tree.Assume): void {
  if (e.agent.text !== '') {
    const process = a.processes.find((p) => p.name === e.agent.text);
    const close = nearest(
      e.agent.text,
      a.processes.map((p) => p.name),
    );
    if (process !== undefined) a.symbols.set(e.agent, { kind: 'process', process });
    else if (close !== null || !lacksDeclarations(a, where.unit))
      report(a.reporter, where.unit, codes.unknownName, e.agent, `no process is called \`${e.agent.text}\`${didYouMean(close)}`, {
        fixes: replacement(e.agent, close),
      });
  }
  if (e.action.text !== '' && e.action.text !== 'closes') {
    report(
      a.reporter,
      where.unit,
      codes.badAssumption,
      e.action,
      `what can be assumed of a process is that it \`closes\`, not \`${e.action.text}\``,
      { fixes: replacement(e.action, 'closes') },
    );
  }
  if (e.event !== null && e.event.text === 'POLLHUP') {
    report(a.reporter, where.unit, codes.notChecked, e.event, '`on POLLHUP` is not checked yet: without it, the process is assumed to close from the start', {
      fixes: [{ title: 'Assume that it closes from the start', edits: [{ span: { start: e.action.end, end: e.end }, text: '' }] }],
    });
  }
  if (e.event !== null && e.event.text !== '' && e.event.text !== 'POLLHUP') {
    report(a.reporter, where.unit, codes.badAssumption, e.event, `a process closes on \`POLLHUP\`, not on \`${e.event.text}\``, {
      fixes: replacement(e.event, 'POLLHUP'),
    });
  }
}
