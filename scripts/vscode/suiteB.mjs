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

/** The panel keeps where the user is only when stepping pauses; nothing in the page shows when it has. */
const keptMs = 1500;

/** Returns one result per test. Every test but the first needs the workbench; each goes on where the one before it ended. */
export async function suiteB(built) {
  const results = [];
  const text = readFileSync(path.join(root, 'scenarios', file), 'utf8');
  const without = text.replace(/^expect (use-after-free|unmapped-mmio).*$/gm, '');
  const edit = (workspace) => writeFileSync(path.join(workspace, red), without);
  const wanted = firstViolation();
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

    await test('an unexpected verdict gets an error squiggle and a red status', async () => {
      await page.locator('.squiggly-error').first().waitFor();
      await lens(/^red/).waitFor();
      await status.filter({ hasText: 'red' }).waitFor();
    });

    await test('hovering over the statement says who took its memory away, and what the primitive is', async () => {
      await page.locator('.view-line span span', { hasText: 'readl' }).first().hover();
      const hover = page.locator('.monaco-hover:visible', { hasText: wanted.kind }).first();
      await hover.waitFor();
      assert.match(await hover.textContent(), /by admin in `timer_driver\.remove`/);
      await page.locator('.monaco-hover:visible', { hasText: 'Reads a register' }).first().waitFor();
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
      for (const lane of [wanted.agent, 'admin', 'nova', 'gpu']) assert.ok(lanes.includes(lane), `no lane for ${lane}: ${lanes}`);
      assert.ok((await panel.locator('svg.body line.lifeline').count()) >= 3, 'fewer than three lifelines');
      const last = await panel.locator('[role=option]').last().textContent();
      assert.match(last, new RegExp(`^Step \\d+ of ${wanted.steps}:`));
    });

    await test('keys step through it, and the editor follows', async () => {
      await panel.locator('[role=listbox]').focus();
      await page.keyboard.press('Home');
      await panel.locator('[role=option][aria-selected=true]', { hasText: /^Step 1 of/ }).waitFor({ state: 'attached' });
      await page.keyboard.press('End');
      await panel.locator('[role=option][aria-selected=true]', { hasText: wanted.kind }).waitFor({ state: 'attached' });
      await panel.locator('.state .wrong', { hasText: wanted.kind }).waitFor();
      await page.locator('.view-line', { hasText: 'readl(t.bar' }).first().waitFor();
    });

    await test('saving the repaired file turns it green', async () => {
      await workbench.toEndOf(path.basename(red));
      await page.keyboard.insertText('\nexpect use-after-free in timer_fops.ioctl\nexpect unmapped-mmio in timer_fops.ioctl\n');
      await status.filter({ hasText: 'stale' }).waitFor();
      await workbench.save();
      await status.filter({ hasText: 'green' }).waitFor();
      await page.keyboard.press('Control+Home');
      await lens(/^green/).waitFor();
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

    await test('a click on a step selects it, and shows its statement', async () => {
      await panel.locator('svg.body rect.row').first().click();
      await panel.locator('[role=option][aria-selected=true]', { hasText: /^Step 1 of/ }).waitFor({ state: 'attached' });
      await panel.locator('.state h2', { hasText: 'Step 1' }).waitFor();
      await panel.locator('.state pre.statement', { hasText: 'open("/dev/timer")' }).waitFor();
    });

    await test('the trace is there again after a reload of the window, at the same step', async () => {
      await page.waitForTimeout(keptMs);
      await Promise.all([page.waitForEvent('domcontentloaded'), workbench.command('Developer: Reload Window')]);
      await panel.locator('svg.body rect.row.violation').first().waitFor({ state: 'attached', timeout: 45_000 });
      await panel.locator('.state h2', { hasText: 'Step 1' }).waitFor();
    });
  });
  return results;
}

/** What the command line says about the same file: the trace that the lens of the scenario shows. */
function firstViolation() {
  const json = execFileSync(process.execPath, ['dist/cli.js', 'check', `scenarios/${file}`, '--format', 'json'], { cwd: root, encoding: 'utf8' });
  return JSON.parse(json).files[0].runs[0].violations.find((v) => v.severity !== 'information' && v.kind === 'unmapped-mmio');
}
