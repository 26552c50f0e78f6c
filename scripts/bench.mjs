// npm run bench:NAME [-- --json ...]: builds, then runs bench/NAME.ts. Only the benchmark itself writes to standard output.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root } from './install.mjs';

const [name, ...args] = process.argv.slice(2);
if (!existsSync(path.join(root, `bench/${name}.ts`))) {
  console.error(`there is no bench/${name}.ts`);
  process.exit(2);
}
const built = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: ['ignore', 2, 2] });
if (built.status !== 0) process.exit(1);
const { status } = spawnSync(process.execPath, ['--enable-source-maps', `out/bench/${name}.mjs`, ...args], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
