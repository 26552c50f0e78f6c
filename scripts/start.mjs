// npm start: installs if needed, builds, checks the sample scenarios in the terminal, opens an editor on them (`-- --no-editor` stops before).
// Imports only node:, because it runs before node_modules exists.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { install, root } from './install.mjs';
import { node } from './run.mjs';

const cli = 'dist/cli.js';
const first = 'scenarios/seed/naked_misc.lifeline';

install();
console.log('Building ...');
node(['esbuild.mjs'], { title: 'npm run build' });
checkSamples();
if (!process.argv.includes('--no-editor')) await openEditor();

function checkSamples() {
  const limitBytes = 64 * 1024 * 1024;
  console.log('\n$ npx lifeline check scenarios        (here only the last line of each file)');
  const all = spawnSync(process.execPath, [cli, 'check', 'scenarios'], { cwd: root, encoding: 'utf8', maxBuffer: limitBytes });
  const summary = /^(scenarios\/\S+: (green|red|incomplete|not checked)\b.*|\d+ files: .*)$/gm;
  process.stdout.write(all.status === 0 ? `${(all.stdout.match(summary) ?? []).join('\n')}\n` : all.stdout);
  process.stderr.write(all.stderr);
  if (all.status !== 0) process.exit(all.status ?? 1);
  shown('check', first);
  const wanted = number('use-after-free', 'timer_fops.ioctl');
  shown('trace', first, '--violation', String(wanted));
}

/** Runs the command line and shows what it was called with. */
function shown(...args) {
  console.log(`\n$ npx lifeline ${args.join(' ')}`);
  node([cli, ...args], { title: `lifeline ${args.join(' ')}` });
}

/** Which violation of the first scenario this is, counted from 1 as `trace --violation` does. */
function number(kind, fn) {
  const { stdout } = spawnSync(process.execPath, [cli, 'check', first, '--format', 'json'], { cwd: root, encoding: 'utf8' });
  const violations = JSON.parse(stdout).files.flatMap((f) => f.runs.flatMap((r) => r.violations));
  const index = violations.findIndex((v) => v.kind === kind && v.function === fn);
  if (index < 0) {
    console.error(`${first}: no ${kind} in ${fn} among ${violations.map((v) => `${v.kind} in ${v.function}`).join(', ') || 'no violations'}`);
    process.exit(1);
  }
  return index + 1;
}

async function openEditor() {
  const code = onPath(process.platform === 'win32' ? 'code.cmd' : 'code');
  if (code !== null) {
    console.log('\nOpening VS Code on the scenarios ...');
    const args = ['--new-window', `--extensionDevelopmentPath=${root}`, path.join(root, 'scenarios'), path.join(root, first)];
    spawnSync(code, args, { stdio: 'inherit', shell: process.platform === 'win32' });
    return;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.log(`\nNo \`code\` on the PATH. Open VS Code by hand: File > Open Folder, ${root}, then press F5.`);
    return;
  }
  await openServer();
}

/** VS Code's server from the npm registry, on a loopback address that only the printed token opens. */
async function openServer() {
  console.log('\nNo `code` on the PATH: setting up the VS Code server from the npm registry ...');
  const { setup } = await import('./vscode/setup.mjs');
  const { installVsix, startServer } = await import('./vscode/host.mjs');
  const built = setup('latest');
  node(['scripts/package.mjs'], { title: 'npm run package' });
  const dir = path.join(root, '.vscode-test/start');
  const extensionsDir = path.join(dir, 'extensions');
  mkdirSync(extensionsDir, { recursive: true });
  installVsix(built, path.join(root, 'out/lifeline.vsix'), extensionsDir, path.join(dir, 'server'));
  const token = randomBytes(16).toString('hex');
  const server = await startServer(built, { dir: path.join(dir, 'server'), extensionsDir, token });
  const open = JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${server.port}${encodeURI(path.join(root, first))}`]]);
  const folder = encodeURIComponent(path.join(root, 'scenarios'));
  const address = `http://127.0.0.1:${server.port}/?tkn=${token}&folder=${folder}&payload=${encodeURIComponent(open)}`;
  console.log(`\nVS Code ${built.version} with Lifeline is at\n\n  ${address}\n\nCtrl-C stops it.`);
  const opener = process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? onPath('xdg-open') : null;
  if (opener !== null) spawn(opener, [address], { stdio: 'ignore', detached: true }).unref();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.stop().then(() => process.exit(0)));
  await server.exited;
}

function onPath(name) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((f) => f !== '');
  return folders.map((f) => path.join(f, name)).find((f) => existsSync(f)) ?? null;
}
