// npm run test:vscode [-- latest|oldest] [-- host|ui|web]: the packed extension in a real VS Code, in the oldest and the newest version.
// VSCODE_EXECUTABLE=/path/to/code runs the same compiled suite in a desktop VS Code instead, VSCODE_DOWNLOAD=1 downloads one for it.
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { install, root } from './install.mjs';
import { node } from './run.mjs';

install();
const asked = process.argv.slice(2);
const wants = (word, all) => asked.includes(word) || !all.some((w) => asked.includes(w));
const versions = ['oldest', 'latest'];
const suites = ['host', 'ui', 'web'];

node(['esbuild.mjs'], { title: 'npm run build' });
if (wants('ui', suites)) node(['scripts/package.mjs'], { title: 'npm run package' });

let passed = 0;
let failed = 0;
if (process.env.VSCODE_EXECUTABLE || process.env.VSCODE_DOWNLOAD) {
  const { suiteDesktop } = await import('./vscode/desktop.mjs');
  await report('desktop: extension host', suiteDesktop());
} else {
  const { setup } = await import('./vscode/setup.mjs');
  for (const which of versions.filter((w) => wants(w, versions))) {
    const built = setup(which);
    const name = `VS Code ${built.version} (${which})`;
    if (wants('host', suites)) await report(`${name}: extension host`, (await import('./vscode/suiteA.mjs')).suiteA(built));
    if (wants('ui', suites) && existsSync(path.join(root, 'scripts/vscode/suiteB.mjs'))) {
      await report(`${name}: packed extension, user interface`, (await import('./vscode/suiteB.mjs')).suiteB(built));
    }
    if (wants('web', suites) && existsSync(path.join(root, 'scripts/vscode/suiteC.mjs'))) {
      await report(`${name}: browser build, web worker`, (await import('./vscode/suiteC.mjs')).suiteC(built));
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function report(title, running) {
  const start = Date.now();
  const results = await Promise.resolve(running).catch((error) => [{ title: 'the suite runs', ms: 0, error: error.stack ?? String(error) }]);
  console.log(`\n${title}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  for (const { title: test, ms, error } of results) {
    if (error === null) passed++;
    else failed++;
    console.log(`  ${error === null ? 'ok  ' : 'FAIL'} ${test} (${ms} ms)`);
    if (error !== null) console.log(error.replace(/^/gm, '       '));
  }
}
