#!/usr/bin/env node
// Takes the arguments that @vscode/test-electron gives a desktop `code`, and runs them in the VS Code server and Chromium:
// VSCODE_EXECUTABLE=scripts/vscode/codeShim.mjs npm run test:vscode tries the desktop path where there is no desktop.
import path from 'node:path';
import process from 'node:process';
import { remote, startBrowser, startServer, within, withTemporaryFolder, workbenchUrl } from './host.mjs';
import { setup } from './setup.mjs';

const options = {};
const rest = [];
for (const arg of process.argv.slice(2)) {
  const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
  if (name === undefined) rest.push(arg);
  else options[name] = value ?? true;
}
const code = await withTemporaryFolder(async (dir) => {
  const env = { LIFELINE_TEST_RESULTS: process.env.LIFELINE_TEST_RESULTS };
  const server = await startServer(setup('latest'), { dir: path.join(dir, 'server'), env, args: ['--enable-smoke-test-driver'] });
  const browser = await startBrowser();
  try {
    const page = await browser.context.newPage();
    const ended = new Promise((resolve) => void page.exposeFunction('codeAutomationExit', (status) => resolve(status)).catch(() => {}));
    await page.exposeFunction('codeAutomationLog', (type, args) => void console.log(`[${type}]`, ...args));
    const payload = ['extensionDevelopmentPath', 'extensionTestsPath'].map((name) => [name, remote(server.port, options[name])]);
    await page.goto(workbenchUrl(server.port, rest[0] ?? dir, [...payload, ['skipWelcome', 'true']]));
    return await within(120_000, 'the suite', ended);
  } finally {
    await browser.stop();
    await server.stop();
  }
});
process.exit(code);
