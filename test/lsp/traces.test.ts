// Our own requests: traces, their texts, the list of findings, the table of a design space.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { CodeLens } from 'vscode-languageserver-protocol/node';
import { type FindingItem, type MatrixAnswer, methods, type TraceAnswer } from '../../server/src/lsp/protocol.ts';
import { type Editor, editor } from './editor.ts';
import { text, unexpected, uri } from './nakedMisc.ts';

async function explored(content: string): Promise<Editor> {
  const e = await editor();
  e.open(uri, content);
  await e.status(uri, (s) => s.state === 'done');
  return e;
}

suite('what the panels ask for', () => {
  test('the trace of a finding, with the place of every step', async () => {
    const e = await explored(text);
    const items = await e.request<readonly FindingItem[]>(methods.findings, { uri });
    const wanted = items.find((i) => i.kind === 'use-after-free');
    assert.ok(wanted);
    assert.equal(wanted.expected, true);
    const answer = await e.request<TraceAnswer | null>(methods.trace, { uri, violation: wanted.violation });
    assert.ok(answer);
    assert.equal(answer.title, 'use-after-free in timer_fops.ioctl');
    assert.equal(answer.stale, false);
    assert.equal(answer.places.length, answer.trace.steps.length);
    const free = answer.trace.steps.findIndex((s) => s.text === 'free t');
    const { range } = answer.places[free];
    assert.equal(text.split('\n')[range.start.line].slice(range.start.character, range.end.character), 'free t');
    await e.close();
  });

  test('without a number: the first finding that nobody expects', async () => {
    const e = await explored(unexpected);
    const items = await e.request<readonly FindingItem[]>(methods.findings, { uri });
    const first = items.find((i) => !i.expected && i.kind !== 'late-callback');
    const answer = await e.request<TraceAnswer | null>(methods.trace, { uri });
    assert.equal(answer?.violation, first?.violation);
    await e.close();
  });

  test('the trace of a file that has changed since says so', async () => {
    const e = await explored(text);
    e.edit(uri, 'free t\n', 'free t //\n');
    await e.status(uri, (s) => s.state === 'stale');
    assert.equal((await e.request<TraceAnswer | null>(methods.trace, { uri }))?.stale, true);
    await e.close();
  });

  test('there is no trace of what was not found', async () => {
    const e = await explored(text);
    assert.equal(await e.request(methods.trace, { uri, violation: 99 }), null);
    assert.equal(await e.request(methods.trace, { uri: 'file:///ws/other.lifeline' }), null);
    assert.equal(await e.request(methods.traceText, { uri, violation: 99, as: 'mail' }), null);
    await e.close();
  });

  test('the text for a mail is 72 columns wide and names who freed', async () => {
    const e = await explored(unexpected);
    const mail = await e.request<string | null>(methods.traceText, { uri, as: 'mail' });
    assert.match(mail ?? '', /admin/);
    assert.deepEqual(
      (mail ?? '').split('\n').filter((line) => line.length > 72),
      [],
    );
    await e.close();
  });

  test('the table of a design space has a row for each combination', async () => {
    const e = await explored(
      'scenario s\n\nparam broken in {no, yes}\n\nprocess app {\n  if broken == yes { assert false, "broken" }\n}\n\nexpect assertion when broken == yes\n',
    );
    const { matrix } = (await e.request<MatrixAnswer | null>(methods.matrix, { uri })) as MatrixAnswer;
    assert.deepEqual(matrix.params, ['broken']);
    assert.deepEqual(matrix.columns, ['assertion']);
    assert.deepEqual(
      matrix.rows.map((r) => [r.values[0], r.cells[0].state]),
      [
        ['no', 'unreachable'],
        ['yes', 'expected'],
      ],
    );
    const lenses = await e.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    assert.ok(lenses.some((l) => l.command?.title === 'Show matrix' && l.range.start.line === 0));
    await e.close();
  });
});
