// Hover, as an editor asks for it.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Hover, MarkupContent } from 'vscode-languageserver-protocol/node';
import { editor } from '../editor.ts';
import { text, uri } from '../nakedMisc.ts';

suite('hover', () => {
  const hovered = async (where: string, into = 1): Promise<string> => {
    const e = await editor({ settings: { on: 'manual' } });
    e.open(uri, text);
    const answer = await e.request<Hover | null>('textDocument/hover', e.at(uri, where, into));
    await e.close();
    return answer === null ? '' : (answer.contents as MarkupContent).value;
  };

  test('a local shows its type', async () => assert.match(await hovered('t.bar, 0', 0), /^```lifeline\nt: ref timer_dev\n```/));
  test('a field shows its struct and type', async () => assert.match(await hovered('bar, 0x9400'), /timer_dev\.bar: (ref )?mmio/));
  test('a struct shows its comment', async () =>
    assert.match(await hovered('timer_dev\n'), /struct timer_dev[\s\S]*What the driver keeps per device/));
  test('a primitive says what it models', async () => assert.match(await hovered('iounmap(t.bar)'), /fn iounmap\([\s\S]*\*\*Models:\*\*/));
  test('a function of a library shows its signature', async () =>
    assert.match(await hovered('misc_register('), /fn misc_register\(.*name: string.*\)/));
  test('a verdict shows what its page says first', async () =>
    assert.match(await hovered('use-after-free in'), /expect use-after-free[\s\S]*freed/));
  test('a keyword says what it does', async () => assert.match(await hovered('driver timer_driver'), /driver[\s\S]*callbacks/));
  test('a citation leads to the archive', async () =>
    assert.match(await hovered('<2025022', 3), /lore\.kernel\.org\/all\/20250227142349\.GD39591/));
  test('a duration says what it is in nanoseconds, and how far that goes on a PTIMER', async () => {
    const e = await editor({ settings: { on: 'manual' } });
    e.open(uri, 'scenario waits\n\nprocess app { msleep(9s) }\n');
    const answer = await e.request<Hover>('textDocument/hover', e.at(uri, '9s', 1));
    await e.close();
    assert.match((answer.contents as MarkupContent).value, /9s = 9,000,000,000 ns[\s\S]*at least 2 times/);
  });
  test('a setting says what it means, and what holds without it', async () => {
    const e = await editor({ settings: { on: 'manual' } });
    e.open(uri, 'scenario waits\n\ntime { preempt = none }\nprocess app { }\n');
    const answer = await e.request<Hover>('textDocument/hover', e.at(uri, 'preempt', 1));
    await e.close();
    assert.match((answer.contents as MarkupContent).value, /preempt = any[\s\S]*scheduled out/);
  });
  test('white space says nothing', async () => assert.equal(await hovered('\n\nuse driver_core', 1), ''));
});
