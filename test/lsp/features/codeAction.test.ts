// Quick fixes, as an editor asks for them: applied, and looked at.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Editor, editor } from '../editor.ts';
import { text, unexpected, uri } from '../nakedMisc.ts';

async function actions(
  e: Editor,
  code: string | RegExp,
): Promise<{ readonly diagnostic: Diagnostic; readonly all: readonly CodeAction[] }> {
  const wanted = (d: Diagnostic) => (typeof code === 'string' ? d.code === code : code.test(String(d.message)));
  const diagnostic = (await e.diagnostics(uri, (d) => d.some(wanted))).find(wanted);
  assert.ok(diagnostic);
  const all = await e.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: diagnostic.range,
    context: { diagnostics: [diagnostic] },
  });
  return { diagnostic, all };
}

const applied = (e: Editor, action: CodeAction | undefined) => {
  assert.ok(action, 'the action is not offered');
  const edits: TextEdit[] = action.edit?.changes?.[uri] ?? [];
  return TextDocument.applyEdits(TextDocument.create(uri, 'lifeline', 1, e.text(uri)), edits);
};

suite('quick fixes', () => {
  test('a misspelt name is replaced by the one that was meant', async () => {
    const e = await editor({ settings: { on: 'manual' } });
    e.open(uri, text.replace('iounmap(t.bar)', 'iounmapp(t.bar)'));
    const { all } = await actions(e, 'unknown-name');
    assert.equal(applied(e, all[0]), text);
    await e.close();
  });

  test('a library that is not used is added', async () => {
    const e = await editor({ settings: { on: 'manual' } });
    e.open(uri, text.replace('use driver_core, pci, misc', 'use driver_core, pci'));
    const { all } = await actions(e, /library `misc`/);
    assert.equal(
      applied(
        e,
        all.find((a) => a.title === 'Add `use misc`'),
      ),
      text,
    );
    await e.close();
  });

  test('what was found can be expected', async () => {
    const e = await editor();
    e.open(uri, unexpected);
    const { all } = await actions(e, 'use-after-free');
    const after = applied(
      e,
      all.find((a) => a.title === 'Add `expect use-after-free in timer_fops.ioctl`'),
    );
    assert.equal(after, `${unexpected}expect use-after-free in timer_fops.ioctl\n`);
    assert.ok(
      all.some((a) => a.command?.command === 'lifeline.showTrace'),
      'the trace is not offered',
    );
    await e.close();
  });

  test('an expectation that nothing meets can be removed', async () => {
    const e = await editor();
    e.open(uri, `${text}expect double-free\n`);
    const { all } = await actions(e, 'unmet-expect');
    assert.equal(
      applied(
        e,
        all.find((a) => a.title === 'Remove `expect double-free`'),
      ),
      text,
    );
    await e.close();
  });
});
