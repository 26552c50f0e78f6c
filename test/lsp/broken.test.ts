// Half-written files: every question may be asked of any prefix of a scenario, and none of them is an internal error.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { editor, position } from './editor.ts';
import { text, uri } from './nakedMisc.ts';

const full = text
  .replace('module nova {', 'param fence in {none, srcu}\n\nmodule nova {')
  .replace('      free t', '      if fence == srcu { free t } else { free t }');

suite('a file that is being written', () => {
  test('answers every request, wherever it ends', async () => {
    const e = await editor({ settings: { on: 'manual' } });
    e.open(uri, '');
    let before = '';
    for (let end = 0; end <= full.length; end += 13) {
      const next = full.slice(0, end);
      const last = position(before, before.length);
      await e.connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: end + 2 },
        contentChanges: [{ range: { start: last, end: last }, text: next.slice(before.length) }],
      });
      before = next;
      const place = { textDocument: { uri }, position: position(next, next.length) };
      const whole = { textDocument: { uri } };
      const range = { start: { line: 0, character: 0 }, end: place.position };
      await Promise.all([
        e.request('textDocument/hover', place),
        e.request('textDocument/completion', place),
        e.request('textDocument/signatureHelp', place),
        e.request('textDocument/definition', place),
        e.request('textDocument/references', { ...place, context: { includeDeclaration: true } }),
        e.request('textDocument/documentHighlight', place),
        e.request('textDocument/prepareRename', place),
        e.request('textDocument/documentSymbol', whole),
        e.request('textDocument/formatting', { ...whole, options: { tabSize: 2, insertSpaces: true } }),
        e.request('textDocument/foldingRange', whole),
        e.request('textDocument/selectionRange', { ...whole, positions: [place.position] }),
        e.request('textDocument/documentLink', whole),
        e.request('textDocument/codeLens', whole),
        e.request('textDocument/codeAction', { ...whole, range, context: { diagnostics: [] } }),
        e.request('textDocument/inlayHint', { ...whole, range }),
        e.request('textDocument/semanticTokens/full', whole),
      ]);
    }
    assert.deepEqual(e.logged, []);
    await e.close();
  });

  test('a document that is not open has no answers, and is no error', async () => {
    const e = await editor();
    const place = { textDocument: { uri: 'file:///ws/nowhere.lifeline' }, position: { line: 3, character: 5 } };
    assert.equal(await e.request('textDocument/hover', place), null);
    assert.equal(await e.request('textDocument/completion', place), null);
    assert.deepEqual(e.logged, []);
    await e.close();
  });
});
