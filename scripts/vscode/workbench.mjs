// A workbench with the packed extension, opened on a copy of the sample scenarios, and the few things that one does in it.
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../install.mjs';
import { installVsix, startBrowser, startServer, withTemporaryFolder, workbenchUrl } from './host.mjs';

const startMs = 45_000; // workbench.js is 19 MB
const stepMs = 20_000;

/** Opens `file` (a path inside scenarios/) and gives the workbench to `use`. */
export function withWorkbench(built, { file, settings = {}, viewport, edit = (_workspace) => {} }, use) {
  return withTemporaryFolder(async (folder) => {
    const workspace = path.join(folder, 'scenarios');
    cpSync(path.join(root, 'scenarios'), workspace, { recursive: true });
    edit(workspace);
    const extensionsDir = path.join(folder, 'extensions');
    mkdirSync(extensionsDir);
    installVsix(built, path.join(root, 'out/lifeline.vsix'), extensionsDir, path.join(folder, 'server'));
    const server = await startServer(built, {
      dir: path.join(folder, 'server'),
      extensionsDir,
      settings: { 'editor.fontFamily': 'DejaVu Sans Mono', 'editor.minimap.enabled': false, ...settings },
    });
    const browser = await startBrowser({ viewport }).catch(async (error) => {
      await server.stop();
      throw error;
    });
    const page = await browser.context.newPage();
    try {
      page.setDefaultTimeout(stepMs);
      // Not with the payload's `openFile`: a window that is told which file to open forgets at a reload what else it had open.
      await page.goto(workbenchUrl(server.port, workspace));
      await page.locator('.explorer-viewlet .monaco-list-row').first().waitFor({ timeout: startMs });
      const doing = actions(page);
      await doing.openFile(path.basename(file));
      await page.locator('.monaco-editor .view-line').first().waitFor();
      return await use({ page, server, workspace, ...doing });
    } catch (error) {
      await pictureOfFailure(page, `${built.which}-ui`);
      throw error;
    } finally {
      await browser.stop();
      await server.stop();
    }
  });
}

/** Leaves out/failed/NAME.png. */
export async function pictureOfFailure(page, name) {
  mkdirSync(path.join(root, 'out/failed'), { recursive: true });
  await page.screenshot({ path: path.join(root, `out/failed/${name}.png`) }).catch(() => {});
}

function actions(page) {
  return {
    /** The webview's document: VS Code wraps it into two frames. */
    panel: page.frameLocator('iframe.webview.ready').frameLocator('#active-frame'),
    async command(title) {
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget input').fill(`>${title}`);
      await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
      await page.keyboard.press('Enter');
    },
    async openFile(name) {
      await page.keyboard.press('Control+P');
      await page.locator('.quick-input-widget input').fill(name);
      await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
      await page.keyboard.press('Enter');
      await page.locator('.tab.active', { hasText: name }).first().waitFor();
    },
    async goToLine(line, column = 1) {
      await page.keyboard.press('Control+G');
      await page.locator('.quick-input-widget input').fill(`:${line}:${column}`);
      await page.keyboard.press('Enter');
    },
    /** The cursor behind the last line of an open file. Keys are lost while the focus is on its way out of a panel: until it has arrived. */
    async toEndOf(name) {
      const below = page.locator('.statusbar-item', { hasText: /^Ln (?!1,)\d+, Col/ }).first();
      for (let tries = 0; tries < 20; tries++) {
        await page.locator('.tab', { hasText: name }).first().click();
        await page.keyboard.press('Control+End');
        const arrived = await below.waitFor({ timeout: 1000 }).then(
          () => true,
          () => false,
        );
        if (arrived) return;
      }
      throw new Error(`the cursor does not come to the end of ${name}`);
    },
    async save() {
      await page.keyboard.press('Control+S');
    },
    /** Text of the status bar item of Lifeline. */
    status: page.locator('.statusbar-item', { hasText: /lifeline/i }).first(),
    /** A lens that only says something is no link. */
    lens: (text) => page.locator('.codelens-decoration > *', { hasText: text }).first(),
  };
}
