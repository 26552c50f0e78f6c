// Shipped libraries for editors that open only files: where definitions, references and diagnostics lead, and that the copies can be used.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Location, LocationLink } from 'vscode-languageserver-protocol/node';
import { keptIn } from '../../server/bin/files.ts';
import { libraryText } from '../../server/src/analysis.ts';
import { type Editor, editor } from './editor.ts';
import { text, uri } from './nakedMisc.ts';

const misc = 'file:///cache/misc.lifeline';
const shipped = 'lifeline:/library/misc.lifeline';

/** The library that a definition, the references and the findings of the scenario lead to. */
async function targets(e: Editor): Promise<readonly string[]> {
  e.open(uri, text.replaceAll(/^expect use-after-free.*$/gm, ''));
  const [link] = await e.request<LocationLink[]>('textDocument/definition', e.at(uri, 'misc_register('));
  const params = { ...e.at(uri, 'misc_register('), context: { includeDeclaration: true } };
  const places = (await e.request<Location[]>('textDocument/references', params)).filter((place) => place.uri !== uri);
  const found = await e.diagnostics(uri, (all) => all.some((d) => d.code === 'use-after-free'));
  const related = found.flatMap((d) => d.relatedInformation ?? []).filter(({ location }) => location.uri !== uri);
  return [link.targetUri, ...places.map((place) => place.uri), ...related.map(({ location }) => location.uri)];
}

suite('shipped libraries', () => {
  test('are files for an editor without our extension', async () => {
    const kept: Record<string, string> = {};
    const e = await editor({ foreign: true, kept });
    const all = await targets(e);
    assert.ok(all.length >= 2);
    assert.equal(all[0], misc);
    assert.deepEqual(
      all.filter((target) => kept[target] === undefined),
      [],
    );
    assert.equal(kept[misc], libraryText('misc'));
    await e.close();
  });

  test('the copy of one is a library like another: nothing is wrong in it, and it leads on', async () => {
    const kept: Record<string, string> = {};
    const e = await editor({ foreign: true, kept });
    e.open(misc, libraryText('misc') ?? '');
    await e.diagnostics(misc, (d) => d.length === 0);
    const [link] = await e.request<LocationLink[]>('textDocument/definition', e.at(misc, 'use vfs', 'use '.length));
    assert.equal(link.targetUri, 'file:///cache/vfs.lifeline');
    await e.close();
  });

  test('stay documents of ours for our extension, and where there is no disk', async () => {
    const kept: Record<string, string> = {};
    for (const options of [{ kept }, { foreign: true }]) {
      const e = await editor(options);
      assert.equal((await targets(e))[0], shipped);
      await e.close();
    }
    assert.deepEqual(kept, {});
  });

  test('a copy on disk is read-only, and is written again where it is another text', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lifeline-kept-'));
    try {
      const keep = keptIn(path.join(folder, 'a', 'b'));
      const file = fileURLToPath(keep('misc.lifeline', 'one') ?? '');
      assert.equal(readFileSync(file, 'utf8'), 'one');
      assert.equal(statSync(file).mode & 0o222, 0);
      assert.equal(fileURLToPath(keep('misc.lifeline', 'two') ?? ''), file);
      assert.equal(readFileSync(file, 'utf8'), 'two');
      writeFileSync(path.join(folder, 'full'), '');
      assert.equal(keptIn(path.join(folder, 'full'))('misc.lifeline', 'one'), null);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
