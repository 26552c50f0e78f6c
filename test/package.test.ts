// What package.json promises to VS Code and npm, against what the code does.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { suite, test } from 'node:test';
import manifest from '../package.json';
import { defaults } from '../server/src/lsp/settings.ts';

suite('package.json', () => {
  test('every contributed command is registered, every registered one contributed', () => {
    const registered = clientSources()
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\b(?:command|registerCommand)\(\s*'(lifeline\.\w+)'/g)])
      .map((m) => m[1]);
    assert.deepEqual([...new Set(registered)].sort(), manifest.contributes.commands.map((c) => c.command).sort());
  });

  test("the settings' defaults are the server's", () => {
    const properties = Object.entries(manifest.contributes.configuration.properties);
    const declared = properties.filter(([name]) => name.startsWith('lifeline.check.')).map(([name, p]) => [name.slice('lifeline.check.'.length), p.default]);
    assert.deepEqual(Object.fromEntries(declared), { ...defaults });
  });

  test('everything is bundled, and pinned', () => {
    assert.equal('dependencies' in manifest, false);
    const loose = Object.entries(manifest.devDependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    assert.deepEqual(loose, []);
  });

  test('the types are those of the oldest VS Code that is supported', () => {
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
  });

  test('what a timer vector file may hold ships, and is named where an editor looks', () => {
    const [{ fileMatch, url }] = manifest.contributes.jsonValidation;
    assert.equal(fileMatch, '*.vectors.json');
    assert.equal(JSON.parse(readFileSync(url, 'utf8')).title, 'Lifeline timer vectors');
    assert.ok(manifest.files.includes('schemas/*.json'));
  });

  test('no script runs by itself', () => {
    const names = Object.keys(manifest.scripts);
    assert.deepEqual(names.filter((n) => /^(pre|post)|^(install|prepare|vscode:prepublish)$/.test(n)), []);
  });
});

function clientSources(folder = 'client/src'): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder).flatMap((name) => {
    const at = `${folder}/${name}`;
    return statSync(at).isDirectory() ? clientSources(at) : at.endsWith('.ts') ? [at] : [];
  });
}
