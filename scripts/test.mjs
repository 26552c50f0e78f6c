// npm test: installs if needed, builds, checks types and lint, runs the unit tests in one process. Imports only node:.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { install, root } from './install.mjs';
import { node } from './run.mjs';

install();
node(['esbuild.mjs'], { title: 'npm run build' });
node(['scripts/check.mjs'], { title: 'npm run check' });
node(['--enable-source-maps', '--test-reporter=spec', 'out/test/unit.mjs'], { title: 'unit tests' });

const slow = [
  ['test:vscode', 'the packed extension in a real VS Code', 'scripts/testVscode.mjs'],
  ['test:spin', 'SPIN as a second opinion', 'scripts/testSpin.mjs'],
  ['test:soak', 'random scenarios by the thousand', 'scripts/testSoak.mjs'],
].filter(([, , script]) => existsSync(path.join(root, script)));
console.log(`\nLeft out, because they are slow: ${slow.map(([name, what]) => `npm run ${name} (${what})`).join(', ')}`);
