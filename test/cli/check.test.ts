// `lifeline check` as scripts and people use it: what is printed where, in which form, and which status the process ends with.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { text, unexpected } from '../lsp/nakedMisc.ts';
import { lifeline } from './machine.ts';

const green = { 'scenarios/naked_misc.lifeline': text };
const red = { 'scenarios/naked_misc.lifeline': unexpected };
const broken = { 'scenarios/naked_misc.lifeline': text.replace('iounmap(t.bar)', 'iounmapp(t.bar)') };
const file = 'scenarios/naked_misc.lifeline';

suite('lifeline check', () => {
  test('a green file ends with 0 and one line that says so', async () => {
    const { status, out, err } = await lifeline(['check', file], green);
    assert.equal(status, 0);
    assert.match(out, /^scenarios\/naked_misc\.lifeline: green \([\d,]+ states, .*\)$/m);
    assert.equal(err, '');
  });

  test('a finding is printed as compilers print theirs, with its statement and the steps to it', async () => {
    const { status, out } = await lifeline(['check', file], red);
    assert.equal(status, 1);
    assert.match(out, /^scenarios\/naked_misc\.lifeline:17:\d+: error: use-after-free: `t` was freed by admin/m);
    assert.match(out, /^ {3}17 \| {7}return readl\(t\.bar, 0x9400\)$/m);
    assert.match(out, /^ +\d+ {2}admin +timer_driver\.remove: free t$/m);
    assert.match(out, /: red: 2 unexpected \(/);
    assert.ok(!out.includes('\u001b'), 'colours in a pipe');
  });

  test('a deadlock is expected from each of its members', async () => {
    const scenario = (expect: string) =>
      `scenario s\nlet a: mutex\nlet b: mutex\nfn up() { with mutex_lock(a) { with mutex_lock(b) { } } }\nfn down() { with mutex_lock(b) { with mutex_lock(a) { } } }\nprocess one { up() }\nprocess two { down() }\n${expect}\n`;
    for (const expect of ['in up by two', 'in down by one']) {
      const { status, out } = await lifeline(['check', file], { [file]: scenario(`expect deadlock ${expect}`) });
      assert.equal(status, 0, out);
    }
    const { status } = await lifeline(['check', file], { [file]: scenario('expect deadlock in up by one') });
    assert.equal(status, 1, 'nobody waits for itself there');
  });
  test('a refused rmmod comes with the line that says that it is meant', async () => {
    const pinned = `scenario pinned
use misc
module m {
  let dev: miscdevice
  ops fops: file_operations { owner = m }
  init { misc_register(dev, "m", fops)? }
  exit { misc_deregister(dev) }
}
process app   { let fd = open("/dev/m")?; close(fd) }
process admin { rmmod(m) }
`;
    const first = await lifeline(['check', file], { [file]: pinned });
    assert.equal(first.status, 1);
    const line = /^ {6}= if that is meant: `(.*)`$/m.exec(first.out)?.[1];
    assert.equal(line, 'expect unload-refused of m by app');
    const second = await lifeline(['check', file], { [file]: `${pinned}${line}\n` });
    assert.equal(second.status, 0);
    assert.doesNotMatch(second.out, /if that is meant/);
  });

  test('a limit that a counter without an end runs into is told with its name', async () => {
    const serve = (type: string): string => `scenario s\nlet total: ${type}\nlet other: 0..3\nfn serve() { with_total() }\nfn with_total() { atomic { total = (total + 1) % 7000 } }\nprocess a { loop { serve() } }\n`;
    const { status, out } = await lifeline(['check', file, '--max-states', '5000'], { [file]: serve('int') });
    assert.equal(status, 3, out);
    assert.match(out, /the state limit was reached \(`total` went from 0 to [\d,]+: a variable that is bounded, as in `0\.\.7`, has an end\)/);
    const whole = await lifeline(['check', file, '--max-states', '500000'], { [file]: serve('int') });
    assert.ok(!whole.out.includes('went from'), whole.out);
  });
  test('a limit that is met behind a whole search is told as such', async () => {
    const turn = (name: string): string => `let ${name}: 0..11\nfn turn_${name}() { atomic { ${name} = (${name} + 1) % 12 } }\nprocess p${name} { loop { turn_${name}() } }\n`;
    const text = `scenario s\n${['a', 'b', 'c'].map(turn).join('')}`;
    const { status, out } = await lifeline(['check', file, '--max-memory', '2'], { [file]: text });
    assert.equal(status, 3, out);
    assert.match(out, /: incomplete: the memory limit was reached when every state had been seen, before it was known what blocks, goes round for ever or leaks; nothing red in the part/);
    const told = async (memory: string): Promise<unknown> => {
      const { out: json } = await lifeline(['check', file, '--max-memory', memory, '--format', 'json'], { [file]: text });
      return JSON.parse(json).files[0].runs[0].behindSearch;
    };
    assert.deepEqual([await told('2'), await told('64')], [true, undefined]);
    assert.equal((await lifeline(['check', file, '--max-memory', '64'], { [file]: text })).status, 0);
    assert.ok(!(await lifeline(['check', file, '--max-states', '1000'], { [file]: text })).out.includes('every state had been seen'));
  });
  test('what is assumed of time is told, also where nothing is found', async () => {
    const { status, out } = await lifeline(['check', file], { [file]: 'scenario s\ntime { clock = 7ns; preempt = none }\nfn go() { let now = ktime_get(); assert now == 0 }\nprocess p { go() }\n' });
    assert.equal(status, 0, out);
    assert.match(out, /^assumed of time: .*a look at the CPU clock takes 7 ns.*; nobody is scheduled out, and time stands while nothing is under way$/m);
    assert.ok(!(await lifeline(['check', file], green)).out.includes('assumed of time'), 'without a clock');
  });
  test('a time-out without a unit is a warning', async () => {
    const waits = (timeout: string): string => `scenario s\ntime { }\nlet ready: bool\nfn go() {\n  wait until READ_ONCE(ready) timeout ${timeout}\n}\nprocess p { go() }\n`;
    assert.match((await lifeline(['check', file], { [file]: waits('10') })).out, /:5:39: warning: `10` without a unit is ns: `10ns`, `10ms` \[bare-timeout\]/);
    assert.ok(!(await lifeline(['check', file], { [file]: waits('10ns') })).out.includes('bare-timeout'));
  });
  test('a time that no device has is a warning, and nothing else', async () => {
    const reads = (read: string, more: string): string => `scenario s\nuse driver_core, pci, nova_timer\ndevice gpu: pci_dev\n${more}\nfn go(dev: ref pci_dev) {\n  let bar = pci_iomap(dev, 0)\n  ${read}\n  iounmap(bar)\n}\nprocess p { go(gpu) }\n`;
    const warnings = async (read: string, more: string): Promise<number> => ((await lifeline(['check', file, '--max-states', '1000'], { [file]: reads(read, more) })).out.match(/:7:\d+: warning: no device has a timer.*\[no-ptimer\]/g) ?? []).length;
    assert.equal(await warnings('readl(bar, PTIMER_TIME_0)', 'time { }'), 1);
    assert.equal(await warnings('readl(bar, 0x9410)', 'time { }'), 1);
    assert.equal(await warnings('read_hi_lo_hi(bar)', ''), 1);
    assert.equal(await warnings('readl(bar, 0x9410)', ''), 0, 'a register like any other');
    assert.equal(await warnings('readl(bar, 0x100)', 'time { }'), 0);
    assert.equal(await warnings('read_hi_lo_hi(bar)', 'ptimer of gpu { }'), 0);
    assert.equal(await warnings('read_hi_lo_hi(bar)', 'param timer in bool; if timer { ptimer of gpu { } }'), 0, 'left out on purpose in one combination');
  });
  test('what is null is the pointer, not what is embedded in what it does not lead to', async () => {
    const { out } = await lifeline(['check', file], { [file]: 'scenario s\nstruct inner { n: int }\nstruct dev { lock: mutex; in: inner }\nlet d: ref dev\nfn f() { mutex_lock(d.lock) }\nfn g() { d.in.n = 1 }\nprocess a { f() }\nprocess b { g() }\n' });
    assert.deepEqual([...out.matchAll(/:(\d+:\d+): error: (null-deref: .*)/g)].map(([, at, said]) => `${at} ${said}`), ['5:10 null-deref: `d` is null', '6:10 null-deref: `d` is null']);
  });
  test('a driver that no device binds is a warning at its name', async () => {
    const scenario = (device: string): string => `scenario s\nuse driver_core, pci\nmodule m {\n  driver d: pci_driver {\n    probe(dev) { }\n    remove(dev) { }\n  }\n  init { pci_register_driver(d) }\n}\ndevice gpu: pci_dev${device}\nprocess p { unbind(gpu) }\n`;
    const { status, out } = await lifeline(['check', file, '--quiet'], { [file]: scenario('') });
    assert.equal(status, 0, out);
    assert.match(out, /:4:10: warning: no device binds `d`: its probe never runs; `device gpu: TYPE binds m\.d` has one \[never-probed\]/);
    for (const device of [' binds m.d', ' binds m.d unbound']) assert.ok(!(await lifeline(['check', file], { [file]: scenario(device) })).out.includes('never-probed'));
    const chosen = await lifeline(['check', file], { [file]: `${scenario(' binds m.d').replace('device', 'if here { device').replace('m.d\n', 'm.d }\n').replace('process p { unbind(gpu) }', 'process p { rmmod(m) }')}param here in bool\n` });
    assert.ok(!chosen.out.includes('never-probed'), 'bound in one of two combinations');
  });
  test('an open of what nobody registers is a warning at the path', async () => {
    const scenario = (path: string): string => `scenario s\nuse misc\nmodule m {\n  let d: miscdevice\n  ops o: file_operations { owner = m }\n  init { misc_register(d, "timer", o) }\n}\nprocess p { let fd = open("${path}")?; close(fd) }\n`;
    const { status, out } = await lifeline(['check', file, '--quiet'], { [file]: scenario('/dev/timr') });
    assert.equal(status, 0, out);
    assert.match(out, /:8:27: warning: nothing registers `\/dev\/timr`, so that this open fails in every run: did you mean `\/dev\/timer`\? \[never-registered\]/);
    assert.ok(!(await lifeline(['check', file], { [file]: scenario('/dev/timer') })).out.includes('never-registered'));
  });
  test('a file that does not say what it is', async () => {
    const { status, out, err } = await lifeline(['check', file], { [file]: 'process p { foo() }\n' });
    assert.equal(status, 2);
    assert.match(out + err, /:1:1: error: a file begins with `scenario NAME "what happens in it"`, or with `library NAME` \[no-header\]/);
    assert.match(out + err, /:1:13: error: nothing here is called `foo`/);
  });
  test('an expectation that is not met is an error at its line', async () => {
    const { status, out } = await lifeline(['check', file], { [file]: `${text}expect double-free\n` });
    assert.equal(status, 1);
    assert.match(out, /^scenarios\/naked_misc\.lifeline:54:1: error: .+\n +54 \| expect double-free$/m);
  });

  test('a file with errors ends with 2 and is not explored', async () => {
    const { status, out } = await lifeline(['check', file], broken);
    assert.equal(status, 2);
    assert.match(out, /:31:7: error: nothing here is called `iounmapp`: did you mean `iounmap`\? \[unknown-name\]/);
    assert.match(out, /not checked: 1 error/);
  });

  test('errors go before red, red before incomplete', async () => {
    assert.equal((await lifeline(['check', '.'], { ...red, 'b.lifeline': broken[file] })).status, 2);
    assert.equal((await lifeline(['check', '.'], { ...red, 'b.lifeline': text })).status, 1);
  });

  test('a limit ends with 3 and never says green', async () => {
    const { status, out } = await lifeline(['check', file, '--max-states', '50'], green);
    assert.equal(status, 3);
    assert.match(out, /incomplete: the state limit was reached/);
    assert.doesNotMatch(out, /green/);
  });

  test('more threads than there can be are said, not silently fewer', async () => {
    const { status, err } = await lifeline(['check', file, '--workers', '2'], green);
    assert.equal(status, 0);
    assert.match(err, /--workers 2: there is no second processor here; going on with 1/);
    assert.equal((await lifeline(['check', file, '--workers', '1'], green)).err, '');
  });

  test('Ctrl-C prints what was found so far and ends with 3', async () => {
    const { status, out } = await lifeline(['check', file], green, { interruptAt: 1 });
    assert.equal(status, 3);
    assert.match(out, /incomplete: cancelled/);
  });

  test('a folder is searched for scenarios; libraries are not checked by themselves', async () => {
    const { status, out } = await lifeline(['check', 'scenarios'], {
      ...green,
      'scenarios/sub/core.lifeline': 'library core\n',
      'scenarios/notes.txt': '',
    });
    assert.equal(status, 0);
    assert.doesNotMatch(out, /core\.lifeline/);
  });

  test('a field that there is none of is told what is there instead', async () => {
    const habits = `scenario habits
use driver_core, pci
module m {
  fn handler(data: any) { }
  driver d: pci_driver {
    name = "nic"
    probe(dev) { request_irq(dev.irq, handler, dev)? }
  }
  init { pci_register_driver(d) }
}
device gpu: pci_dev binds m.d
`;
    const { status, out } = await lifeline(['check', file], { [file]: habits });
    assert.equal(status, 2);
    assert.match(out, /:6:5: error: `device_driver` has no `name`: `device gpu: pci_dev binds nova.timer_driver` says what a driver is for: leave it out /);
    assert.match(out, /:7:34: error: `device` has no field `irq`: the line is the device itself, as in `request_irq\(dev, handler, t\)` /);
  });

  test('a library that is named says that it is one', async () => {
    const { status, out } = await lifeline(['check', 'own.lifeline'], { 'own.lifeline': 'library own\n' });
    assert.deepEqual([status, out.split('\n')[0]], [2, 'own.lifeline:1:9: error: this is a library: check a scenario that uses it [nothing-runs]']);
  });

  test('a file beside the scenario can be used', async () => {
    const files = {
      'a/s.lifeline': 'scenario s\nuse "./mine.lifeline"\nprocess app { poke() }\n',
      'a/mine.lifeline': 'library mine\n\nfn poke() { return 0 }\n',
    };
    const { status, out } = await lifeline(['check', 'a/s.lifeline'], files);
    assert.equal(status, 0, out);
  });

  test('--quiet says nothing about a green file and keeps what is red', async () => {
    assert.equal((await lifeline(['check', file, '--quiet'], green)).out, '');
    const { out } = await lifeline(['check', file, '--quiet'], red);
    assert.match(out, /error: use-after-free/);
    assert.doesNotMatch(out, /expected:|free t$/m);
  });

  test('a terminal gets colours, and a progress line once it takes long', async () => {
    const { out, progress } = await lifeline(['check', file], green, { terminal: true, tick: 600 });
    assert.match(out, /\u001b\[32m/);
    assert.match(progress[0], /[\d,]+ states, [\d,]+ states\/s, frontier [\d,]+ at depth \d+$/);
    assert.equal(progress.at(-1), '', 'the line stays behind');
    assert.doesNotMatch((await lifeline(['check', file, '--no-color'], green, { terminal: true })).out, /\u001b/);
  });

  test('json: one object, with the keys of the interface in their order', async () => {
    const { status, out, err } = await lifeline(['check', file, '--format', 'json'], green);
    assert.equal(status, 0);
    assert.equal(err, '');
    const { version, files } = JSON.parse(out);
    assert.equal(version, 1);
    assert.deepEqual(Object.keys(files[0]), ['file', 'scenario', 'errors', 'green', 'runs', 'expects', 'claims']);
    const [run] = files[0].runs;
    assert.deepEqual(Object.keys(run).slice(0, 5), ['params', 'complete', 'limit', 'stats', 'violations']);
    assert.deepEqual(run.params, {});
    assert.equal(run.complete, true);
    assert.equal(run.limit, null);
    const found = run.violations.find((v: { kind: string }) => v.kind === 'use-after-free');
    assert.equal(found.file, file);
    assert.equal(found.function, 'timer_fops.ioctl');
    assert.equal(found.object, 'timer_dev');
    assert.equal(found.agent, 'app');
    assert.ok(found.by.includes('admin'), found.by.join());
    assert.equal(found.expected, true);
    assert.equal(found.steps, found.trace.length);
    assert.deepEqual(Object.keys(found.trace[0]), [
      'index',
      'agent',
      'context',
      'function',
      'range',
      'file',
      'text',
      'time',
      'effects',
      'event',
    ]);
    assert.ok(found.trace.some((s: { event: string }) => s.event === 'free'));
    assert.deepEqual(
      files[0].expects.map((e: { met: boolean }) => e.met),
      [true, true, true, true],
    );
    const use = files[0].expects[1];
    assert.deepEqual(use, { line: 50, text: 'use-after-free in timer_fops.ioctl', when: null, met: true });
    assert.equal(files[0].claims[0].state, 'holds');
  });

  test('json says the same every time, but for the time it took', async () => {
    const strip = (out: string) => out.replace(/"elapsedMs": [\d.]+/g, '');
    const once = await lifeline(['check', file, '--format', 'json'], green);
    const again = await lifeline(['check', file, '--format', 'json'], green);
    assert.equal(strip(once.out), strip(again.out));
  });

  test('sarif: a result for each finding, at its place, with the flow of its steps', async () => {
    const { out } = await lifeline(['check', file, '--format', 'sarif'], red);
    const log = JSON.parse(out);
    assert.equal(log.version, '2.1.0');
    const result = log.runs[0].results.find((r: { ruleId: string }) => r.ruleId === 'use-after-free');
    assert.equal(result.level, 'error');
    assert.equal(result.locations[0].physicalLocation.artifactLocation.uri, file);
    assert.equal(result.locations[0].physicalLocation.region.startLine, 17);
    assert.ok(result.codeFlows[0].threadFlows[0].locations.length > 10);
    assert.ok(log.runs[0].tool.driver.rules.some((r: { id: string }) => r.id === 'use-after-free'));
  });

  test('junit: a case for each expectation, and one failure for what nobody expected', async () => {
    const ok = await lifeline(['check', file, '--format', 'junit'], green);
    assert.match(ok.out, /<testsuite name="scenarios\/naked_misc\.lifeline" tests="6" failures="0" errors="0" skipped="0"/);
    assert.match(ok.out, /name="expect no unbind-blocked"/);
    const bad = await lifeline(['check', file, '--format', 'junit'], red);
    assert.match(bad.out, /<failure message="`t` was freed by admin/);
  });

  test('--param restricts the design space; a slip in it is told', async () => {
    const files = { 's.lifeline': 'scenario s\nparam n in {one, two}\nprocess app { }\n' };
    const { out } = await lifeline(['check', 's.lifeline', '--format', 'json', '--param', 'n=two'], files);
    assert.deepEqual(
      JSON.parse(out).files[0].runs.map((r: { params: unknown }) => r.params),
      [{ n: 'two' }],
    );
    const name = await lifeline(['check', 's.lifeline', '--param', 'm=two'], files);
    assert.deepEqual([name.status, name.err], [2, 'lifeline: no file has a param m\n']);
    const value = await lifeline(['check', 's.lifeline', '--param', 'n=three'], files);
    assert.deepEqual([value.status, value.err], [2, 'lifeline: param n is one of one, two, never three\n']);
  });
});
