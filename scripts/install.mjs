// Installs the packages of the lock file when node_modules holds something else. Runs before node_modules exists: imports only node:.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

export const root = path.resolve(import.meta.dirname, '..');

/** Runs `npm ci` unless node_modules already holds what package-lock.json says. */
export function install() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    console.error(`Lifeline needs Node 20 or newer; this is ${process.version}.`);
    process.exit(2);
  }
  if (installed()) return;
  console.log('Installing the packages that package-lock.json names ...');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
}

// npm writes what it installed to node_modules/.package-lock.json, without the optional packages of other platforms.
function installed() {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf('node_modules/.package-lock.json');
  if (wanted === null || present === null) return false;
  const same = (name) => present[name]?.version === wanted[name].version && present[name]?.integrity === wanted[name].integrity;
  return (
    Object.keys(wanted).every((name) => name === '' || (wanted[name].optional && present[name] === undefined) || same(name)) &&
    Object.keys(present).every((name) => wanted[name] !== undefined)
  );
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch {
    return null;
  }
}
