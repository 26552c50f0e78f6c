// Completion, as an editor asks for it: the cursor stands at `$0`.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { CompletionItem } from 'vscode-languageserver-protocol/node';
import { editor } from '../editor.ts';
import { text, uri } from '../nakedMisc.ts';

async function offered(from: string, to: string): Promise<readonly CompletionItem[]> {
  const marked = text.replace(from, () => to);
  assert.ok(marked.includes('$0'), 'there is no cursor');
  const e = await editor({ settings: { on: 'manual' } });
  const at = marked.indexOf('$0');
  e.open(uri, marked.replace('$0', ''));
  const before = marked.slice(0, at).split('\n');
  const position = { line: before.length - 1, character: before[before.length - 1].length };
  const items = await e.request<CompletionItem[]>('textDocument/completion', { textDocument: { uri }, position });
  assert.deepEqual(e.logged, []);
  await e.close();
  return items;
}

const labels = async (from: string, to: string) => (await offered(from, to)).map((i) => i.label);
const has = (all: readonly string[], ...wanted: string[]) =>
  assert.deepEqual(
    wanted.filter((w) => !all.includes(w)),
    [],
    `missing in ${all.join(' ')}`,
  );
const hasNot = (all: readonly string[], ...unwanted: string[]) =>
  assert.deepEqual(
    unwanted.filter((w) => all.includes(w)),
    [],
  );

suite('completion', () => {
  test('declarations at the top level', async () => {
    const all = await labels('\nhardware ', '\n$0\nhardware ');
    has(all, 'module', 'process', 'expect', 'claim', 'param');
    hasNot(all, 'let t', 'return', 'probe', 'init');
  });
  test('declarations in a module', async () => {
    const all = await labels('  init {', '  $0\n  init {');
    has(all, 'struct', 'ops', 'driver', 'fn', 'init', 'exit');
    hasNot(all, 'process', 'claim', 'return');
  });
  test('callbacks that a table lacks, with their bodies', async () => {
    const items = await offered('    remove(dev) {', '    $0\n    remov(dev) {');
    const remove = items.find((i) => i.label === 'remove');
    assert.match(remove?.insertText ?? '', /^remove\(\$\{1:\w+\}\) \{/);
    hasNot(
      items.map((i) => i.label),
      'probe',
      'return',
    );
  });
  test('statements, locals and primitives in a function', async () => {
    const all = await labels('      free t', '      $0\n      free t');
    has(all, 'return', 'free', 't', 'dev', 'iounmap', 'misc_deregister', 'timer_fops');
    hasNot(all, 'process', 'app', 'gpu', 'fork', 'unplug');
  });
  test('only what a process can call in a process', async () => {
    const all = await labels('unbind(gpu);', '$0; unbind(gpu);');
    has(all, 'unbind', 'rmmod', 'open', 'fork', 'gpu', 'nova');
    hasNot(all, 'readl', 'mutex_lock');
  });
  test('only events in hardware', async () => {
    const all = await labels('unplug(gpu) }', '$0unplug(gpu) }');
    has(all, 'unplug', 'gpu');
    hasNot(all, 'readl', 'while', 'unbind');
  });
  test('settings, and what they can be', async () => {
    const inside = (body: string): Promise<string[]> => labels('\nhardware ', `\nptimer of gpu {\n  grain = 2\n  ${body}\n}\nhardware `);
    const all = await inside('$0');
    has(all, 'counter', 'alarm');
    hasNot(all, 'grain', 'readl', 'while');
    has(await inside('alarm = $0'), 'edge', 'level');
    assert.deepEqual((await labels('\nhardware ', '\ntime { preempt = 4us $0 }\nhardware ')).includes('each'), true);
    hasNot(await labels('\nhardware ', '\ntime { mmio = 4us $0 }\nhardware '), 'each');
  });
  test('citations and expectations in a claim', async () =>
    assert.deepEqual((await labels('  expect unload-refused', '  $0\n  expect unload-refused')).sort(), ['cite', 'expect']));
  test('fields behind a dot', async () => assert.deepEqual(await labels('readl(t.bar', 'readl(t.$0'), ['misc', 'bar']));
  test('fields behind a dot, half written', async () => assert.deepEqual(await labels('readl(t.bar', 'readl(t.b$0'), ['misc', 'bar']));
  test('fields behind a dot that ends the line', async () =>
    assert.deepEqual(await labels('      iounmap(t.bar)', '      t.$0'), ['misc', 'bar']));
  test('members of a module', async () =>
    has(await labels('binds nova.timer_driver', 'binds nova.timer_driver\n\nprocess x { rmmod(nova.$0) }'), 'timer_driver', 'timer_fops'));
  test('verdicts after expect', async () => {
    const items = await offered('expect no unbind-blocked', 'expect use-after-un$0');
    const all = items.map((i) => i.label);
    has(all, 'use-after-unload', 'use-after-free', 'deadlock', 'no');
    hasNot(all, 'module', 'app');
    const kind = items.find((i) => i.label === 'use-after-unload');
    assert.ok(kind?.textEdit && 'range' in kind.textEdit, 'the whole word is replaced');
    assert.equal(kind.textEdit.range.end.character - kind.textEdit.range.start.character, 'use-after-un'.length);
  });
  test('verdicts after expect no', async () => hasNot(await labels('expect no unbind-blocked', 'expect no $0'), 'no'));
  test('clauses after a verdict', async () =>
    assert.deepEqual((await labels('expect no unbind-blocked', 'expect use-after-free in timer_fops.ioctl $0')).sort(), [
      'by',
      'of',
      'when',
    ]));
  test('functions after in', async () =>
    has(await labels('expect no unbind-blocked', 'expect use-after-free in $0'), 'timer_fops.ioctl', 'timer_driver.remove'));
  test('structs, modules and devices after of', async () =>
    has(await labels('expect no unbind-blocked', 'expect leak of $0'), 'timer_dev', 'nova', 'gpu'));
  test('processes after by', async () => assert.deepEqual(await labels('expect no unbind-blocked', 'expect leak by $0'), ['app', 'admin']));
  test('libraries after use', async () => has(await labels('use driver_core, pci, misc', 'use driver_core, $0'), 'misc', 'pci', 'vfs'));
  test('drivers after binds', async () => has(await labels('binds nova.timer_driver', 'binds $0'), 'nova.timer_driver'));
  test('types of fields', async () => {
    const all = await labels('bar:  mmio', 'bar:  $0');
    has(all, 'mmio', 'mutex', 'miscdevice', 'u32', 'ref');
    hasNot(all, 'return', 'iounmap');
  });
  test('types after new', async () => has(await labels('new timer_dev', 'new $0'), 'timer_dev'));
  test('mails that the file cites, after cite', async () =>
    has(await labels('expect no unbind-blocked', 'cite <$0'), '20250227142349.GD39591@nvidia.com'));
  test('nothing in a comment', async () => assert.deepEqual(await labels('      free t', '      // fr$0'), []));
  test('nothing in a string', async () => assert.deepEqual(await labels('"/dev/timer"', '"/dev/$0"'), []));
});
