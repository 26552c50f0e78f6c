// The compiled suite of suite A in a desktop VS Code: VSCODE_EXECUTABLE, or the one that VSCODE_DOWNLOAD=1 allows to be downloaded.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { runTests } from '@vscode/test-electron';
import { root } from '../install.mjs';
import { withTemporaryFolder } from './host.mjs';

/** Returns one result per test, as suiteA does. */
export function suiteDesktop() {
  return withTemporaryFolder(async (folder) => {
    const workspace = path.join(folder, 'workspace');
    mkdirSync(workspace);
    const results = path.join(folder, 'results.json');
    const asRoot = process.getuid?.() === 0;
    const failure = await runTests({
      vscodeExecutablePath: process.env.VSCODE_EXECUTABLE || undefined,
      version: process.env.VSCODE_VERSION || 'stable',
      cachePath: path.join(root, '.vscode-test'),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'out/test/vscode/index.js'),
      extensionTestsEnv: { LIFELINE_TEST_RESULTS: results },
      launchArgs: [workspace, '--disable-extensions', `--user-data-dir=${path.join(folder, 'data')}`, ...(asRoot ? ['--no-sandbox'] : [])],
    }).then(
      () => null,
      (error) => error,
    );
    const list = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : [];
    if (list.length === 0 || (failure !== null && list.every((r) => r.error === null))) {
      list.push({ title: 'the suite runs to its end', ms: 0, error: String(failure?.message ?? 'no results') });
    }
    return list;
  });
}
