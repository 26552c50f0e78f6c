// Suite C: the browser build of the extension in the web worker extension host of a workbench without any server side, as on vscode.dev.
import { createReadStream, mkdirSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { root } from '../install.mjs';
import { startBrowser, within } from './host.mjs';

const limitMs = 90_000;
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.ttf': 'font/ttf',
  '.png': 'image/png',
  '.map': 'application/json',
};

/** Runs out/test/vscode-web/index.js against the extension in `extension`; returns one result per test. */
export async function suiteC(built, { extension = root } = {}) {
  // The suite has to lie inside the extension: VS Code picks the extension host that runs it by that.
  const mounts = { '/build/': built.folder, '/dev/out/test/vscode-web/': path.join(root, 'out/test/vscode-web'), '/dev/': extension };
  const server = http.createServer(serve(built, mounts));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await startBrowser();
  const said = [];
  const results = [];
  try {
    const page = await browser.context.newPage();
    if (process.env.VERBOSE) page.on('console', (m) => console.log('[page]', m.type(), m.text().slice(0, 700)));
    page.on('pageerror', (error) => void said.push(`[page error] ${error}`));
    await page.exposeFunction('codeAutomationLog', (type, args) => {
      const text = args.map(String).join(' ');
      const result = /^lifeline-test-result (.*)$/s.exec(text);
      if (result !== null) results.push(JSON.parse(result[1]));
      else said.push(`[${type}] ${text.slice(0, 600)}`);
    });
    const ended = new Promise((resolve) => void page.exposeFunction('codeAutomationExit', (code) => resolve(code)).catch(() => {}));
    await page.goto(`http://localhost:${server.address().port}/`);
    const code = await within(limitMs, 'the suite in the web worker', ended).catch(async (error) => {
      mkdirSync(path.join(root, 'out/failed'), { recursive: true });
      await page.screenshot({ path: path.join(root, `out/failed/${built.which}-web.png`) });
      said.push(error.message);
      return 3;
    });
    if (results.length === 0 || (code !== 0 && results.every((r) => r.error === null))) {
      results.push({ title: 'the suite runs to its end', ms: 0, error: `exit code ${code}\n${said.slice(-30).join('\n')}` });
    }
    return results;
  } finally {
    await browser.stop();
    server.close();
    server.closeAllConnections();
  }
}

function serve(built, mounts) {
  const workbench = workbenchWithoutServer(built);
  const product = JSON.parse(readFileSync(path.join(built.folder, 'product.json'), 'utf8'));
  return (request, response) => {
    const at = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    if (at === '/') {
      response.setHeader('content-type', 'text/html');
      response.end(index(request.headers.host, product));
      return;
    }
    if (at === '/build/out/vs/code/browser/workbench/workbench.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end(workbench);
      return;
    }
    const file = mounted(mounts, at);
    if (file === null) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  };
}

function mounted(mounts, at) {
  for (const [prefix, folder] of Object.entries(mounts)) {
    if (!at.startsWith(prefix)) continue;
    const file = path.resolve(folder, at.slice(prefix.length));
    if (file.startsWith(folder + path.sep) && statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  }
  return null;
}

// The build comes from a server product, which pins two places to its server. Both go back to what VS Code's own web build says.
function workbenchWithoutServer(built) {
  const text = readFileSync(path.join(built.folder, 'out/vs/code/browser/workbench/workbench.js'), 'utf8');
  const parts = text.split('remoteAuthority:location.host');
  if (parts.length !== 2) throw new Error('workbench.js: the remote authority is not where it was');
  let found = 0;
  const userData =
    /get userRoamingDataHome\(\)\{return \w+\((\w+)\.file\(this\.userDataPath\)\.with\(\{scheme:\w+\.vscodeRemote\}\),"User"\)\}/;
  const patched = parts.join('remoteAuthority:void 0').replace(userData, (_, uri) => {
    found++;
    return `get userRoamingDataHome(){return ${uri}.file("/User").with({scheme:"vscode-userdata"})}`;
  });
  if (found !== 1) throw new Error('workbench.js: the user data folder is not where it was');
  return patched;
}

function index(authority, product) {
  const here = (at) => ({ scheme: 'http', authority, path: at });
  const configuration = {
    folderUri: { scheme: 'tmp', path: '/ws' },
    userDataPath: '/user',
    webviewEndpoint: '/build/out/vs/workbench/contrib/webview/browser/pre',
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    isEnabledCoderGettingStarted: false,
    additionalBuiltinExtensions: ['theme-defaults', 'theme-seti'].map((e) => here(`/build/extensions/${e}`)),
    developmentOptions: { enableSmokeTestDriver: true, extensions: [here('/dev')], extensionTestsPath: here('/dev/out/test/vscode-web/index.js') },
    enableWorkspaceTrust: false,
    productConfiguration: {
      ...product,
      extensionsGallery: undefined,
      enableTelemetry: false,
      webEndpointUrlTemplate: `http://{{uuid}}.${authority}/build`,
      webviewContentExternalBaseUrlTemplate: undefined,
    },
    configurationDefaults: {
      'chat.disableAIFeatures': true,
      'workbench.startupEditor': 'none',
      'telemetry.telemetryLevel': 'off',
      'security.workspace.trust.enabled': false,
      'files.autoSave': 'off',
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
    },
  };
  const settings = JSON.stringify(configuration).replace(/&/g, '&amp;').replace(/"/g, '&quot;');
  return `<!DOCTYPE html><html><head><meta charset="utf-8">
<meta id="vscode-workbench-web-configuration" data-settings="${settings}">
<meta id="vscode-workbench-web-base-url" data-settings="/build"><meta id="vscode-workbench-auth-session" data-settings="">
<link rel="stylesheet" href="/build/out/vs/code/browser/workbench/workbench.css"></head><body aria-label=""></body>
<script>globalThis._VSCODE_FILE_ROOT = new URL('/build/out/', location).toString();</script>
<script type="module" src="/build/out/nls.messages.js"></script>
<script type="module" src="/build/out/vs/code/browser/workbench/workbench.js"></script></html>`;
}
