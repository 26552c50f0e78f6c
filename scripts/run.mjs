// Runs one step of a script and stops everything when it fails. Imports only node:.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { root } from './install.mjs';

/** Runs Node on a script of the checkout; returns its exit status, or ends this process when the status is not in `fine`. */
export function node(args, { fine = [0], title = args.join(' '), env = {} } = {}) {
  const { status, signal } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
  if (status !== null && fine.includes(status)) return status;
  console.error(`\n${title}: ${signal ? `ended by ${signal}` : `exit status ${status}`}`);
  process.exit(status || 1);
}
