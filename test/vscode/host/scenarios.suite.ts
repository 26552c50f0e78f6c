// What a user sees in the editor, asked through VS Code's own API: in the Node extension host, on the desktop, and in a browser's worker.
import seed from 'scenarios:seed';
import * as vscode from 'vscode';
import type { LifelineApi } from '../../../client/src/api.ts';
import fenced from '../../../server/library/fenced.lifeline';
import * as assert from './assert.ts';
import { codeOf, diagnostic, hoverText, lens, open, rangeOf, rewrite, until, webviewTabs } from './workspace.ts';

const nakedMisc = seed['naked_misc.lifeline'];
/** Reads the pointer in freed memory, then the register behind it. */
const statement = 'readl(t.bar, 0x9400)';
/** The same driver, with nobody saying that it is known to be wrong. */
const unexpected = nakedMisc.replace(/^expect (use-after-free|unmapped-mmio).*$/gm, '');

function memoryTouched(document: vscode.TextDocument): vscode.Range {
  const { start } = rangeOf(document, statement);
  return new vscode.Range(start.translate(0, 'readl('.length), start.translate(0, 'readl(t.bar'.length));
}

async function api(): Promise<LifelineApi> {
  const extension = vscode.extensions.getExtension<LifelineApi>('lifeline.lifeline');
  assert.ok(extension, 'the extension is not there');
  return extension.activate();
}

suite('Lifeline in VS Code', () => {
  teardown(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  test('wakes up on a scenario', async () => {
    const extension = vscode.extensions.getExtension('lifeline.lifeline');
    assert.ok(extension, 'the extension is not there');
    const document = await open('first.lifeline', nakedMisc);
    assert.equal(document.languageId, 'lifeline');
    await until('activation', () => (extension.isActive ? true : null), () => extension.isActive);
  });

  test('marks the statement that touches freed memory, when the file is saved', async () => {
    const document = await open('saved.lifeline', nakedMisc);
    await lens(document, /^green/);
    await rewrite(document, unexpected);
    await lens(document, /changed since/);
    await document.save();
    const found = await diagnostic(document, vscode.DiagnosticSeverity.Error, 'use-after-free', memoryTouched(document));
    await lens(document, /^red/);
    assert.equal(found.source, 'lifeline', 'source');
    assert.match(found.message, /freed by admin/, 'message');
    const related = (found.relatedInformation ?? []).map((r) => document.getText(new vscode.Range(r.location.range.start, r.location.range.end)));
    assert.ok(related.some((text) => text.includes('free t')), `the trace does not pass the free: ${JSON.stringify(related)}`);
    await diagnostic(document, vscode.DiagnosticSeverity.Error, 'unmapped-mmio', rangeOf(document, statement));
  });

  test('turns a repaired file green', async () => {
    const document = await open('repaired.lifeline', unexpected);
    await lens(document, /^red/);
    await rewrite(document, nakedMisc);
    await document.save();
    await lens(document, /^green/);
    const errors = vscode.languages.getDiagnostics(document.uri).filter((d) => d.severity === vscode.DiagnosticSeverity.Error);
    assert.equal(errors.map(codeOf), [], 'errors');
    await diagnostic(document, vscode.DiagnosticSeverity.Information, 'use-after-free', memoryTouched(document));
  });

  test('sees the fence that is missing in a library beside the scenario, and sees it come back', async () => {
    const fence = '    synchronize_srcu(d.srcu)\n';
    assert.ok(fenced.includes(fence), 'the library has another fence');
    const library = await open('fenced.lifeline', fenced.replace(fence, ''));
    const document = await open('fence.lifeline', seed['s7_fenced.lifeline'].replace(/^use (.*)\bfenced$/m, 'use $1"./fenced.lifeline"'));
    await lens(document, /^red/);
    const codes = () => vscode.languages.getDiagnostics(document.uri).filter((d) => d.severity === vscode.DiagnosticSeverity.Error).map(codeOf);
    await until('use-after-unload', () => (codes().includes('use-after-unload') ? true : null), codes);
    await rewrite(library, fenced);
    await library.save();
    await lens(document, /changed since/);
    const { command } = await lens(document, /^Check now/);
    assert.ok(command, 'the lens has no command');
    await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
    await lens(document, /^green/);
    await until('no error', () => (codes().length === 0 ? true : null), codes);
  });

  test('finds every seed scenario green', async () => {
    for (const [name, text] of Object.entries(seed)) {
      const document = await open(name, text);
      await lens(document, /^green/);
      const wrong = vscode.languages.getDiagnostics(document.uri).filter((d) => d.severity <= vscode.DiagnosticSeverity.Warning);
      assert.equal(wrong.map((d) => `${codeOf(d)}: ${d.message}`), [], name);
    }
  });

  test('reports a misspelt name before anybody saves', async () => {
    const document = await open('typing.lifeline', nakedMisc);
    await lens(document, /^green/);
    await rewrite(document, nakedMisc.replace('iounmap(t.bar)', 'iounmapp(t.bar)'));
    assert.ok(document.isDirty, 'the file is saved');
    const found = await diagnostic(document, vscode.DiagnosticSeverity.Error, 'unknown-name', rangeOf(document, 'iounmapp'));
    assert.match(found.message, /iounmap\b/, 'message');
  });

  test('explains a primitive on hover', async () => {
    const document = await open('hover.lifeline', nakedMisc);
    const at = rangeOf(document, 'iounmap(t.bar)').start;
    const text = await until('a hover', async () => (await hoverText(document, at)) || null, () => '');
    assert.match(text, /iounmap/, 'hover');
  });

  test('shows the trace from the lens, in a panel of its own', async () => {
    const document = await open('trace.lifeline', nakedMisc);
    const { line } = rangeOf(document, 'expect use-after-free').start;
    const met = (await lens(document, /^met, \d+ steps/, line)).command?.title ?? '';
    const steps = Number(/\d+/.exec(met)?.[0]);
    const { command } = await lens(document, /^Show trace/, line);
    assert.ok(command, 'the lens has no command');
    await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
    const tab = await until('the trace panel', () => webviewTabs()[0] ?? null, () => vscode.window.tabGroups.all.flatMap((g) => g.tabs.map((t) => t.label)));
    assert.match(tab.label, /trace|use-after-free/i, "the panel's title");
    const panel = await (await api()).panelReady();
    assert.ok(panel.drawn, 'the page has drawn nothing');
    assert.equal(panel.uri, document.uri.toString(), 'the panel shows');
    for (const lane of ['app', 'admin', 'timer_dev']) assert.ok(panel.lanes.some((l) => l.includes(lane)), `no lane for ${lane}: ${panel.lanes.join(', ')}`);
    assert.equal(panel.steps, steps, "the panel's number of steps");
  });
});
