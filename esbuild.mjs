// Bundles everything: what ships to dist/, tests and benchmarks to out/. `--watch` keeps going, `--dev` leaves names readable.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.dirname(fileURLToPath(import.meta.url));
const dev = process.argv.includes('--dev') || process.argv.includes('--watch');

const common = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  loader: { '.lifeline': 'text', '.md': 'text' },
};
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'], minify: !dev, keepNames: false };
const web = {
  ...common,
  platform: 'browser',
  target: 'es2022',
  external: ['vscode'],
  define: { global: 'globalThis' },
  mainFields: ['browser', 'module', 'main'],
  minify: !dev,
};
// Tests are ES modules for node:test; some dependencies are CommonJS and ask for `require`.
const tool = {
  ...common,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  outExtension: { '.js': '.mjs' },
  banner: { js: "import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);" },
};

/** For the suites inside VS Code, which may have no file system: `scenarios:seed` is every seed scenario's text by name. */
const seedScenarios = {
  name: 'seed scenarios',
  setup(build) {
    build.onResolve({ filter: /^scenarios:seed$/ }, () => ({ path: 'seed', namespace: 'scenarios' }));
    build.onLoad({ filter: /.*/, namespace: 'scenarios' }, () => {
      const texts = files('scenarios/seed', (f) => f.endsWith('.lifeline')).map((f) => [path.basename(f), readFileSync(path.join(root, f), 'utf8')]);
      return { contents: JSON.stringify(Object.fromEntries(texts)), loader: 'json' };
    });
  },
};

/** The bundles of the product, the tests and the benchmarks, as esbuild options. */
function bundles() {
  return [
    { ...node, entryPoints: { lsp: 'server/bin/lsp.ts', checkWorker: 'server/bin/checkWorker.ts' }, outdir: 'dist' },
    { ...node, entryPoints: { cliMain: 'server/bin/cli.ts' }, outdir: 'dist' },
    { ...node, entryPoints: { cli: 'server/bin/cliStart.ts' }, outdir: 'dist', banner: { js: '#!/usr/bin/env node' } },
    { ...node, entryPoints: { keepCompiled: 'server/bin/keepCompiled.ts' }, outdir: 'out/build' },
    { ...node, entryPoints: { extension: 'client/src/extension.ts' }, outdir: 'dist' },
    { ...web, format: 'cjs', entryPoints: { extension: 'client/src/extensionBrowser.ts' }, outdir: 'dist/web' },
    { ...web, format: 'iife', entryPoints: { lsp: 'server/bin/lspBrowser.ts', checkWorker: 'server/bin/checkWorkerBrowser.ts' }, outdir: 'dist/web' },
    { ...web, format: 'iife', entryPoints: files('client/webview', (f) => /^(boot\w*\.ts|[\w-]+\.css)$/.test(f)), outdir: 'dist/webview' },
    unit(files('test', (f) => f.endsWith('.test.ts') && !f.startsWith('vscode/')), 'out/test/unit.mjs'),
    { ...tool, entryPoints: files('bench', (f) => /^\w+\.ts$/.test(f)), outdir: 'out/bench' },
    { ...tool, entryPoints: files('test', (f) => /^(spin|soak)\/\w+\.slow\.ts$/.test(f)), outdir: 'out/slow', outbase: 'test' },
    { ...node, minify: false, external: ['vscode', 'mocha'], plugins: [seedScenarios], entryPoints: { index: 'test/vscode/host/index.ts' }, outdir: 'out/test/vscode' },
    { ...web, minify: false, format: 'cjs', plugins: [seedScenarios], entryPoints: { index: 'test/vscode/host/indexBrowser.ts' }, outdir: 'out/test/vscode-web' },
  ].filter((b) => b.stdin !== undefined || Object.keys(b.entryPoints).length > 0);
}

/** One module that imports every given test file: node:test runs it in one process. */
export function unit(testFiles, outfile) {
  const { outExtension, ...rest } = tool;
  const contents = [...testFiles].sort().map((f) => `import './${f}';`).join('\n');
  return { ...rest, stdin: { contents, resolveDir: root, sourcefile: 'tests.js' }, outfile };
}

/** Files under a folder whose path inside it satisfies `wanted`, as paths from the root. */
export function files(folder, wanted, inside = '') {
  const at = path.join(root, folder, inside);
  if (!existsSync(at)) return [];
  return readdirSync(at)
    .sort()
    .flatMap((name) => {
      const rel = inside === '' ? name : `${inside}/${name}`;
      if (statSync(path.join(at, name)).isDirectory()) return name === 'node_modules' ? [] : files(folder, wanted, rel);
      return wanted(rel) ? [`${folder}/${rel}`] : [];
    });
}

/** Removes what an earlier build left; only after a build, so that nobody finds an empty folder meanwhile. */
function sweep(folder, written) {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const at = path.join(folder, name);
    if (statSync(at).isDirectory()) sweep(at, written);
    else if (!written.has(path.relative(root, at))) rmSync(at);
  }
}

/** Runs the command on scenarios that between them use most of it, and keeps what Node has compiled by then (server/bin/compiled.ts). */
function keepCompiled() {
  const scenarios = ['timer/alarms_all_due', 'seed/naked_misc', 'seed/s7_async'].map((name) => `scenarios/${name}.lifeline`);
  spawnSync(process.execPath, ['out/build/keepCompiled.js', 'dist/cliMain.js', 'check', ...scenarios], { cwd: root, stdio: 'ignore' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--watch')) {
    for (const options of bundles()) await (await esbuild.context({ ...options, logLevel: 'info' })).watch();
  } else {
    // One broken bundle does not keep the others from being written; esbuild has said what is wrong.
    const built = await Promise.allSettled(bundles().map((options) => esbuild.build({ ...options, metafile: true })));
    if (built.some((b) => b.status === 'rejected')) process.exit(1);
    const written = new Set(built.flatMap((b) => Object.keys(b.value.metafile.outputs)));
    for (const folder of ['dist', 'out/build', 'out/test', 'out/bench', 'out/slow']) sweep(path.join(root, folder), written);
    chmodSync(path.join(root, 'dist/cli.js'), 0o755);
    keepCompiled();
  }
}
