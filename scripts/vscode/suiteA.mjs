// Suite A: the compiled Mocha suite inside the real Node extension host of a VS Code server.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../install.mjs';
import { remote, startBrowser, startServer, within, withTemporaryFolder, workbenchUrl } from './host.mjs';

const limitMs = 120_000;

/** Runs out/test/vscode/index.js against the extension in `extension`; returns one result per test. */
export function suiteA(built, { extension = root, tests = path.join(root, 'out/test/vscode/index.js') } = {}) {
  return withTemporaryFolder(async (folder) => {
    const workspace = path.join(folder, 'workspace');
    mkdirSync(workspace);
    const results = path.join(folder, 'results.json');
    const server = await startServer(built, {
      dir: path.join(folder, 'server'),
      env: { LIFELINE_TEST_RESULTS: results },
      args: ['--enable-smoke-test-driver'], // without it a built workbench ignores the extension under development
    });
    const browser = await startBrowser().catch(async (error) => {
      await server.stop();
      throw error;
    });
    const said = [];
    try {
      const page = await browser.context.newPage();
      await page.exposeFunction('codeAutomationLog', (type, args) => void said.push(`[${type}] ${args.join(' ')}`));
      const ended = new Promise((resolve) => void page.exposeFunction('codeAutomationExit', (code) => resolve(code)).catch(() => {}));
      await page.goto(
        workbenchUrl(server.port, workspace, [
          ['extensionDevelopmentPath', remote(server.port, extension)],
          ['extensionTestsPath', remote(server.port, tests)],
          ['enableProposedApi', ''],
          ['skipWelcome', 'true'],
        ]),
      );
      const code = await within(limitMs, 'the suite in the extension host', ended).catch(async (error) => {
        mkdirSync(path.join(root, 'out/failed'), { recursive: true });
        await page.screenshot({ path: path.join(root, `out/failed/${built.which}-host.png`) });
        said.push(String(error.message));
        return 3;
      });
      const list = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : [];
      if (list.length === 0 || (code !== 0 && list.every((r) => r.error === null))) {
        list.push({ title: 'the suite runs to its end', ms: 0, error: `exit code ${code}\n${said.slice(-30).join('\n')}\n${server.log().slice(-2000)}` });
      }
      return list;
    } finally {
      await browser.stop();
      await server.stop();
    }
  });
}
