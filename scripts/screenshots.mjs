// npm run screenshots [-- latest|oldest]: the README's pictures, from the packed extension in a real VS Code.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
const file = 'seed/naked_misc.lifeline';
/** As it is before its author knows: nobody expects the use-after-free. */
const edit = (workspace) => {
  const at = path.join(workspace, file);
  writeFileSync(at, readFileSync(at, 'utf8').replace(/^expect use-after-free.*\n/m, ''));
};
const viewport = { width: 1440, height: 900 };
for (const [name, theme] of [
  ['dark', 'Default Dark Modern'],
  ['light', 'Default Light Modern'],
]) {
  const settings = { 'workbench.colorTheme': theme, 'workbench.activityBar.location': 'hidden', 'window.commandCenter': false, 'breadcrumbs.enabled': false };
  await withWorkbench(built, { file, settings: { ...settings, 'window.title': '${activeEditorShort}' }, viewport, edit }, async (workbench) => {
    const { page, panel, lens } = workbench;
    const shot = async (what) => {
      await page.waitForTimeout(settleMs);
      await page.screenshot({ path: path.join(images, `${what}-${name}.png`) });
      console.log(`docs/images/${what}-${name}.png`);
    };
    await lens(/^red/).waitFor();
    await page.keyboard.press('Control+B');
    await page.locator('.squiggly-error').first().waitFor();
    await workbench.goToLine(16, 22); // t.bar, which is read from freed memory
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    await page.locator('.monaco-hover:visible', { hasText: 'use-after-free' }).first().waitFor();
    await shot('finding');
    await page.keyboard.press('Escape');
    await lens('Show trace').click();
    await panel.locator('svg.body rect.row.violation').first().waitFor({ state: 'attached' });
    await shot('trace');
  });
}
