// Libraries are the same for every file that uses them, and for every combination of its params: they are resolved once, and programs begin with
// what that gave. Only where there is nothing to say of them: what is wrong with a library is said in each program that uses it.
import type { Analysis } from './analysis.ts';
import type { Prelude } from './prelude.ts';
import type { Unit } from './program.ts';
import type { Reporter } from './report.ts';

/** So many sets of libraries are kept, those that were used last. */
const KEPT_MOST = 8;

interface Kept {
  readonly prelude: Prelude;
  readonly libraries: readonly Unit[];
  /** Null: they have to be resolved with each program. */
  readonly base: Analysis | null;
}

const kept: Kept[] = [];

/** Stands for the file that uses them. */
const nothing: Unit = { path: '', text: '', file: { kind: 'file', header: null, declarations: [], start: 0, end: 0 }, library: false, imports: [] };

/**
 * The libraries behind the first of `units`, resolved by `resolve` unless that has been done before: trees are compared, so that a library whose
 * text has changed is another one. Null where a program may be told something of them, or may change them.
 */
export function libraryBase(units: readonly Unit[], prelude: Prelude, reporter: Reporter, resolve: (units: readonly Unit[]) => Analysis): Analysis | null {
  const [main, ...libraries] = units;
  // A library that is being edited, and used by others.
  if (libraries.some((u) => u.imports.includes(main) || reporter.byPath.has(u.path))) return null;
  let at = kept.findIndex((k) => k.prelude === prelude && same(k.libraries, libraries));
  if (at < 0) {
    const base = resolve([{ ...nothing, imports: libraries }, ...libraries]);
    at = kept.push({ prelude, libraries, base: isFinal(base) ? base : null }) - 1;
  }
  const [found] = kept.splice(at, 1);
  kept.unshift(found);
  kept.splice(KEPT_MOST);
  return found.base;
}

function same(a: readonly Unit[], b: readonly Unit[]): boolean {
  return a.length === b.length && a.every((u, i) => u.file === b[i].file && u.path === b[i].path);
}

/** Nothing is wrong, and no variable's type is inferred from what is put into it. */
function isFinal({ reporter, variables }: Analysis): boolean {
  return reporter.byPath.size === 0 && reporter.once.size === 0 && variables.every((v) => v.node.type !== null);
}

/** The same file above the libraries of a base. */
export function aboveBase(units: readonly Unit[], base: Analysis): readonly Unit[] {
  const [main, ...libraries] = units;
  return [{ ...main, imports: main.imports.map((u) => base.units[1 + libraries.indexOf(u)]) }, ...base.units.slice(1)];
}

/** Modules and enums stand in the order of files: those of the libraries behind the file's own. */
export function takeModules(a: Analysis): void {
  if (a.base === null) return;
  a.modules.push(...a.base.modules);
  a.enums.push(...a.base.enums);
}

export function takeGuards(a: Analysis): void {
  if (a.base === null) return;
  a.guardNodes.push(...a.base.guardNodes);
  a.guards.push(...a.base.guards);
}

/** Once all that is the file's own has been checked. */
export function takeOthers(a: Analysis): void {
  if (a.base === null) return;
  a.structs.push(...a.base.structs);
  a.works.push(...a.base.works);
  a.variables.push(...a.base.variables);
  a.opsWorks.push(...a.base.opsWorks);
}
