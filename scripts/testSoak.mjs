// npm run test:soak [-- --tenth]: random systems by the thousand against the reference interpreter and SPIN. Imports only node:.
import process from 'node:process';
import { install } from './install.mjs';
import { node } from './run.mjs';

install();
node(['esbuild.mjs'], { title: 'npm run build' });
const env = { LIFELINE_SHARE: process.argv.includes('--tenth') ? '0.1' : '1' };
node(['--enable-source-maps', '--test-reporter=spec', 'out/slow/soak/soak.slow.mjs'], { title: 'soak', env });
