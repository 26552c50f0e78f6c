// The house rules that a program can check: which room may import which, and what the pure core must not name.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';

/** In order: a room imports only rooms before it. The shapes of the facade may be named in the rooms behind it. */
const rooms = [
  'base',
  'syntax',
  'semantics',
  'system',
  'primitives',
  'lowering',
  'time',
  'trace',
  'checker',
  'diagram',
  'mail',
  'check',
  'analysis.ts',
  'export',
  'lsp',
];

suite('the house', () => {
  const core = sources('server/src');
  const everything = [...core, ...sources('server/bin'), ...sources('client'), ...sources('test'), ...sources('bench')];

  test('a room imports only rooms above it', () => {
    const wrong = core.flatMap((file) => {
      const from = roomOf(file);
      return imports(file)
        .filter((i) => i.startsWith('.') && !i.endsWith('.lifeline') && !i.endsWith('.md'))
        .map((i) => roomOf(path.posix.join(path.posix.dirname(file), i)))
        .filter((to) => to !== from && !(to === 'analysis.ts' && onlyTypes(file, './analysis.ts')) && !(rooms.includes(to) && rooms.indexOf(to) < rooms.indexOf(from)))
        .map((to) => `${file} imports ${to}`);
    });
    assert.deepEqual(wrong, []);
  });

  test('every room of the core is in the list', () => {
    assert.deepEqual([...new Set(core.map(roomOf))].filter((r) => !rooms.includes(r)), []);
  });

  test('the core has no clock and no randomness', () => {
    const wrong = core.filter((file) => /\b(Date\b\s*[.(]|new Date\b|Math\.random\b|performance\.now\b)/.test(code(file)));
    assert.deepEqual(wrong, []);
  });

  test('only lsp knows LSP, only bin its platforms, only client/src knows VS Code', () => {
    const wrong = everything.flatMap((file) =>
      imports(file)
        .filter(
          (i) =>
            (i === 'vscode' && !file.startsWith('client/src/') && !file.startsWith('test/vscode/')) ||
            (/^vscode-(languageserver|jsonrpc)/.test(i) && !/^(server\/src\/lsp\/|server\/bin\/|client\/src\/|test\/|bench\/)/.test(file)) ||
            (/^vscode-languageserver.*\/(node|browser)(\.js)?$/.test(i) && !/^(server\/bin\/|test\/|bench\/)/.test(file)) ||
            (i.startsWith('node:') && /^(server\/src|client\/webview)\//.test(file)),
        )
        .map((i) => `${file} imports ${i}`),
    );
    assert.deepEqual(wrong, []);
  });

  test('no room for leftovers, no barrels', () => {
    const wrong = everything.filter((file) => /(^|\/)(utils?|common|helpers?)(\/|\.ts$)/.test(file) || code(file).replace(/^export [^;(]* from '[^']+';/gm, '').trim() === '');
    assert.deepEqual(wrong, []);
  });

  test('a file says first what it is for', () => {
    const wrong = everything.filter((file) => !/^(#!.*\n)?(\/\/|\/\*)/.test(readFileSync(file, 'utf8')));
    assert.deepEqual(wrong, []);
  });

  test('nothing writes markup from data into the page', () => {
    const wrong = sources('client/webview').filter((file) => /\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b/.test(code(file)));
    assert.deepEqual(wrong, []);
  });

  test('no skipped tests', () => {
    const wrong = sources('test').filter((file) => file !== 'test/tidy.test.ts' && /\b(test|suite|it|describe)\.(skip|only|todo)\b|\bskip: true\b/.test(code(file)));
    assert.deepEqual(wrong, []);
  });
});

function sources(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const at = `${folder}/${name}`;
      if (statSync(at).isDirectory()) return name === 'node_modules' || name === 'fixtures' ? [] : sources(at);
      return at.endsWith('.ts') && !at.endsWith('.d.ts') ? [at] : [];
    });
}

function roomOf(file: string): string {
  return path.posix.relative('server/src', file).split('/')[0];
}

function imports(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^\s*(?:import|export)\b[^'"\n;]*?(?:from\s*)?'([^']+)'|\bimport\('([^']+)'\)|^} from '([^']+)'/gm)].map(
    (m) => m[1] ?? m[2] ?? m[3],
  );
}

/** Every import of `name` in a file is erased. */
function onlyTypes(file: string, name: string): boolean {
  const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line.includes(`${name}'`));
  return lines.every((line) => line.startsWith('import type '));
}

/** The text without comments: those may name what code may not. */
function code(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
