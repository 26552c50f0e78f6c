// npm run test:spin [-- --tenth]: SPIN on the export of every shipped scenario (one combination of each) and of random ones. Wants Debian's spin and gcc. Imports only node:.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { install } from './install.mjs';
import { node } from './run.mjs';

for (const tool of ['spin', 'gcc']) {
  if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).error !== undefined) {
    console.error(`test:spin: ${tool} is not installed (Debian: apt-get install ${tool})`);
    process.exit(1);
  }
}
install();
node(['esbuild.mjs'], { title: 'npm run build' });
if (process.argv.includes('--tenth')) process.env['LIFELINE_TENTH'] = '1';
node(['--enable-source-maps', '--test-reporter=spec', 'out/slow/spin/spin.slow.mjs'], { title: 'SPIN' });
