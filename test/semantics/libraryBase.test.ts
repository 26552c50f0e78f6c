// Libraries are resolved once for all programs that use them: what changes in one is seen, and no program changes it for another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { librariesIn } from '../../server/src/check/libraries.ts';
import { prelude } from '../../server/src/primitives/index.ts';
import { analyse } from '../../server/src/semantics/analyse.ts';
import type { ParamValue, Program } from '../../server/src/semantics/program.ts';
import { show } from '../../server/src/semantics/types.ts';
import { parse } from '../../server/src/syntax/parser.ts';

const main = '/work/main.lifeline';
const beside = '/work/core.lifeline';

function resolve(text: string, library: string, params: Record<string, ParamValue> = {}): Program {
  const { file, errors } = parse(text);
  const read = (path: string): string | null => (path === beside ? library : null);
  return analyse(main, file, text, librariesIn(read), prelude, params, { errors });
}

function returned(program: Program, name: string): string {
  const found = program.functions.find((f) => f.name === name);
  assert.ok(found, `a function ${name}`);
  return show(found.returns);
}

function said(program: Program): string[] {
  return [...program.diagnostics].flatMap(([path, found]) => found.map((d) => `${path}: ${d.message}`));
}

const uses = `scenario s
use misc, "./core.lifeline"
module m { fn f() { return value() } }
`;

test('programs that use the same libraries share what these mean', () => {
  const program = resolve('scenario s\nuse misc', '');
  const other = resolve('scenario t\nuse misc\nmodule m { fn f() { return 1 } }', '');
  const named = (p: Program): unknown => p.functions.find((f) => f.name === 'misc_register');
  assert.ok(named(program));
  assert.equal(named(program), named(other));
  assert.equal(program.units[1], other.units[1]);
  assert.deepEqual(other.functions[0].name, 'f');
});

test('a file that is used, and has changed, is resolved anew', () => {
  assert.equal(returned(resolve(uses, 'library core\nfn value() { return 1 }'), 'f'), 'int');
  assert.equal(returned(resolve(uses, 'library core\nfn value() { return true }'), 'f'), 'bool');
  assert.deepEqual(said(resolve(uses, 'library core\nfn other() { }')), [`${main}: nothing here is called \`value\``]);
  assert.equal(returned(resolve(uses, 'library core\nfn value() { return 1 }'), 'f'), 'int');
});

test('what is wrong with a library is said in every program that uses it', () => {
  const wrong = 'library core\nfn value() { return 1 + null }';
  const expected = [`${beside}: \`+\` wants a number, found \`null\``];
  assert.deepEqual(said(resolve(uses, wrong)), expected);
  assert.deepEqual(said(resolve(uses, wrong)), expected);
});

test('a variable of a library whose type a file says is of that type in this file only', () => {
  const library = 'library core\nlet kept = null\nfn value() { return 1 }';
  const typeOfKept = (text: string): string =>
    show(resolve(text, library).variables.find((v) => v.name === 'kept')?.type ?? { kind: 'void' });
  assert.equal(typeOfKept(`${uses}module n {\n  struct a { x: int }\n  fn g() { kept = new a }\n}`), 'ref a');
  assert.equal(typeOfKept(`${uses}module n {\n  struct b { x: int }\n  fn g() { kept = new b }\n}`), 'ref b');
  assert.equal(typeOfKept(uses), 'any');
});

test('a library that is being edited is used by the others as it stands in the editor', () => {
  const text = 'library vfs\n/// Not what ships.\nfn only_here() { }';
  const { file, errors } = parse(text);
  const program = analyse(
    'lifeline:/library/vfs.lifeline',
    file,
    text,
    librariesIn(() => null),
    prelude,
    {},
    { errors },
  );
  assert.equal(program.units.filter((u) => u.file.header?.name.text === 'vfs').length, 1);
  assert.deepEqual(
    program.functions.filter((f) => f.unit === program.units[0]).map((f) => f.name),
    ['only_here'],
  );
});

test('a param decides what a file declares above its libraries, and nothing below', () => {
  const text = `scenario s
use "./core.lifeline"
param wide in bool
if wide { module late { fn f() { return 1 } } }
module m { fn g() { return 1 } }
`;
  const modules = (wide: boolean): string[] =>
    resolve(text, 'library core\nmodule below { fn h() { return 1 } }', { wide: { kind: 'bool', value: wide } }).modules.map((m) => m.name);
  assert.deepEqual(modules(false), ['m', 'below']);
  // Behind those that stand outside of any `if`, in whichever file.
  assert.deepEqual(modules(true), ['m', 'below', 'late']);
});

test('more sets of libraries than are kept', () => {
  const libraries = Array.from({ length: 12 }, (_, i) => `library core\nfn value() { return ${i % 2 === 0 ? '1' : 'true'} }`);
  for (const round of [1, 2])
    libraries.forEach((library, i) => {
      assert.equal(returned(resolve(uses, library), 'f'), i % 2 === 0 ? 'int' : 'bool', `library ${i} in round ${round}`);
    });
});
