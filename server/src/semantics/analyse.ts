// From parsed files to a resolved program, for one combination of params: the phases, in order. Never throws on any tree.
// Libraries go through the phases once for all programs (libraryBase.ts).
import type { Diagnostic } from '../base/diagnostic.ts';
import type * as tree from '../syntax/tree.ts';
import type { Analysis } from './analysis.ts';
import { computeConstants } from './constants.ts';
import { declareAll } from './declare.ts';
import { checkExpects } from './expects.ts';
import { checkBodies } from './functions.ts';
import { aboveBase, libraryBase, takeOthers } from './libraryBase.ts';
import { NodeMap } from './nodeMap.ts';
import type { Prelude } from './prelude.ts';
import type { ParamValue, Program, StructInfo, Unit } from './program.ts';
import { diagnosticsByPath, newReporter, type Reporter } from './report.ts';
import type { Scopes } from './scope.ts';
import { resolveSettings } from './settings.ts';
import { typeDeclarations } from './signatures.ts';
import { refTo } from './types.ts';
import { loadUnits, type Libraries } from './units.ts';

export interface Extras {
  /** Errors of parsing the checked file, which become part of the program's diagnostics. */
  readonly errors?: readonly Diagnostic[];
  /** The verdict kinds that `expect` can name; without them any word goes. */
  readonly verdicts?: readonly string[];
  /** The libraries that there are, for "did you mean" and "add `use`". Asked only when a name is not found. */
  readonly libraryNames?: () => readonly string[];
}

/**
 * Resolves and types a file with the libraries that it uses, for one combination of its params (see parameters.ts; a param that has
 * no entry has its first value). What could not be resolved has type `error` and one diagnostic.
 */
export function analyse(
  path: string,
  file: tree.File,
  text: string,
  libraries: Libraries,
  prelude: Prelude,
  params: Readonly<Record<string, ParamValue>>,
  extras: Extras = {},
): Program {
  const reporter = newReporter();
  const libraryNames = extras.libraryNames ?? ((): readonly string[] => []);
  const units = loadUnits({ path, text, file, errors: extras.errors ?? [] }, prelude.implicitLibraries, libraries, libraryNames, reporter);
  const given: Given = { prelude, libraries, libraryNames, verdicts: extras.verdicts ?? [], params };
  const base = libraryBase(units, prelude, reporter, (u) => resolved(newAnalysis({ ...given, verdicts: [], params: {} }, u, newReporter(), null)));
  return programOf(resolved(newAnalysis(given, base === null ? units : aboveBase(units, base), reporter, base)));
}

type Given = Pick<Analysis, 'prelude' | 'libraries' | 'libraryNames' | 'verdicts' | 'params'>;

function newAnalysis(given: Given, units: readonly Unit[], reporter: Reporter, base: Analysis | null): Analysis {
  const scopes = base === null ? builtInScopes(given.prelude) : scopesAbove(base.scopes);
  const process = scopes.builtInTypes.get('process')?.symbol;
  return {
    ...given,
    units,
    base,
    reporter,
    scopes,
    patterns: new Map(),
    processStruct: base?.processStruct ?? (process?.kind === 'struct' ? process.struct : primitiveStruct('process')),
    unknownStruct: base?.unknownStruct ?? primitiveStruct('?'),
    paramInfos: [],
    structs: [],
    structWheres: new Map(),
    enums: [],
    modules: [],
    works: [],
    variables: [],
    opsWorks: [],
    devices: [],
    processes: [],
    threads: [],
    hardware: [],
    settingsNodes: [],
    settings: [],
    claims: [],
    expects: [],
    assumes: [],
    guardNodes: [],
    guards: [],
    constants: new Map(),
    declared: new Set(),
    locals: new Map(),
    open: new Set(),
    poisoned: new Set(),
    uses: new Map(),
    types: new NodeMap(base?.types ?? null),
    symbols: new NodeMap(base?.symbols ?? null),
    depth: 0,
    changed: false,
  };
}

function resolved(a: Analysis): Analysis {
  declareAll(a);
  computeConstants(a);
  typeDeclarations(a);
  resolveSettings(a);
  checkBodies(a);
  takeOthers(a);
  checkExpects(a);
  for (const module of a.modules) {
    if (a.base?.modules.includes(module) !== true) module.uses = a.modules.filter((m) => a.uses.get(module)?.has(m) === true);
  }
  return a;
}

function programOf(a: Analysis): Program {
  const builtIn = [...a.scopes.builtInTypes.values()].flatMap((e) => (e.symbol?.kind === 'struct' ? [e.symbol.struct] : []));
  return {
    units: a.units,
    diagnostics: diagnosticsByPath(a.reporter),
    params: Object.fromEntries(
      a.paramInfos.flatMap((p) => {
        const value = a.params[p.name] ?? p.values[0];
        return value === undefined ? [] : [[p.name, value]];
      }),
    ),
    paramInfos: a.paramInfos,
    structs: [...a.structs, ...builtIn],
    enums: a.enums,
    modules: a.modules,
    functions: a.works.map((w) => w.info),
    variables: a.variables,
    // Those whose type is a mistake have been reported, and are nothing to lower.
    ops: a.opsWorks.map((o) => o.info).filter((o) => o.struct !== a.unknownStruct),
    devices: a.devices.map((d) => d.info).filter((d) => d.struct !== a.unknownStruct),
    processes: a.processes,
    hardware: a.hardware,
    settings: a.settings,
    claims: a.claims,
    expects: a.expects,
    assumes: a.assumes,
    guards: a.guards,
    types: a.types,
    symbols: a.symbols,
  };
}

function builtInScopes(prelude: Prelude): Scopes {
  const scopes: Scopes = { units: new Map(), modules: new Map(), builtInValues: new Map(), builtInTypes: new Map(), levels: new Map() };
  for (const primitive of prelude.functions) {
    const entry = { symbol: { kind: 'primitive', primitive } as const, unit: null, module: null };
    const known = scopes.builtInValues.get(primitive.name);
    if (known === undefined) scopes.builtInValues.set(primitive.name, [entry]);
    else known.push(entry);
  }
  for (const { name, value, doc } of prelude.constants) {
    if (!scopes.builtInValues.has(name))
      scopes.builtInValues.set(name, [{ symbol: { kind: 'constant', name, value, node: null, doc }, unit: null, module: null }]);
  }
  for (const { name, handle } of prelude.types) {
    const struct = primitiveStruct(name);
    const type = handle === true ? refTo(struct) : ({ kind: 'struct', struct } as const);
    scopes.builtInTypes.set(name, {
      symbol: { kind: 'struct', struct },
      unit: null,
      module: null,
      node: null,
      alias: null,
      type,
      resolving: false,
    });
  }
  return scopes;
}

/** What is built in and what libraries declare, with room for what a file declares. */
function scopesAbove(base: Scopes): Scopes {
  return { ...base, units: new Map(base.units), modules: new Map(base.modules), levels: new Map() };
}

function primitiveStruct(name: string): StructInfo {
  return { name, node: null, unit: null, module: null, primitive: true, capacity: null, fields: [] };
}
