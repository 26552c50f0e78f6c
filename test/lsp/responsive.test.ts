// An editor that is used while something large is explored: questions are answered, cancelling works, no old result is shown.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { CompletionItem } from 'vscode-languageserver-protocol/node';
import { methods } from '../../server/src/lsp/protocol.ts';
import { editor } from './editor.ts';
import { text, uri } from './nakedMisc.ts';

/** Three users instead of one: more than ten million states. */
const large = text.replace('process app   {', 'process app x3 {');

suite('while a large exploration runs', () => {
  test('a burst of edits: each is answered, and only the last version gets a result', async () => {
    const e = await editor();
    e.open(uri, large);
    await e.status(uri, (s) => s.state === 'running');
    for (let i = 0; i < 12; i++) {
      e.edit(uri, 'free t', i === 11 ? 'free t // done' : `free t${' '.repeat(1 + (i % 3))}`);
      if (i % 4 === 0) e.save(uri);
      const items = await e.request<CompletionItem[]>('textDocument/completion', e.at(uri, 't.bar, 0x9400', 2));
      assert.ok(items.some((item) => item.label === 'bar'));
    }
    e.edit(uri, 'process app x3 {', 'process app {');
    e.save(uri);
    const done = await e.status(uri, (s) => s.state === 'done');
    assert.equal(done.outcome, 'green', done.summary);
    const versions = new Set(e.statuses.filter((s) => s.state === 'done').map((s) => s.version));
    assert.deepEqual([...versions], [14]);
    assert.deepEqual(e.logged, []);
    await e.close();
  });

  test('it tells how far it is, and Cancel ends it with what was found', async () => {
    const began: string[] = [];
    const e = await editor({
      onProgress: (value, token) => {
        began.push(value.kind);
        // The user looks at it for a moment first.
        if (value.kind === 'report' && /states\/s/.test(value.message ?? ''))
          void e.connection.sendNotification('window/workDoneProgress/cancel', { token });
      },
    });
    e.open(uri, large);
    const done = await e.status(uri, (s) => s.state === 'done');
    assert.equal(done.outcome, 'incomplete');
    assert.match(done.summary, /cancelled/);
    assert.ok(done.states > 0);
    await e.request(methods.currentStatus, { uri });
    assert.deepEqual([began[0], began.at(-1)], ['begin', 'end']);
    await e.close();
  });

  test('what was cancelled is explored again when it is asked for', async () => {
    const e = await editor({
      onProgress: (value, token) =>
        void (value.kind === 'begin' && e.connection.sendNotification('window/workDoneProgress/cancel', { token })),
    });
    e.open(uri, large);
    await e.status(uri, (s) => s.state === 'done' && s.outcome === 'incomplete');
    const status = await e.request<{ state: string } | null>(methods.check, { uri });
    assert.notEqual(status?.state, 'done');
    e.edit(uri, 'process app x3 {', 'process app {');
    e.save(uri);
    assert.equal((await e.status(uri, (s) => s.state === 'done')).outcome, 'green');
    await e.close();
  });

  test('an exploration that hears nothing is ended with its thread, and the next one runs', async () => {
    const e = await editor({ threadIsDeaf: true });
    e.open(uri, text);
    await e.status(uri, (s) => s.state === 'running');
    e.edit(uri, 'free t\n', 'free t // again\n');
    e.save(uri);
    assert.equal((await e.status(uri, (s) => s.state === 'done')).outcome, 'green');
    await e.close();
  });
});
