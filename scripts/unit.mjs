// node scripts/unit.mjs test/syntax lexer ... : bundles only the test files whose path contains one of the fragments, and runs them.
// `--only=PATTERN` is node:test's name pattern; everything else is in `npm test`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { files, unit } from '../esbuild.mjs';

const root = path.resolve(import.meta.dirname, '..');
const fragments = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const only = process.argv.find((a) => a.startsWith('--only='))?.slice('--only='.length);
const chosen = files('test', (f) => f.endsWith('.test.ts') && !f.startsWith('vscode/')).filter((f) => fragments.length === 0 || fragments.some((x) => f.includes(x)));
if (chosen.length === 0) {
  console.error(`no test file under test/ matches ${fragments.join(' or ')}`);
  process.exit(2);
}
const outfile = `out/unit/${fragments.join('+').replace(/[^\w+]+/g, '-') || 'all'}.mjs`;
try {
  await build(unit(chosen, outfile));
} catch {
  process.exit(1);
}
const args = ['--enable-source-maps', '--test-reporter=spec', ...(only ? [`--test-name-pattern=${only}`] : []), outfile];
process.exit(spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1);
