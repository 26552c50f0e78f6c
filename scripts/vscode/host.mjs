// Starts a VS Code server from .vscode-test and a headless Chromium, and makes sure that both are gone afterwards.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';

const quiet = {
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.enabled': false,
  'files.autoSave': 'off', // in a browser it is on by default
};

/** Runs `use` with a temporary folder that is gone afterwards. */
export async function withTemporaryFolder(use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'lifeline-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Installs a .vsix into an extensions folder. */
export function installVsix(built, vsix, extensionsDir, dataDir) {
  const args = ['--accept-server-license-terms', '--server-data-dir', dataDir, '--extensions-dir', extensionsDir, '--install-extension', vsix];
  const { status, stdout, stderr } = spawnSync(built.node, [path.join(built.folder, 'out/server-main.js'), ...args], {
    encoding: 'utf8',
    env: serverEnvironment({}),
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  if (status !== 0) throw new Error(`installing ${vsix}: exit status ${status}\n${stdout}${stderr}`);
}

/** Starts the server on a free loopback port; `stop` ends its whole process group (a hung extension host outlives it otherwise). */
export async function startServer(built, { dir, env = {}, settings = {}, extensionsDir = null, token = null, args = [] }) {
  mkdirSync(path.join(dir, 'data/User'), { recursive: true });
  const userSettings = path.join(dir, 'data/User/settings.json');
  if (!existsSync(userSettings)) writeFileSync(userSettings, JSON.stringify({ ...quiet, ...settings }, null, 2));
  const child = spawn(
    built.node,
    [
      path.join(built.folder, 'out/server-main.js'),
      ...['--host', '127.0.0.1', '--port', '0', '--accept-server-license-terms', '--telemetry-level', 'off', '--server-data-dir', dir],
      ...(token === null ? ['--without-connection-token'] : ['--connection-token', token]),
      ...(extensionsDir === null ? [] : ['--extensions-dir', extensionsDir]),
      ...args,
    ],
    { env: serverEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const killGroup = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group is gone already.
    }
  };
  const killOnExit = () => killGroup('SIGKILL');
  process.once('exit', killOnExit);
  let log = '';
  const port = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the VS Code server did not start\n${log}`)), 30_000);
    const read = (data) => {
      log += data;
      const listening = /Extension host agent listening on (\d+)/.exec(log);
      if (listening === null) return;
      clearTimeout(timer);
      resolve(Number(listening[1]));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`the VS Code server ended with ${code}\n${log}`)));
  }).catch((error) => {
    killGroup('SIGKILL');
    throw error;
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  return {
    port,
    exited,
    log: () => log,
    async stop() {
      killGroup('SIGTERM');
      await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 5000))]);
      killGroup('SIGKILL');
      process.removeListener('exit', killOnExit);
    },
  };
}

function serverEnvironment(extra) {
  const env = { ...process.env };
  for (const name of Object.keys(env)) if (/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name)) delete env[name];
  return { ...env, EXTENSIONS_GALLERY: '{}', ...extra };
}

/** A headless Chromium that resolves no host but this one. */
export async function startBrowser({ viewport = { width: 1280, height: 800 } } = {}) {
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((f) => f && existsSync(f));
  if (executablePath === undefined) throw new Error('no Chromium: install the package "chromium", or say where it is in CHROMIUM=');
  // A persistent context, not an incognito one: there Chromium refuses the service worker of a cross-site webview frame.
  const profile = mkdtempSync(path.join(tmpdir(), 'lifeline-chromium-'));
  mkdirSync(path.join(profile, 'Default'), { recursive: true });
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  writeFileSync(path.join(profile, 'Default/Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1',
    ],
  });
  return {
    context,
    async stop() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The URI of a file as the workbench names it. */
export function remote(port, file) {
  return `vscode-remote://127.0.0.1:${port}${encodeURI(path.resolve(file))}`;
}

/** The address of a workbench on a folder; `payload` is VS Code's list of start options. */
export function workbenchUrl(port, folder, payload = []) {
  const query = payload.length === 0 ? '' : `&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  return `http://127.0.0.1:${port}/?folder=${encodeURIComponent(path.resolve(folder))}${query}`;
}

/** Rejects when `work` takes longer than `limitMs`. */
export async function within(limitMs, what, work) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not done after ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
