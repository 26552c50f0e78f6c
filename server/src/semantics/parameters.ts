// The design space of a file: which values each `param` takes, and all combinations of them. What a combination selects is declare.ts.
import type * as tree from '../syntax/tree.ts';
import { evaluate } from './constant.ts';
import type { ParamValue } from './program.ts';

/** No param has more values than this; one that is written with more is reported, and its first ones are used. */
export const maxValues = 256;
/** As many combinations are made at most; a file with more is reported. */
export const maxCombinations = 4096;

/** All params' values, in file order; the first param varies slowest. One empty combination where there is no param. */
export function combinations(file: tree.File): Array<Record<string, ParamValue>> {
  let result: Array<Record<string, ParamValue>> = [{}];
  for (const param of paramsOf(file)) {
    const values = valuesOf(param, (e) => fileConstant(file, e));
    if (values.length === 0) continue;
    result = result.flatMap((c) => values.map((v) => ({ ...c, [param.name.text]: v }))).slice(0, maxCombinations);
  }
  return result;
}

export function paramsOf(file: tree.File): readonly tree.Param[] {
  const seen = new Set<string>(['']);
  return file.declarations.filter((d) => d.kind === 'param').filter((d) => !seen.has(d.name.text) && seen.add(d.name.text));
}

/** `bound` computes the ends of a range; null where they are no constants. */
export function valuesOf(param: tree.Param, bound: (e: tree.Expression) => bigint | null): ParamValue[] {
  switch (param.domain.kind) {
    case 'bool':
      return [
        { kind: 'bool', value: false },
        { kind: 'bool', value: true },
      ];
    case 'names': {
      const names = [...new Set(param.domain.names.map((n) => n.text))].filter((n) => n !== '');
      return names.slice(0, maxValues).map((name) => ({ kind: 'name', name }));
    }
    case 'range': {
      const low = bound(param.domain.low);
      const high = bound(param.domain.high);
      if (low === null || high === null) return [];
      const values: ParamValue[] = [];
      for (let v = low; v <= high && values.length < maxValues; v++) values.push({ kind: 'int', value: Number(v) });
      return values;
    }
  }
}

/** Ends of a range are numbers and consts of the same file; null for everything else. */
export function fileConstant(file: tree.File, e: tree.Expression, depth = 0): bigint | null {
  return evaluate(e, {
    value: (name) => {
      const found = depth > 16 ? undefined : file.declarations.find((d) => d.kind === 'const' && d.name.text === name.text);
      return found?.kind === 'const' ? fileConstant(file, found.value, depth + 1) : null;
    },
    refuse: () => {},
    impossible: () => {},
  });
}
