// node test/webview/look.mjs [OUT [TRACE.json ...]]: opens the trace viewer in a plain page in Chromium, with the traces of the golden files, drives it with keys, and
// leaves screenshots in the folder OUT, for people to look at. The page, its content security policy included, is the one of the extension.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const root = path.resolve(import.meta.dirname, '../..');
const out = path.resolve(process.argv[2] ?? path.join(root, 'out/look'));
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => existsSync(p));
if (executablePath === undefined) {
  console.error('look.mjs: there is no Chromium here');
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const bundle = async (contents, name) => {
  await build({ stdin: { contents, resolveDir: root, loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', outfile: path.join(out, name), logLevel: 'warning' });
  return import(path.join(out, name));
};
const { parseTrace, pageHtml, themes, longTrace, matrixOf } = await bundle(
  `export { parseTrace } from './test/trace/notation.ts'; export { pageHtml } from './client/webview/page.ts'; export { themes } from './test/webview/themes.ts'; export { longTrace } from './test/webview/longTrace.ts'; export { matrixOf } from './server/src/diagram/matrix.ts';`,
  'look.bundle.mjs',
);
await build({
  entryPoints: ['boot.ts', 'bootMatrix.ts', 'style.css', 'matrix.css'].map((f) => path.join(root, 'client/webview', f)),
  bundle: true,
  format: 'iife',
  target: 'es2022',
  outdir: out,
  logLevel: 'warning',
});

const golden = path.join(root, 'test/diagram/golden');
const traces = Object.fromEntries(
  readdirSync(golden)
    .filter((f) => f.endsWith('.txt'))
    .map((f) => [f.replace('.txt', ''), parseTrace(readFileSync(path.join(golden, f), 'utf8').split(/^========/m)[0])]),
);
for (const file of process.argv.slice(3)) traces[path.basename(file, '.json')] = JSON.parse(readFileSync(file, 'utf8'));
traces.long = longTrace(300);

const html = (origin, script, style) => pageHtml({ nonce: 'abc', cspSource: origin, scriptUri: `${origin}/${script}`, styleUri: `${origin}/${style}` });
const server = createServer((request, response) => {
  const name = (request.url ?? '/').slice(1);
  const origin = `http://127.0.0.1:${server.address().port}`;
  response.setHeader('content-type', { js: 'text/javascript', css: 'text/css' }[name.split('.')[1]] ?? 'text/html');
  if (['boot.js', 'bootMatrix.js', 'style.css', 'matrix.css'].includes(name)) response.end(readFileSync(path.join(out, name)));
  else response.end(name === 'matrix' ? html(origin, 'bootMatrix.js', 'matrix.css') : html(origin, 'boot.js', 'style.css'));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const problems = [];

/** A page with VS Code's side played by the test: messages are recorded, the state is kept. */
async function open(theme, size, address = '') {
  const page = await browser.newPage({ viewport: size, colorScheme: theme.includes('light') ? 'light' : 'dark' });
  page.on('console', (m) => m.type() === 'error' && problems.push(`${theme}: ${m.text()}`));
  page.on('pageerror', (e) => problems.push(`${theme}: ${e.message}`));
  await page.addInitScript(() => {
    globalThis.posted = [];
    globalThis.acquireVsCodeApi = () => ({
      postMessage: (m) => globalThis.posted.push(m),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
      setState: (s) => sessionStorage.setItem('state', JSON.stringify(s)),
    });
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/${address}`);
  const { variables, kind } = themes[theme];
  await page.evaluate(
    ([values, body]) => {
      document.body.className = body;
      for (const [name, value] of Object.entries(values)) document.documentElement.style.setProperty(name, value);
    },
    [variables, kind],
  );
  return page;
}

const show = (page, name, more = {}) =>
  page.evaluate((m) => window.postMessage(m, '*'), { type: 'show', key: name, title: name, combination: '', stale: false, trace: traces[name], step: null, ...more }).then(() => page.waitForFunction(() => document.querySelector('rect.row') !== null));
const shot = (page, name) => page.screenshot({ path: path.join(out, `${name}.png`) });

for (const theme of Object.keys(themes)) {
  const page = await open(theme, { width: 1280, height: 720 });
  for (const name of Object.keys(traces).filter((n) => n !== 'long' || theme === 'dark')) {
    await show(page, name, name === 'unload_refused' ? { combination: 'fence = srcu' } : {});
    await shot(page, `${name}-${theme}`);
  }
  await page.close();
}

const kinds = ['use-after-free', 'unmapped-mmio', 'unbind-blocked', 'unload-refused', 'leak'];
const matrix = matrixOf({
  runs: ['none', 'srcu', 'rwsem', 'wait for FDs'].flatMap((fence) =>
    ['true', 'false'].map((owner) => ({
      params: { fence, owner },
      complete: fence !== 'rwsem' || owner === 'true',
      violations: kinds.filter((_, i) => (fence.length * 7 + owner.length + i * 5) % 3 === 0).map((kind, i) => ({ kind, severity: 'error', expected: i !== 1 })),
    })),
  ),
  expects: kinds.map((k) => ({ text: k, when: null, met: true })),
  claims: [
    { text: 'an open FD pins the module, whatever happened to the device', state: 'holds' },
    { text: 'rmmod of the driver needs no close of the FD', state: 'refuted' },
  ],
});
for (const theme of ['light', 'dark']) {
  const page = await open(theme, { width: 900, height: 480 }, 'matrix');
  await page.evaluate((m) => window.postMessage(m, '*'), { type: 'matrix', title: 'fenced_nova: which design survives?', stale: false, matrix });
  await page.waitForSelector('td');
  if (theme === 'dark') await page.locator('thead button').nth(2).click();
  await shot(page, `matrix-${theme}`);
  await page.close();
}

// Keys, search, folds, narrow panel, restored state.
const page = await open('dark', { width: 1280, height: 720 });
await show(page, 'naked_misc');
await page.locator('.canvas').focus();
for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowUp');
await page.waitForTimeout(200);
await shot(page, 'stepped');
await page.keyboard.press('Home');
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
await shot(page, 'unfolded');
await page.keyboard.press('/');
await page.keyboard.type('bar');
await page.waitForTimeout(200);
await shot(page, 'search');
await page.reload();
await page.waitForFunction(() => document.querySelector('rect.row') !== null);
writeFileSync(path.join(out, 'posted.json'), JSON.stringify(await page.evaluate(() => globalThis.posted), null, 1));
// What must be so, whoever looks.
const posted = () => page.evaluate(() => globalThis.posted);
const check = (what, holds) => holds || problems.push(`not so: ${what}`);
check('after a reload the step is the one that was selected', (await posted()).find((m) => m.type === 'state')?.step === 22);
await page.locator('select.more').selectOption('save-png');
await page.waitForFunction(() => globalThis.posted.some((m) => m.type === 'save'));
check('a PNG is a PNG', (await posted()).find((m) => m.type === 'save')?.data.startsWith('iVBORw0KGgo'));
await page.locator('.canvas').focus();
await page.keyboard.press('c');
check('c copies a table for mails', (await posted()).find((m) => m.type === 'copy')?.text.startsWith(' CPU0 (app)'));
await page.keyboard.press('End');
const reveal = (await posted()).findLast((m) => m.type === 'reveal');
check('the editor is told the statement of the step', reveal?.step === 24 && reveal.span.start === traces.naked_misc.steps[24].at.span.start);
check('the selected step is the active option', (await page.locator('.canvas').getAttribute('aria-activedescendant')) === 'step-24' && (await page.locator('#step-24').getAttribute('aria-selected')) === 'true');
await page.setViewportSize({ width: 620, height: 900 });
await page.waitForTimeout(200);
await shot(page, 'narrow');
await page.setViewportSize({ width: 1280, height: 720 });
await page.evaluate(() => sessionStorage.clear());
await show(page, 'long');
await page.locator('.canvas').focus();
const took = await page.evaluate(async () => {
  const times = [];
  for (let i = 0; i < 100; i++) {
    const from = performance.now();
    document.querySelector('.canvas')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true }));
    document.body.getBoundingClientRect();
    times.push(performance.now() - from);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return times.sort((a, b) => a - b);
});
console.log(`300 steps: a step takes ${took[50].toFixed(1)} ms (median), ${took[95].toFixed(1)} ms (95 %), of script and layout`);
await shot(page, 'long-middle');
await browser.close();
server.close();
for (const p of problems) console.error(p);
process.exit(problems.length === 0 ? 0 : 1);
