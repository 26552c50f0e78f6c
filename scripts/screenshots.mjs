// npm run screenshots [-- latest|oldest]: the README's pictures, from the packed extension in a real VS Code.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { install, root } from './install.mjs';
import { node } from './run.mjs';

install();
node(['esbuild.mjs'], { title: 'npm run build' });
node(['scripts/package.mjs'], { title: 'npm run package' });
const { setup } = await import('./vscode/setup.mjs');
const { withWorkbench } = await import('./vscode/workbench.mjs');

const images = path.join(root, 'docs/images');
const settleMs = 600; // animations, and the blinking cursor's line
mkdirSync(images, { recursive: true });
const built = setup(process.argv.includes('oldest') ? 'oldest' : 'latest');
const viewport = { width: 1440, height: 900 };
for (const [name, theme] of [
  ['dark', 'Default Dark Modern'],
  ['light', 'Default Light Modern'],
]) {
  const settings = { 'workbench.colorTheme': theme, 'workbench.activityBar.location': 'hidden', 'window.commandCenter': false, 'breadcrumbs.enabled': false };
  await withWorkbench(built, { file: 'seed/naked_misc.lifeline', settings, viewport }, async (workbench) => {
    const { page, panel, lens } = workbench;
    const shot = async (what) => {
      await page.waitForTimeout(settleMs);
      await page.screenshot({ path: path.join(images, `${what}-${name}.png`) });
      console.log(`docs/images/${what}-${name}.png`);
    };
    await lens(/^green/).waitFor();
    await page.keyboard.press('Control+B');
    await workbench.goToLine(19);
    await page.locator('.squiggly-info').first().waitFor();
    await page.locator('.view-line span span', { hasText: 'readl' }).first().hover();
    await page.locator('.monaco-hover:visible', { hasText: 'use-after-free' }).first().waitFor();
    await shot('finding');
    await page.keyboard.press('Escape');
    await lens('Show trace').click();
    await panel.locator('svg.body rect.row.violation').first().waitFor({ state: 'attached' });
    await shot('trace');
  });
}
