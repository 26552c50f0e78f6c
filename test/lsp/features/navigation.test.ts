// Definition, references, highlights and rename, as an editor asks for them.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { DocumentHighlight, Location, LocationLink, Range, WorkspaceEdit } from 'vscode-languageserver-protocol/node';
import { methods } from '../../../server/src/lsp/protocol.ts';
import { type Editor, editor, position } from '../editor.ts';
import { text, uri } from '../nakedMisc.ts';

async function opened(): Promise<Editor> {
  const e = await editor({ settings: { on: 'manual' } });
  e.open(uri, text);
  return e;
}

const startOf = (where: string, into = 0) => position(text, text.indexOf(where) + into);

suite('navigation', () => {
  test('a struct leads to its declaration', async () => {
    const e = await opened();
    const links = await e.request<LocationLink[]>('textDocument/definition', e.at(uri, 'as timer_dev', 4));
    assert.equal(links.length, 1);
    assert.equal(links[0].targetUri, uri);
    assert.deepEqual(links[0].targetSelectionRange.start, startOf('struct timer_dev', 'struct '.length));
    await e.close();
  });

  test('a function of a library leads into the library, whose text can be read', async () => {
    const e = await opened();
    const links = await e.request<LocationLink[]>('textDocument/definition', e.at(uri, 'misc_register('));
    assert.equal(links[0].targetUri, 'lifeline:/library/misc.lifeline');
    const library = await e.request<string | null>(methods.text, { uri: links[0].targetUri });
    const { start, end } = links[0].targetSelectionRange;
    assert.equal(library?.split('\n')[start.line].slice(start.character, end.character), 'misc_register');
    await e.close();
  });

  test('hover and definition work inside an opened library', async () => {
    const e = await opened();
    const library = 'lifeline:/library/misc.lifeline';
    e.open(library, (await e.request<string | null>(methods.text, { uri: library })) ?? '');
    const links = await e.request<LocationLink[]>('textDocument/definition', e.at(library, 'fn misc_deregister(', 'fn '.length));
    assert.equal(links[0].targetUri, library);
    assert.equal(await e.request(methods.check, { uri: library }), null, 'a library is nothing to explore');
    await e.close();
  });

  test('a word of use leads to the library', async () => {
    const e = await opened();
    const links = await e.request<LocationLink[]>('textDocument/definition', e.at(uri, 'pci, misc', 0));
    assert.equal(links[0].targetUri, 'lifeline:/library/pci.lifeline');
    await e.close();
  });

  test('there is no text for a document that does not exist', async () => {
    const e = await opened();
    assert.equal(await e.request(methods.text, { uri: 'lifeline:/library/no_such.lifeline' }), null);
    assert.equal(await e.request(methods.text, { uri: 'lifeline:/verdict/no-such.md' }), null);
    await e.close();
  });

  test('the page of a verdict can be read', async () => {
    const e = await opened();
    assert.match((await e.request<string | null>(methods.text, { uri: 'lifeline:/verdict/use-after-free.md' })) ?? '', /use-after-free/);
    await e.close();
  });

  test('references of a field are its uses and, if wanted, its declaration', async () => {
    const e = await opened();
    const place = e.at(uri, 'bar:  mmio');
    const all = await e.request<Location[]>('textDocument/references', { ...place, context: { includeDeclaration: true } });
    const uses = await e.request<Location[]>('textDocument/references', { ...place, context: { includeDeclaration: false } });
    assert.equal(uses.length, text.match(/t\.bar/g)?.length);
    assert.equal(all.length, uses.length + 1);
    await e.close();
  });

  test('highlights are those of the one local, not of others of its name', async () => {
    const e = await opened();
    const marks = await e.request<DocumentHighlight[]>(
      'textDocument/documentHighlight',
      e.at(uri, 'return readl(t', 'return readl('.length),
    );
    assert.deepEqual(
      marks.map((m) => m.range.start.line),
      [startOf('let t = file.private').line, startOf('return readl').line],
    );
    await e.close();
  });

  test('renaming a struct renames it everywhere', async () => {
    const e = await opened();
    const place = e.at(uri, 'struct timer_dev', 'struct '.length);
    assert.equal((await e.request<{ placeholder: string }>('textDocument/prepareRename', place)).placeholder, 'timer_dev');
    const edit = await e.request<WorkspaceEdit>('textDocument/rename', { ...place, newName: 'clock_dev' });
    assert.equal(edit.changes?.[uri].length, text.match(/\btimer_dev\b/g)?.length);
    await e.close();
  });

  test('what is not a name, and what a library declares, is not renamed', async () => {
    const e = await opened();
    await assert.rejects(e.request('textDocument/rename', { ...e.at(uri, 'timer_dev {'), newName: '1st' }), /not a name/);
    await assert.rejects(
      e.request('textDocument/rename', { ...e.at(uri, 'misc_register('), newName: 'other' }),
      /not declared in a file of yours/,
    );
    assert.equal(await e.request<Range | null>('textDocument/prepareRename', e.at(uri, 'iounmap(')), null);
    await e.close();
  });
});
