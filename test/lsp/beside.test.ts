// Scenarios that use a file beside them: open, on disk, or readable by the client only.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { editor } from './editor.ts';

const main = 'file:///ws/main.lifeline';
const mine = 'file:///ws/mine.lifeline';
const scenario = 'scenario main\n\nuse "./mine.lifeline"\n\nprocess app { poke() }\n';
const library = 'library mine\n\nfn poke() { return 0 }\n';

suite('a file beside a scenario', () => {
  test('is read from disk', async () => {
    const e = await editor({ disk: { [mine]: library } });
    e.open(main, scenario);
    assert.equal((await e.status(main, (s) => s.state === 'done')).outcome, 'green');
    await e.close();
  });

  test('is asked of the client where there is no disk', async () => {
    const e = await editor({ remote: { [mine]: library } });
    e.open(main, scenario);
    await e.status(main, (s) => s.outcome === 'green');
    await e.diagnostics(main, (d) => d.length === 0);
    await e.close();
  });

  test('makes the scenario stale when it is edited', async () => {
    const e = await editor();
    e.open(mine, library);
    e.open(main, scenario);
    assert.equal((await e.status(main, (s) => s.state === 'done')).outcome, 'green');
    e.edit(mine, 'fn poke()', 'fn prod()');
    const all = await e.diagnostics(main, (d) => d.length > 0);
    assert.equal(all[0].code, 'unknown-name');
    await e.status(main, (s) => s.outcome !== 'green');
    await e.close();
  });

  test('is looked at again when it changes on disk', async () => {
    const disk: Record<string, string> = { [mine]: library };
    const e = await editor({ disk });
    e.open(main, scenario);
    await e.status(main, (s) => s.outcome === 'green');
    disk[mine] = library.replace('poke', 'prod');
    await e.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: mine, type: 2 }] });
    assert.equal((await e.status(main, (s) => s.outcome !== 'green' && s.state === 'done')).outcome, 'errors');
    await e.close();
  });

  test('a file that is not there is an error at its name', async () => {
    const e = await editor();
    e.open(main, scenario);
    const all = await e.diagnostics(main, (d) => d.some((x) => x.code === 'unknown-library'));
    assert.deepEqual(all[0].range.start, e.at(main, '"./mine').position);
    await e.close();
  });
});
