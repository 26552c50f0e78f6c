// The params of the checked file, with the values of each. Their combinations are parameters.ts.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import type { Analysis } from './analysis.ts';
import { constantIn } from './constants.ts';
import { declareValue } from './declareName.ts';
import { fileConstant, maxCombinations, maxValues, paramsOf, valuesOf } from './parameters.ts';
import type { ParamInfo, Unit } from './program.ts';
import { report } from './report.ts';
import type { Where } from './scope.ts';

export function declareParams(a: Analysis): void {
  const main = a.units[0];
  const where: Where = { unit: main, module: null };
  const chosen = new Set<tree.Declaration>(paramsOf(main.file));
  for (const node of main.file.declarations) {
    if (node.kind !== 'param') continue;
    a.declared.add(node);
    const written = countOf(a, where, node);
    const info: ParamInfo = { name: node.name.text, values: valuesOf(node, (e) => fileConstant(main.file, e)), node };
    if (written > maxValues)
      report(a.reporter, main, codes.tooManyValues, node.name, `\`${info.name}\` has ${written} values; at most ${maxValues} are explored`);
    else if (info.values.length === 0 && written === 0)
      report(a.reporter, main, codes.badRange, node.name, `\`${info.name}\` has no value`);
    if (chosen.has(node)) a.paramInfos.push(info);
    declareValue(a, where, node.name, { kind: 'param', param: info });
    if (node.domain.kind === 'names') nameValues(a, main, node.domain.names, info);
  }
  const all = a.paramInfos.reduce((n, p) => n * Math.max(1, p.values.length), 1);
  const last = a.paramInfos.at(-1);
  if (all > maxCombinations && last !== undefined) {
    report(
      a.reporter,
      main,
      codes.tooManyValues,
      last.node.name,
      `the params of this file have ${all} combinations; at most ${maxCombinations} are explored`,
    );
  }
}

function nameValues(a: Analysis, unit: Unit, names: readonly tree.Name[], param: ParamInfo): void {
  const first = new Set<string>();
  for (const name of names) {
    const index = param.values.findIndex((v) => v.kind === 'name' && v.name === name.text);
    if (index >= 0) a.symbols.set(name, { kind: 'paramValue', param, index });
    if (first.has(name.text))
      report(a.reporter, unit, codes.duplicateName, name, `\`${name.text}\` stands twice among the values of \`${param.name}\``);
    first.add(name.text);
  }
}

/** How many values a param is written with; -1 where its range could not be computed. */
function countOf(a: Analysis, where: Where, node: tree.Param): number {
  if (node.domain.kind === 'bool') return 2;
  if (node.domain.kind === 'names') return node.domain.names.length === 0 ? -1 : node.domain.names.length;
  const low = boundOf(a, where, node.domain.low);
  const high = boundOf(a, where, node.domain.high);
  return low === null || high === null ? -1 : Number(high < low ? 0n : high - low + 1n);
}

/** Combinations are made from the file alone, so the ends of a range are too; what is wrong with them is said once. */
function boundOf(a: Analysis, where: Where, e: tree.Expression): bigint | null {
  const value = constantIn(a, where, e, 'a range');
  const known = fileConstant(where.unit.file, e);
  if (value !== null && known === null)
    report(a.reporter, where.unit, codes.notConstant, e, "the ends of a param's range are numbers and consts of this file");
  return value === null ? null : known;
}
