// The page of the trace panel: what its content security policy lets in, and that it holds no code or style of its own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { pageHtml } from '../../client/webview/page.ts';

const html = pageHtml({ nonce: 'n0', cspSource: 'https://x.test', scriptUri: 'https://x.test/boot.js', styleUri: 'https://x.test/style.css' });

suite('trace page', () => {
  test('nothing is allowed but the extension’s own files', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const rules = new Map(policy.split('; ').map((r) => [r.split(' ')[0], r.split(' ').slice(1).join(' ')]));
    assert.equal(rules.get('default-src'), "'none'");
    assert.equal(rules.get('script-src'), "'nonce-n0'");
    assert.equal(rules.get('style-src'), 'https://x.test');
    assert.doesNotMatch(policy, /unsafe/);
  });

  test('no inline code, no inline style', () => {
    assert.doesNotMatch(html, /style=|<style|\son\w+=/);
    assert.deepEqual([...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)].map((m) => [/nonce="n0"/.test(m[1]), m[2]]), [[true, '']]);
  });

  test('an address cannot leave its attribute', () => {
    assert.doesNotMatch(pageHtml({ nonce: 'n', cspSource: 'x', scriptUri: 'a"><script>1</script>', styleUri: 'b' }), /<script>1/);
  });

  test('colours come from the theme: each literal one is the fallback of a variable', () => {
    const css = readFileSync('client/webview/style.css', 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const literals = css.replace(/var\(--vscode-[\w-]+,\s*(#[0-9a-f]+|rgba\([^)]*\))\)/g, '').match(/#[0-9a-f]{3,8}\b|rgba?\(/g) ?? [];
    assert.deepEqual(literals, []);
  });
});
