// docs/formats.md lists the fields of the JSON results: none that is not there, none missing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { lifeline } from '../cli/machine.ts';

const scenario = `scenario s
module m {
  fn run(job: ref work) { }
  let job: work
  init { INIT_WORK(job, run); schedule_work(job) }
}
process admin { rmmod(m) }
claim "the work is late" {
  expect use-after-unload
}
`;

suite('the fields of the JSON results', () => {
  const page = readFileSync('docs/formats.md', 'utf8');

  async function results(): Promise<Record<string, object>> {
    const { out } = await lifeline(['check', 's.lifeline', '--format', 'json'], { 's.lifeline': scenario });
    const [file] = JSON.parse(out).files;
    const [run] = file.runs;
    const [violation] = run.violations;
    return { file, run, violation, step: violation.trace[0], expect: file.expects[0], claim: file.claims[0] };
  }

  for (const name of ['file', 'run', 'violation', 'step', 'expect', 'claim']) {
    test(name, async () => {
      const section = page.split(`\n### ${name}\n`)[1].split('\n#')[0];
      const listed = [...section.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap((m) => [...m[1].matchAll(/`(\w+)`/g)].map((f) => f[1]));
      assert.deepEqual(listed.sort(), Object.keys((await results())[name]).sort());
    });
  }
});
