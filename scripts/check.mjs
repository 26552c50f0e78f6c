// npm run check: types in every room (each in its own world), then lint.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(import.meta.dirname, '..');
const projects = ['server', 'server/bin', 'server/bin/tsconfig.browser.json', 'client', 'client/webview', 'test', 'test/vscode'];
const wanted = process.argv.slice(2);

let failed = false;
for (const project of projects.filter((p) => wanted.length === 0 || wanted.includes(p))) {
  const config = project.endsWith('.json') ? project : `${project}/tsconfig.json`;
  failed = !run('typescript/bin/tsc', ['--noEmit', '--pretty', String(process.stdout.isTTY === true), '-p', config], nothingYet) || failed;
}
if (wanted.length === 0) failed = !run('@biomejs/biome/bin/biome', ['lint', '--diagnostic-level=warn', '--error-on-warnings', '.']) || failed;
process.exit(failed ? 1 : 0);

function run(bin, args, forgive = () => false) {
  const at = path.join(root, 'node_modules', bin);
  const { status, stdout, stderr } = spawnSync(process.execPath, [at, ...args], { cwd: root, encoding: 'utf8' });
  if (status === 0 || forgive(stdout)) return true;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  return false;
}

function nothingYet(output) {
  return output.includes('TS18003');
}
