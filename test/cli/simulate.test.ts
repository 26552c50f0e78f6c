// `lifeline simulate`: a run that a seed decides, which can only show what a check finds too.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { text } from '../lsp/nakedMisc.ts';
import { lifeline } from './machine.ts';

const file = 'naked_misc.lifeline';
const files = { [file]: text };

suite('lifeline simulate', () => {
  test('prints one run, with the seed that makes it again', async () => {
    const { status, out, err } = await lifeline(['simulate', file, '--steps', '12'], files);
    assert.deepEqual([status, err], [0, '']);
    assert.match(out, /^ 1 {2}(app|admin|unplug gpu) /m);
    assert.match(out, /^no violation: 12 steps, and it could go on$/m);
    const seed = /seed (\d+)/.exec(out)?.[1] ?? '';
    assert.equal((await lifeline(['simulate', file, '--steps', '12', '--seed', seed], files)).out, out);
  });

  test('what random runs meet is what the check finds, and they meet some of it', async () => {
    const { runs } = JSON.parse((await lifeline(['check', file, '--format', 'json'], files)).out).files[0];
    const possible = new Set(runs[0].violations.map((v: { kind: string }) => v.kind));
    const met = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const { out } = await lifeline(['simulate', file, '--seed', String(seed), '--steps', '400'], files);
      const [, end] = /^([a-z -]+): .*\n(?:on the way|\(one run)/m.exec(out) ?? [];
      if (end !== 'no violation') met.add(end);
      for (const [, kind] of out.matchAll(/^on the way, step \d+: ([a-z-]+):/gm)) met.add(kind);
    }
    assert.deepEqual([...met].filter((kind) => !possible.has(kind)), []);
    assert.ok(met.has('use-after-free'), [...met].join());
  });

  test('a run after which nobody goes on, and somebody is inside a call, is a deadlock', async () => {
    const crossed = `scenario crossed "two locks"
module m { let a: mutex; let b: mutex }
fn ab() { with mutex_lock(m.a) { with mutex_lock(m.b) { } } }
fn ba() { with mutex_lock(m.b) { with mutex_lock(m.a) { } } }
process one { ab() }
process two { ba() }
`;
    const ends = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const { out } = await lifeline(['simulate', file, '--seed', String(seed)], { [file]: crossed });
      ends.add(/^(deadlock|no violation): after \d+ steps (.*)$/m.exec(out)?.slice(1).join(': ') ?? out);
    }
    assert.deepEqual([...ends].sort(), ['deadlock: nobody can take one any more, and one, two never return', 'no violation: nobody can take one any more']);
  });

  test('a design space wants to know which combination', async () => {
    const spaces = { [file]: text.replace('module nova {', 'param fence in {none, srcu}\n\nmodule nova {') };
    const { status, err } = await lifeline(['simulate', file], spaces);
    assert.equal(status, 2);
    assert.match(err, /2 combinations of parameters: choose one with --param fence=/);
    assert.equal((await lifeline(['simulate', file, '--param', 'fence=srcu', '--steps', '3'], spaces)).status, 0);
  });

  test('a file with errors is not run', async () => {
    const { status, out, err } = await lifeline(['simulate', file], { [file]: text.replace('iounmap(t.bar)', 'iounmapp(t.bar)') });
    assert.deepEqual([status, out], [2, '']);
    assert.match(err, /did you mean `iounmap`/);
  });
});
