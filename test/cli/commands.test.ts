// The other commands of `lifeline`, and what a wrong call is told.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { prelude } from '../../server/src/analysis.ts';
import { text } from '../lsp/nakedMisc.ts';
import { referenceExplore } from '../../server/src/checker/reference.ts';
import { lifeline } from './machine.ts';

const file = 'naked_misc.lifeline';
const files = { [file]: text };

suite('lifeline trace', () => {
  test('the gravest violation is the one to look at, and printed first', async () => {
    const both = 'scenario s\nstruct item { n: int }\nfn deep(n: int) -> int { return deep(n) }\nfn wrong() { let x = new item; free x; x.n = 1 }\nprocess a { deep(1) }\nprocess b { wrong() }\n';
    const checked = (await lifeline(['check', 's.lifeline'], { 's.lifeline': both })).out;
    assert.ok(checked.indexOf('error: use-after-free') >= 0 && checked.indexOf('error: use-after-free') < checked.indexOf('information: bound-reached'), checked);
    assert.match((await lifeline(['trace', 's.lifeline'], { 's.lifeline': both })).out, /use-after-free/);
    assert.match((await lifeline(['trace', 's.lifeline', '--violation', '1'], { 's.lifeline': both })).out, /bound-reached/);
  });
  test('prints the first violation as a list of steps', async () => {
    const { status, out } = await lifeline(['trace', file], files);
    assert.equal(status, 0);
    assert.match(out, /open\("\/dev\/timer"\)/);
  });
  test('of a livelock it says where the loop is, which none of the steps shows', async () => {
    const poll = 'scenario s\nlet ready: atomic\nfn poll() {\n  atomic_inc(ready)\n  loop {\n    if atomic_read(ready) == 2 { break }\n  }\n}\nprocess a { poll() }\n';
    const { out } = await lifeline(['trace', 's.lifeline'], { 's.lifeline': poll });
    assert.match(out, /\nlivelock: a can go round in poll for ever\nThe loop: s\.lifeline:5\n/);
    assert.ok(!(await lifeline(['trace', file], files)).out.includes('The loop:'));
  });
  test('mail: a table of the width asked for', async () => {
    for (const width of [72, 60]) {
      const { out } = await lifeline(['trace', file, '--violation', '2', '--as', 'mail', '--width', String(width)], files);
      assert.ok(out.split('\n').length > 5);
      assert.deepEqual(
        out.split('\n').filter((l) => l.length > width),
        [],
      );
    }
  });
  test('json can be replayed: initial state and steps', async () => {
    const { out } = await lifeline(['trace', file, '--as', 'json'], files);
    const trace = JSON.parse(out);
    assert.deepEqual(Object.keys(trace), ['version', 'file', 'params', 'initial', 'steps']);
    assert.equal(trace.steps.at(-1).index, trace.steps.length - 1);
  });
  test('every other form begins as it should', async () => {
    const begin = async (form: string) => (await lifeline(['trace', file, '--as', form], files)).out.trimStart();
    assert.match(await begin('mermaid'), /^sequenceDiagram/);
    assert.match(await begin('plantuml'), /^@startuml/);
    assert.match(await begin('svg'), /^<svg /);
    assert.equal(JSON.parse(await begin('itf'))['#meta'].format, 'ITF');
  });
  test('a violation that is not there is told with how many there are', async () => {
    const { status, err } = await lifeline(['trace', file, '--violation', '99'], files);
    assert.equal(status, 2);
    assert.match(err, /there are only \d+ violations/);
  });
});

suite('lifeline format', () => {
  const messy = 'scenario   s\nprocess app {   }\n';
  test('--check names what differs, changes nothing, and ends with 1', async () => {
    const ran = await lifeline(['format', '.', '--check'], { ...files, 'messy.lifeline': messy });
    assert.deepEqual([ran.status, ran.out, ran.files['messy.lifeline']], [1, 'messy.lifeline\n', messy]);
  });
  test('writes the files that differ, and is content afterwards', async () => {
    const ran = await lifeline(['format', '.'], { ...files, 'messy.lifeline': messy });
    assert.equal(ran.status, 0);
    assert.notEqual(ran.files['messy.lifeline'], messy);
    assert.equal(ran.files[file], text);
    assert.equal((await lifeline(['format', '.', '--check'], ran.files)).status, 0);
  });
});

suite('lifeline explain', () => {
  test('every primitive, and every function and struct of a library, has the text that hover has', async () => {
    assert.match((await lifeline(['explain', 'mutex_lock'], {})).out, /^# mutex_lock\n\n```lifeline\nfn mutex_lock\(lock: ref mutex\)\n```\n\n[\s\S]*\*\*Models:\*\*/);
    assert.match((await lifeline(['explain', 'misc_register'], {})).out, /^# misc_register\n\n```lifeline\nfn misc_register\(m: ref miscdevice, [\s\S]*open\(\) finds the device[\s\S]*\*\*Library:\*\* `misc`/);
    for (const name of ['INIT_DELAYED_WORK', 'miscdevice', 'hrtimer', 'ENODEV', 'preempt', 'DEBUG_SHIRQ', 'misc_mtx', 'undo', 'watchdog_register_device', 'timer_fops']) {
      const { status } = await lifeline(['explain', name], {});
      assert.equal(status, name === 'timer_fops' ? 2 : 0, name);
    }
    assert.match((await lifeline(['explain', 'misc_regster'], {})).err, /did you mean misc_register\?/);
  });
  test('nothing is left out', async () => {
    for (const { name } of [...prelude.functions, ...prelude.types]) assert.equal((await lifeline(['explain', name], {})).status, 0, name);
  });
  test('prints the page of a verdict', async () =>
    assert.match((await lifeline(['explain', 'use-after-unload'], {})).out, /^# use-after-unload\n[\s\S]*text/));
  test('prints what a diagnostic means', async () =>
    assert.match((await lifeline(['explain', 'unknown-name'], {})).out, /^# unknown-name\n/));
  test('a library says what it models and what it has', async () =>
    assert.match((await lifeline(['explain', 'misc'], {})).out, /^# misc\n\nA library\. Misc devices[\s\S]*`misc_register`, `misc_deregister`/));
  test('a name of the kernel is told as it is written here', async () => {
    assert.match((await lifeline(['explain', 'kzalloc'], {})).out, /^# kzalloc\n\n`kzalloc` is not known here: `new T`/);
    assert.match((await lifeline(['explain', 'list_head'], {})).out, /^# list_head\n\nThe type `list_head` is written `list T` here\.\n/);
  });
  test('without a name says what it knows', async () =>
    assert.match((await lifeline(['explain'], {})).err, /wants a primitive, a function of a library, a diagnostic, or a verdict: use-after-free, /));
  test('proposes what was meant', async () => {
    const { status, err } = await lifeline(['explain', 'use-after-fre'], {});
    assert.deepEqual(
      [status, err],
      [2, 'lifeline: there is no verdict, diagnostic, primitive or function of a library use-after-fre, did you mean use-after-free?\n'],
    );
  });
});

suite('lifeline export', () => {
  // SPIN has no integers above 31 bits: a scenario that reads a register is refused, with the reason.
  const small = { 's.lifeline': 'scenario s\n\nprocess app {\n  let b = false\n  loop { b = !b }\n}\n' };

  test('writes a Promela model with its source lines', async () => {
    const { status, out, err } = await lifeline(['export', 's.lifeline', '--to', 'promela'], small);
    assert.equal(status, 0, err);
    assert.match(out, /s\.lifeline:5/);
    assert.match(out, /proctype/);
  });
  test('what 32 bits do not hold is C in the model, and races are a process', async () => {
    const { out } = await lifeline(['export', 's.lifeline', '--to', 'promela'], {
      's.lifeline': 'scenario s\nlet w: u64\nfn less() { w = w - 1 }\nfn seven() { w = 7 }\nprocess a { less() }\nprocess b { seven() }\n',
    });
    assert.match(out, /c_state "long w" "Global" "0"/);
    assert.match(out, /-> c_code \{ now\.w = 7L; \}/);
    assert.match(out, /#ifdef RACES\nactive proctype races\(\)[^}]*a@at_1 && b@at_1/);
  });
  test('a model without what its variables never let happen', async () => {
    const { out } = await lifeline(['export', 's.lifeline', '--to', 'promela'], {
      's.lifeline': 'scenario s\nlet n: 0..3\nfn up() { if n < 3 { n = n + 1 } }\nfn lose() { assert n < 4 }\nprocess a { up(); lose() }\n',
    });
    assert.match(out, /\bbyte n = 0;/);
    assert.doesNotMatch(out, /violates\(assertion\)/);
  });
  test('a step that looks at what it has written itself is a function of C, and no longer than its statements', async () => {
    const { out } = await lifeline(['export', 's.lifeline', '--to', 'promela'], {
      's.lifeline':
        'scenario s\ntime { clock = 1ns; preempt = any }\nfn look() { let a = ktime_get(); let b = ktime_get(); assert b < a + 20 }\nprocess a { look() }\nprocess b { look() }\n',
    });
    assert.match(out, /c_code \{ static int way_1\(State now\) \{ .*now\.leap = .* return 1; \} \}/);
    assert.match(out, /d_step \{ \(c_expr \{ \(way_1\)\(now\) \}\) -> /);
    assert.ok(out.length < 50_000, `${out.length} characters`);
  });
  test('the system as JSON gives the same states when it is read back', async () => {
    const { out } = await lifeline(['export', file, '--to', 'ir'], files);
    const { version, initials, system } = JSON.parse(out);
    assert.equal(version, 1);
    assert.equal(system.agents[0].locations[0].stack[0].at.file, file);
    const checked = JSON.parse((await lifeline(['check', file, '--format', 'json', '--no-reduction'], files)).out);
    assert.equal(referenceExplore(system, initials, 20_000).states.length, checked.files[0].runs[0].stats.states);
  });
  test('-o writes a file', async () => {
    const ran = await lifeline(['export', 's.lifeline', '--to', 'promela', '-o', 'model.pml'], small);
    assert.deepEqual([ran.status, ran.out], [0, '']);
    assert.match(ran.files['model.pml'], /proctype/);
  });
  test('one combination at a time', async () => {
    const { status, err } = await lifeline(['export', 's.lifeline', '--to', 'promela'], {
      's.lifeline': 'scenario s\nparam n in {one, two}\nprocess app { }\n',
    });
    assert.deepEqual([status, err], [2, 'lifeline: s.lifeline has 2 combinations of parameters: choose one with --param n=...\n']);
  });
  test('says which forms there are', async () => {
    const { status, err } = await lifeline(['export', file, '--to', 'c'], files);
    assert.deepEqual([status, err], [2, 'lifeline: --to wants one of promela, ir, not `c`\n']);
  });
});

suite('lifeline timer', () => {
  test('an empty list of vectors is as expected', async () =>
    assert.equal((await lifeline(['timer', 'v.vectors.json'], { 'v.vectors.json': '{"version": 1, "vectors": []}' })).status, 0));
  test('bad input ends with 2 and says where', async () => {
    const { status, err } = await lifeline(['timer', 'v.vectors.json'], { 'v.vectors.json': '{"version": 1, "vectors": [{}]}' });
    assert.equal(status, 2);
    assert.match(err, /^v\.vectors\.json: \$\.vectors\[0\]/);
  });
});

suite('a wrong call', () => {
  const told = async (...args: string[]) => {
    const { status, out, err } = await lifeline(args, files);
    assert.equal(out, '');
    assert.equal(status, 2);
    return err;
  };
  test('without a command prints the usage', async () => assert.match(await told(), /lifeline check PATH/));
  test('an unknown command', async () => assert.match(await told('chek'), /no command `chek`, did you mean `check`\?/));
  test('an unknown option', async () =>
    assert.equal(await told('check', file, '--max-sates', '3'), 'lifeline: there is no option --max-sates, did you mean --max-states?\n'));
  test('an option without its value', async () =>
    assert.equal(await told('check', file, '--format'), 'lifeline: --format wants one of text, json, sarif, junit\n'));
  test('a value that is none', async () =>
    assert.equal(
      await told('check', file, '--max-states', 'many'),
      'lifeline: --max-states wants a whole number of at least 1, not `many`\n',
    ));
  test('a file that is not there', async () =>
    assert.equal(await told('check', 'gone.lifeline'), 'lifeline: there is no file gone.lifeline\n'));
  test('standard input', async () => {
    for (const command of ['check', 'format', 'trace', 'timer']) assert.equal(await told(command, '-'), 'lifeline: standard input is not read: name a file\n', command);
  });
  test('a folder without scenarios', async () =>
    assert.match((await lifeline(['check', 'empty'], { 'empty/x.txt': '' })).err, /no scenario/));
  test('commands that are not there yet say so', async () => {
    for (const name of ['mail', 'mcp'])
      assert.equal(await told(name), `lifeline: this version has no \`${name}\` command yet\n`);
  });
  test('help is no mistake', async () => assert.equal((await lifeline(['--help'], {})).status, 0));
});
