// npm run package: out/lifeline.vsix from the built tree, and a look at what went in.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root } from './install.mjs';
import { node } from './run.mjs';

const vsix = path.join(root, 'out/lifeline.vsix');
const maxBytes = 2 * 1024 * 1024;

if (!existsSync(path.join(root, 'dist/extension.js'))) node(['esbuild.mjs'], { title: 'npm run build' });
mkdirSync(path.dirname(vsix), { recursive: true });
const vsce = ['@vscode/vsce/vsce', 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsix];
const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'node_modules', vsce[0]), ...vsce.slice(1)], {
  cwd: root,
  encoding: 'utf8',
});
process.stdout.write(stdout);
process.stderr.write(stderr);
if (status !== 0) process.exit(status ?? 1);
const { size } = statSync(vsix);
console.log(`out/lifeline.vsix: ${(size / 1024).toFixed(0)} KiB`);
if (size > maxBytes) {
  console.error('out/lifeline.vsix: larger than 2 MiB, something went in that does not belong there');
  process.exit(1);
}
