// npm run test:soak: thousands of random programs and systems through everything that has to agree, and every scenario damaged in every way. `-- --tenth` does
// a tenth of it. Wants Debian's spin and gcc. Imports only node:.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { install, root } from './install.mjs';
import { node } from './run.mjs';

for (const tool of ['spin', 'gcc']) {
  if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).error !== undefined) {
    console.error(`test:soak: ${tool} is not installed (Debian: apt-get install ${tool})`);
    process.exit(1);
  }
}
install();
node(['esbuild.mjs'], { title: 'npm run build' });

const env = { ...process.env, ...(process.argv.includes('--tenth') ? { LIFELINE_SHARE: '0.1' } : {}) };
const folder = path.join(root, 'out/slow/soak');
const waiting = readdirSync(folder)
  .filter((f) => f.endsWith('.slow.mjs'))
  .sort();
const failed = [];
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
if (failed.length > 0) {
  console.error(`\ntest:soak: ${failed.join(' and ')} failed`);
  process.exit(1);
}

/** Runs suites until none waits; what one says is shown when it is done. */
async function work() {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const started = Date.now();
    const child = spawn(process.execPath, ['--enable-source-maps', '--test-reporter=spec', path.join(folder, file)], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = [];
    child.stdout.on('data', (part) => said.push(part));
    child.stderr.on('data', (part) => said.push(part));
    const status = await new Promise((resolve) => child.on('close', resolve));
    process.stdout.write(`\n== ${file}, ${Math.round((Date.now() - started) / 1000)} s\n${Buffer.concat(said)}`);
    if (status !== 0) failed.push(file);
  }
}
