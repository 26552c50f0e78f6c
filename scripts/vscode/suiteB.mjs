// Suite B: the packed .vsix, installed, with its user interface driven by keys and clicks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root } from '../install.mjs';
import { pictureOfFailure, withWorkbench } from './workbench.mjs';

const file = 'seed/naked_misc.lifeline';
/** The same driver, with nobody saying that it is known to be wrong. */
const red = 'seed/naked_misc_unexpected.lifeline';

/** Returns one result per test. Every test but the first needs the workbench; each goes on where the one before it ended. */
export async function suiteB(built) {
  const results = [];
  const text = readFileSync(path.join(root, 'scenarios', file), 'utf8');
  const without = text.replace(/^expect (use-after-free|unmapped-mmio).*$/gm, '');
  const edit = (workspace) => writeFileSync(path.join(workspace, red), without);
  const wanted = violation('use-after-free', 'timer_fops.ioctl');
  await withWorkbench(built, { file: red, edit }, async (workbench) => {
    const { page, panel, lens, status } = workbench;
    const test = async (title, run) => {
      const start = Date.now();
      const error = await run().then(
        () => null,
        (e) => e.stack ?? String(e),
      );
      if (error !== null) await pictureOfFailure(page, `${built.which}-${title.replace(/\W+/g, '-')}`);
      results.push({ title, ms: Date.now() - start, error });
    };

    await test('an unexpected use-after-free gets an error squiggle and a red status', async () => {
      await page.locator('.squiggly-error').first().waitFor();
      await lens(/^red/).waitFor();
      await status.filter({ hasText: 'red' }).waitFor();
    });

    await test('hovering over the statement says who freed it', async () => {
      await page.locator('.view-line span span', { hasText: 'readl' }).first().hover();
      const hover = page.locator('.monaco-hover:visible', { hasText: 'use-after-free' }).first();
      await hover.waitFor();
      assert.match(await hover.textContent(), /freed by admin/);
      await page.keyboard.press('Escape');
    });

    await test('the Problems panel lists it with its code', async () => {
      await page.keyboard.press('Control+Shift+M');
      await page.locator('.markers-panel .monaco-list-row', { hasText: 'use-after-free' }).first().waitFor();
      await page.keyboard.press('Control+J');
    });

    await test('the lens opens the trace as a sequence diagram: lanes, steps, the violating step', async () => {
      await lens('Show trace').click();
      await panel.locator('svg.body rect.row.violation').first().waitFor({ state: 'attached' });
      const lanes = (await panel.locator('svg.head .lane-title').allTextContents()).join(', ');
      for (const lane of ['app', 'admin', 'timer_dev']) assert.ok(lanes.includes(lane), `no lane for ${lane}: ${lanes}`);
      assert.ok((await panel.locator('svg.body line.lifeline').count()) >= 3, 'fewer than three lifelines');
      const last = await panel.locator('[role=option]').last().textContent();
      assert.match(last, new RegExp(`^Step \\d+ of ${wanted.steps}:`));
    });

    await test('keys step through it, and the editor follows', async () => {
      await panel.locator('[role=listbox]').focus();
      await page.keyboard.press('Home');
      await panel.locator('[role=option][aria-selected=true]', { hasText: /^Step 1 of/ }).waitFor({ state: 'attached' });
      await page.keyboard.press('End');
      await panel.locator('[role=option][aria-selected=true]', { hasText: 'use-after-free' }).waitFor({ state: 'attached' });
      await panel.locator('.state .wrong', { hasText: 'use-after-free' }).waitFor();
      await page.locator('.view-line', { hasText: 'readl(t.bar' }).first().waitFor();
    });

    await test('saving the repaired file turns it green', async () => {
      await page.locator('.tab', { hasText: path.basename(red) }).first().click();
      await page.keyboard.press('Control+End');
      await page.keyboard.insertText('\nexpect use-after-free in timer_fops.ioctl\nexpect unmapped-mmio in timer_fops.ioctl\n');
      await lens(/changed since/).waitFor();
      await status.filter({ hasText: 'stale' }).waitFor();
      await workbench.save();
      await lens(/^green/).waitFor();
      await status.filter({ hasText: 'green' }).waitFor();
      assert.equal(await page.locator('.squiggly-error').count(), 0);
    });

    await test('the palette has the commands', async () => {
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget input').fill('>Lifeline: ');
      for (const title of ['Check This File', 'Show Trace', 'Open Example', 'Report Issue']) {
        await page.locator('.quick-input-list .monaco-list-row', { hasText: `Lifeline: ${title}` }).first().waitFor();
      }
      await page.keyboard.press('Escape');
    });
  });
  return results;
}

/** What the command line says about the same file. */
function violation(kind, fn) {
  const json = execFileSync(process.execPath, ['dist/cli.js', 'check', `scenarios/${file}`, '--format', 'json'], { cwd: root, encoding: 'utf8' });
  const all = JSON.parse(json).files.flatMap((f) => f.runs.flatMap((r) => r.violations));
  const found = all.find((v) => v.kind === kind && v.function === fn);
  assert.ok(found, `${file} has no ${kind} in ${fn}`);
  return found;
}
