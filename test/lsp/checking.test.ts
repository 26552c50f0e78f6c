// The life cycle of a check as an editor sees it: when files are explored, and which results may be shown.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { DiagnosticSeverity, DiagnosticTag, type CodeLens, type Hover, type Position } from 'vscode-languageserver-protocol/node';
import { methods } from '../../server/src/lsp/protocol.ts';
import { editor } from './editor.ts';
import { text, unexpected, uri } from './nakedMisc.ts';

const isKind = (kind: string) => (d: { readonly code?: unknown }) => d.code === kind;

suite('checking in an editor', () => {
  test('a file that is opened is explored, and is green when it expects what it does', async () => {
    const e = await editor();
    e.open(uri, text);
    const done = await e.status(uri, (s) => s.state === 'done');
    assert.equal(done.outcome, 'green', done.summary);
    assert.ok(done.states > 0);
    assert.deepEqual(
      e.statuses.map((s) => s.state).filter((s, i, all) => s !== all[i - 1]),
      ['queued', 'running', 'done'],
    );
    await e.close();
  });

  test('a violation that nobody expects is an error on its statement, with the way there', async () => {
    const e = await editor();
    e.open(uri, unexpected);
    const all = await e.diagnostics(uri, (d) => d.some(isKind('use-after-free')));
    const found = all.find(isKind('use-after-free'));
    assert.ok(found);
    assert.equal(found.severity, DiagnosticSeverity.Error);
    assert.equal(found.source, 'lifeline');
    assert.equal(found.codeDescription?.href, 'lifeline:/verdict/use-after-free.md');
    // The touch itself, or the call that it is an argument of.
    const { start, end } = found.range;
    assert.deepEqual([start.line, end.line], [e.at(uri, 'readl(').position.line, e.at(uri, 'readl(').position.line]);
    assert.match(e.text(uri).split('\n')[start.line].slice(start.character, end.character).trim(), /^(t\.bar|readl\(t\.bar, 0x9400\))$/);
    const lines = (found.relatedInformation ?? []).map((r) => e.text(uri).split('\n')[r.location.range.start.line].trim());
    assert.ok(lines.includes('free t'), `the way there does not name the free: ${lines.join(' / ')}`);
    await e.close();
  });

  test('what a finding takes for granted about time stands with it, and under the pointer', async () => {
    const e = await editor();
    const torn = readFileSync('scenarios/timer/torn_read.lifeline', 'utf8');
    e.open(uri, torn);
    const found = (await e.diagnostics(uri, (d) => d.some(isKind('torn-read')))).find(isKind('torn-read'));
    assert.ok(found);
    const last = found.relatedInformation?.at(-1);
    assert.match(last?.message ?? '', /^assumed of time: a register access takes 1 ns.*scheduled out/);
    assert.deepEqual(last?.location, { uri, range: found.range });
    const hover = (position: Position) => e.request<Hover | null>('textDocument/hover', { textDocument: { uri }, position });
    assert.ok(JSON.stringify((await hover(found.range.start))?.contents).includes(last?.message ?? 'nothing'));
    assert.ok(!JSON.stringify((await hover(e.at(uri, 'pci_iomap').position))?.contents).includes('assumed of time'));
    await e.close();
  });

  test('what a result takes for granted about time stands where the file says what time is like, also where nothing is found', async () => {
    const e = await editor();
    e.open(uri, 'scenario quiet\ntime { clock = 7ns; preempt = none }\nfn go() { let now = ktime_get() }\nprocess p { go() }\n');
    await e.status(uri, (s) => s.state === 'done');
    for (const word of ['quiet', 'time {']) {
      const shown = await e.request<Hover | null>('textDocument/hover', { textDocument: { uri }, position: e.at(uri, word).position });
      assert.match(JSON.stringify(shown?.contents), /assumed of time: .*takes 7 ns.*nobody is scheduled out/);
    }
    await e.close();
  });

  test('an expected violation is information', async () => {
    const e = await editor();
    e.open(uri, text);
    const all = await e.diagnostics(uri, (d) => d.some(isKind('use-after-free')));
    assert.equal(all.find(isKind('use-after-free'))?.severity, DiagnosticSeverity.Information);
    assert.ok(!all.some((d) => d.severity === DiagnosticSeverity.Error));
    await e.close();
  });

  test('an edit greys what was found, and moves it along', async () => {
    const e = await editor();
    e.open(uri, unexpected);
    await e.diagnostics(uri, (d) => d.some(isKind('use-after-free')));
    e.edit(uri, 'use driver_core', '\n\nuse driver_core');
    const all = await e.diagnostics(uri, (d) => d.some(isKind('use-after-free')));
    const old = all.find(isKind('use-after-free'));
    assert.deepEqual(old?.tags, [DiagnosticTag.Unnecessary]);
    assert.notEqual(old?.severity, DiagnosticSeverity.Error);
    assert.match(String(old?.message), /^out of date/);
    assert.equal(old?.range.start.line, e.at(uri, 'readl(').position.line);
    const status = await e.status(uri, () => true);
    assert.equal(status.state, 'stale');
    assert.equal(status.outcome, null);
    await e.close();
  });

  test('undoing an edit brings the result back without running again', async () => {
    const e = await editor();
    e.open(uri, text);
    await e.status(uri, (s) => s.state === 'done');
    e.edit(uri, 'free t\n', 'free t // gone\n');
    await e.status(uri, (s) => s.state === 'stale');
    const before = e.statuses.length;
    e.edit(uri, ' // gone', '');
    const again = await e.status(uri, (s) => s.state === 'done');
    assert.equal(again.outcome, 'green');
    assert.ok(!e.statuses.slice(before).some((s) => s.state === 'running'), 'it ran again');
    await e.close();
  });

  test('saving explores the new text', async () => {
    const e = await editor();
    e.open(uri, text);
    await e.status(uri, (s) => s.outcome === 'green');
    e.edit(uri, 'expect use-after-free in timer_fops.ioctl\n', '');
    await e.status(uri, (s) => s.state === 'stale');
    e.save(uri);
    const done = await e.status(uri, (s) => s.state === 'done');
    assert.equal(done.outcome, 'red');
    await e.close();
  });

  test('a file with errors is not explored, and says so', async () => {
    const e = await editor();
    e.open(uri, text.replace('iounmap(t.bar)', 'iounmapp(t.bar)'));
    const done = await e.status(uri, (s) => s.state === 'done');
    assert.equal(done.outcome, 'errors');
    assert.ok(!e.statuses.some((s) => s.state === 'running'));
    const all = await e.diagnostics(uri, (d) => d.length > 0);
    assert.deepEqual(
      all.map((d) => d.code),
      ['unknown-name'],
    );
    assert.match(String(all[0].message), /iounmap\b/);
    await e.close();
  });

  test('mending the last error of a file does not show an older result as current', async () => {
    const e = await editor();
    e.open(uri, text);
    await e.status(uri, (s) => s.outcome === 'green');
    e.edit(uri, 'iounmap(t.bar)', 'iounmapp(t.bar)');
    await e.status(uri, (s) => s.outcome === 'errors');
    e.edit(uri, 'iounmapp(t.bar)', 'iounmap(t.bar) ');
    assert.equal((await e.status(uri, () => true)).state, 'stale');
    await e.close();
  });

  test('what is wrong only when the file is made ready to be explored is shown all the same', async () => {
    const e = await editor();
    e.open(
      uri,
      'scenario s\n\nstruct a { n: int }\nfn h(m: ref a) { m.n = 1; return 1 }\nfn g() {\n  let m = new a\n  wait until h(m)\n}\nprocess app { g() }\n',
    );
    const all = await e.diagnostics(uri, (d) => d.length > 0);
    assert.deepEqual(
      all.map((d) => d.code),
      ['not-one-step'],
    );
    assert.deepEqual(all[0].range.start, e.at(uri, 'h(m)\n').position);
    assert.equal((await e.status(uri, (s) => s.state === 'done')).outcome, 'errors');
    await e.close();
  });

  test('an exploration that dies of a defect is told, and shown as no result', async () => {
    const e = await editor({ threadDiesOf: 'out of luck' });
    e.open(uri, text);
    const status = await e.status(uri, (s) => /internal error/.test(s.summary));
    assert.deepEqual([status.state, status.outcome], ['stale', null]);
    assert.match(e.logged.join('\n'), /internal error while exploring .*: out of luck/);
    await e.close();
  });

  test('a pause in typing is enough to know what saving will ask, but nothing is shown before', async () => {
    const e = await editor();
    e.open(uri, text);
    await e.status(uri, (s) => s.state === 'done');
    e.edit(uri, 'expect use-after-free in timer_fops.ioctl\n', '');
    await e.explored(uri);
    assert.ok(!(await e.diagnostics(uri, () => true)).some((d) => isKind('use-after-free')(d) && d.severity === DiagnosticSeverity.Error));
    assert.equal(e.statuses.at(-1)?.state, 'stale');
    const { length } = e.statuses;
    e.save(uri);
    assert.equal((await e.status(uri, (s) => s.state === 'done')).outcome, 'red');
    await e.diagnostics(uri, (d) => d.some((one) => isKind('use-after-free')(one) && one.severity === DiagnosticSeverity.Error));
    assert.deepEqual(
      e.statuses.slice(length).map((s) => s.state),
      ['done'],
    );
    assert.equal(e.begun.filter((t) => t === e.text(uri)).length, 1, 'it was explored once more');
    await e.close();
  });

  test('saving while it is explored ahead waits for that exploration, and sees it run', async () => {
    const e = await editor();
    const large = text.replace('process app ', 'process app x3 ');
    e.open(uri, text);
    await e.status(uri, (s) => s.state === 'done');
    e.edit(uri, 'process app ', 'process app x3 ');
    while (!e.begun.includes(large)) await new Promise((resolve) => setTimeout(resolve, 5));
    e.save(uri);
    await e.status(uri, (s) => s.state === 'running' && s.states > 0);
    e.save(uri);
    await e.request('textDocument/foldingRange', { textDocument: { uri } });
    assert.equal(e.begun.filter((t) => t === large).length, 1, 'it began from the beginning');
    // The next keystroke ends it.
    e.edit(uri, 'process app x3 ', 'process app ');
    assert.equal((await e.status(uri, (s) => s.state === 'done')).outcome, 'green');
    await e.close();
  });

  test('what is explored ahead makes way for what somebody waits for', async () => {
    const e = await editor();
    const other = 'file:///scenarios/other.lifeline';
    e.open(uri, text);
    e.open(other, text);
    await e.status(other, (s) => s.state === 'done');
    e.edit(uri, 'process app ', 'process app x3 ');
    while (!e.begun.includes(e.text(uri))) await new Promise((resolve) => setTimeout(resolve, 5));
    e.edit(other, 'expect use-after-free in timer_fops.ioctl\n', '');
    e.save(other);
    assert.equal((await e.status(other, (s) => s.state === 'done')).outcome, 'red');
    assert.equal(e.statuses.findLast((s) => s.uri === uri)?.state, 'stale');
    await e.close();
  });

  test('a text with errors, and one whose settings forbid it, is not explored ahead', async () => {
    const settings = { on: 'save', ahead: false };
    for (const [options, to] of [
      [{}, 'process app !'],
      [{ settings }, 'process  app '],
    ] as const) {
      const e = await editor(options);
      e.open(uri, text);
      await e.status(uri, (s) => s.state === 'done');
      e.edit(uri, 'process app ', to);
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.deepEqual(new Set(e.begun), new Set([text]));
      await e.close();
    }
  });

  test('manual: nothing runs until it is asked for', async () => {
    const e = await editor({ settings: { on: 'manual' } });
    e.open(uri, text);
    await e.status(uri, (s) => s.state === 'stale');
    e.save(uri);
    await e.request('textDocument/foldingRange', { textDocument: { uri } });
    assert.ok(!e.statuses.some((s) => s.state !== 'stale'));
    await e.request(methods.check, { uri });
    assert.equal((await e.status(uri, (s) => s.state === 'done')).outcome, 'green');
    await e.close();
  });

  test('type: a pause in typing is enough', async () => {
    const e = await editor({ settings: { on: 'type' } });
    e.open(uri, text);
    await e.status(uri, (s) => s.state === 'done');
    e.edit(uri, 'expect use-after-free in timer_fops.ioctl\n', '');
    assert.equal((await e.status(uri, (s) => s.state === 'done')).outcome, 'red');
    await e.close();
  });

  test('closing a file takes its squiggles away; opening it again finds them', async () => {
    const e = await editor();
    e.open(uri, unexpected);
    await e.diagnostics(uri, (d) => d.some(isKind('use-after-free')));
    await e.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await e.diagnostics(uri, (d) => d.length === 0);
    const before = e.statuses.length;
    e.open(uri, unexpected);
    await e.diagnostics(uri, (d) => d.some(isKind('use-after-free')));
    assert.ok(!e.statuses.slice(before).some((s) => s.state === 'running'), 'it ran again');
    await e.close();
  });

  test('a limit makes a result incomplete, never green', async () => {
    const e = await editor({ settings: { on: 'save', maxStates: 20 } });
    e.open(uri, text);
    const done = await e.status(uri, (s) => s.state === 'done');
    assert.notEqual(done.outcome, 'green');
    assert.match(done.summary, /state limit/);
    await e.close();
  });

  test('an editor without our extension is offered nothing that it cannot do', async () => {
    const e = await editor({ foreign: true });
    e.open(uri, unexpected);
    const all = await e.diagnostics(uri, (d) => d.some(isKind('use-after-free')));
    assert.equal(all.find(isKind('use-after-free'))?.codeDescription, undefined);
    const lenses = await e.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    assert.ok(lenses.length > 0);
    assert.deepEqual(
      lenses.filter((l) => l.command?.command !== ''),
      [],
    );
    await e.close();
  });

  test('lenses stand above the scenario and its expects', async () => {
    const e = await editor();
    e.open(uri, text);
    await e.status(uri, (s) => s.state === 'done');
    const lenses = await e.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    const on = (where: string) =>
      lenses.filter((l) => l.range.start.line === e.at(uri, where).position.line).map((l) => l.command?.title ?? '');
    assert.match(on('scenario naked_misc')[0], /^green \([\d,]+ states, /);
    assert.match(on('expect use-after-free')[0], /^met, \d+ steps$/);
    assert.deepEqual(on('expect use-after-free').slice(1), ['Show trace', 'Copy for mail']);
    assert.deepEqual(on('expect no unbind-blocked'), ['met']);
    assert.match(on('claim "an open FD')[0], /^holds/);
    await e.close();
  });
});
