// Collects what each file declares, selected by the combination of params: every declaration gets its one object here, still without types.
// Those are signatures.ts; bodies are functions.ts.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import type { Analysis, OpsWork, Work } from './analysis.ts';
import { constantIn } from './constants.ts';
import { declareType, declareValue } from './declareName.ts';
import { declareParams } from './declareParams.ts';
import { takeModules } from './libraryBase.ts';
import type { EnumInfo, FunctionInfo, LocalInfo, ModuleInfo, StructInfo, Symbol } from './program.ts';
import { report } from './report.ts';
import { newTables, type Where } from './scope.ts';
import { ERROR, INT, VOID } from './types.ts';
import type { Mutable } from './units.ts';

export function declareAll(a: Analysis): void {
  const units = a.base === null ? a.units : a.units.slice(0, 1);
  for (const unit of units) a.scopes.units.set(unit, { own: newTables(), modules: [] });
  // Consts, enums and modules first: conditions around other declarations are made of them.
  for (const unit of units) for (const d of unit.file.declarations) early(a, { unit, module: null }, d);
  takeModules(a);
  declareParams(a);
  for (const unit of units) for (const d of unit.file.declarations) late(a, { unit, module: null }, d);
}

function early(a: Analysis, where: Where, d: tree.Declaration): void {
  if (a.declared.has(d)) return;
  switch (d.kind) {
    case 'const': {
      a.declared.add(d);
      const symbol: Mutable<Extract<Symbol, { kind: 'constant' }>> = {
        kind: 'constant',
        name: d.name.text,
        value: 0n,
        node: d,
        doc: d.doc ?? '',
      };
      a.constants.set(d, { symbol, where, value: d.value, state: 'new' });
      declareValue(a, where, d.name, symbol);
      break;
    }
    case 'enum': {
      a.declared.add(d);
      const info: EnumInfo = { name: d.name.text, members: d.members.map((m) => m.text), node: d, unit: where.unit };
      a.enums.push(info);
      declareType(a, where, d.name, { kind: 'enum', enum: info });
      for (const [index, member] of d.members.entries()) declareValue(a, where, member, { kind: 'enumMember', enum: info, index });
      break;
    }
    case 'module': {
      a.declared.add(d);
      const info: Mutable<ModuleInfo> = {
        name: d.name.text,
        node: d,
        unit: where.unit,
        unloaded: d.unloaded,
        init: null,
        exit: null,
        uses: [],
      };
      a.modules.push(info);
      a.scopes.modules.set(info, newTables());
      a.scopes.units.get(where.unit)?.modules.push(info);
      declareValue(a, where, d.name, { kind: 'module', module: info });
      for (const inner of d.declarations) early(a, { unit: where.unit, module: info }, inner);
      break;
    }
    default:
  }
}

function late(a: Analysis, where: Where, d: tree.Declaration): void {
  early(a, where, d);
  switch (d.kind) {
    case 'use':
    case 'cite':
    case 'hole':
    case 'const':
    case 'enum':
      break;
    case 'interleaving':
      report(a.reporter, where.unit, codes.notChecked, d.title, 'an `interleaving` is not matched against the scenario yet');
      break;
    case 'param':
      if (!a.declared.has(d))
        report(
          a.reporter,
          where.unit,
          codes.misplaced,
          d.name,
          'a `param` stands by itself at the top of the checked file, not in a library and not under an `if`',
        );
      break;
    case 'ifDeclaration': {
      const value = constantIn(a, where, d.condition, 'a condition around declarations');
      // Where the condition is a mistake both branches would only add to it.
      if (value !== null) for (const inner of value !== 0n ? d.then : d.else) late(a, where, inner);
      break;
    }
    case 'module': {
      const module = a.modules.find((m) => m.node === d);
      if (module !== undefined) for (const inner of d.declarations) late(a, { unit: where.unit, module }, inner);
      break;
    }
    case 'struct':
      declareStruct(a, where, d);
      break;
    case 'ops':
      declareOps(a, where, d);
      break;
    case 'fn': {
      const work = newWork(a, where, d.name.text, d, d.body, { parameters: d.parameters, returns: d.returns, name: d.name });
      declareValue(a, where, d.name, { kind: 'function', function: work.info });
      break;
    }
    case 'variable': {
      const info = { name: d.name.text, type: ERROR, module: where.module, unit: where.unit, initial: d.value, node: d };
      a.variables.push(info);
      declareValue(a, where, d.name, { kind: 'variable', variable: info });
      break;
    }
    case 'init':
    case 'exit':
      declareInitOrExit(a, where, d);
      break;
    case 'guard':
      a.guardNodes.push({ node: d, where });
      break;
    case 'claim':
    case 'expect':
    case 'assume':
    case 'device':
    case 'process':
    case 'hardware':
    case 'settings':
      if (where.unit === a.units[0]) declareScenario(a, where, d);
      break;
  }
}

/** What only the checked file speaks of: its devices, its agents, and what it claims. */
function declareScenario(
  a: Analysis,
  where: Where,
  d: tree.Claim | tree.Expect | tree.Assume | tree.Device | tree.Process | tree.Hardware | tree.Settings,
): void {
  switch (d.kind) {
    case 'claim':
      a.claims.push(d);
      a.expects.push(...d.expects);
      break;
    case 'expect':
      a.expects.push(d);
      break;
    case 'assume':
      a.assumes.push(d);
      break;
    case 'hardware':
      a.hardware.push(d);
      break;
    case 'settings':
      a.settingsNodes.push({ node: d, where });
      break;
    case 'device': {
      const info = { name: d.name.text, struct: a.unknownStruct, binds: [], unbound: d.unbound, node: d, unit: where.unit };
      a.devices.push({ info, where });
      declareValue(a, where, d.name, { kind: 'device', device: info });
      break;
    }
    case 'process': {
      const info = { name: d.name.text, count: d.count, node: d, unit: where.unit };
      a.processes.push(info);
      declareValue(a, where, d.name, { kind: 'process', process: info });
      break;
    }
  }
}

function declareStruct(a: Analysis, where: Where, d: tree.Struct): void {
  if (d.alias !== null) {
    declareType(a, where, d.name, null, d.alias);
    return;
  }
  const info: Mutable<StructInfo> = {
    name: d.name.text,
    node: d,
    unit: where.unit,
    module: where.module,
    primitive: false,
    capacity: null,
    fields: [],
  };
  a.structs.push(info);
  a.structWheres.set(info, where);
  declareType(a, where, d.name, { kind: 'struct', struct: info });
}

function declareOps(a: Analysis, where: Where, d: tree.Ops): void {
  const filled: OpsWork['filled'] = new Map();
  const info = { name: d.name.text, struct: a.unknownStruct, module: where.module, unit: where.unit, node: d, values: filled };
  const ops: OpsWork = { info, where, methods: [], values: [], fields: new Map(), filled };
  a.opsWorks.push(ops);
  declareValue(a, where, d.name, { kind: 'ops', ops: info });
  selectEntries(a, ops, d.entries);
}

function selectEntries(a: Analysis, ops: OpsWork, entries: readonly tree.OpsEntry[]): void {
  for (const entry of entries) {
    switch (entry.kind) {
      case 'method': {
        const name = `${ops.info.name}.${entry.name.text}`;
        const work = newWork(
          a,
          ops.where,
          name,
          entry,
          entry.body,
          { parameters: entry.parameters, returns: entry.returns, name: entry.name },
          entry.name.text,
        );
        ops.methods.push({ entry, work });
        break;
      }
      case 'value':
        ops.values.push(entry);
        break;
      case 'ifEntries': {
        const value = constantIn(a, ops.where, entry.condition, 'a condition around entries');
        if (value !== null) selectEntries(a, ops, value !== 0n ? entry.then : entry.else);
        break;
      }
    }
  }
}

function declareInitOrExit(a: Analysis, where: Where, d: tree.Init | tree.Exit): void {
  const module = a.modules.find((m) => m === where.module);
  if (module === undefined) return;
  if (module[d.kind] !== null) {
    const span = { start: d.start, end: d.start + d.kind.length };
    report(a.reporter, where.unit, codes.duplicateName, span, `module \`${module.name}\` has two \`${d.kind}\``);
    return;
  }
  const work = newWork(a, where, `${module.name}.${d.kind}`, d, d.body, { parameters: [], returns: null, name: null }, d.kind);
  work.fixedReturn = true;
  work.info.returns = d.kind === 'init' ? INT : VOID;
  module[d.kind] = work.info;
}

function newWork(
  a: Analysis,
  where: Where,
  name: string,
  node: FunctionInfo['node'],
  body: tree.Block,
  written: Work['written'],
  shortName = name,
): Work {
  const parameters: LocalInfo[] = written.parameters.map((p) => ({ name: p.name.text, type: ERROR, node: p.name }));
  const info: Mutable<FunctionInfo> = { name, shortName, unit: where.unit, module: where.module, parameters, returns: ERROR, body, node };
  const work: Work = { info, where, written, fixedReturn: false, returned: ERROR, returnsValue: false, fallible: false };
  a.works.push(work);
  for (const p of parameters) {
    a.locals.set(p.node, p);
    a.symbols.set(p.node, { kind: 'local', local: p, function: info });
  }
  return work;
}
