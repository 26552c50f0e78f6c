// The suite's entry inside an extension host (VS Code server or desktop): runs Mocha, leaves the results where the driver reads them.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import type { Result } from './results.ts';

/** Called by VS Code; rejects when a test fails. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 60_000, reporter: class {} as unknown as Mocha.ReporterConstructor });
  mocha.suite.emit('pre-require', globalThis, null, mocha);
  await import('./scenarios.suite.ts');
  const results: Result[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    const add = (test: Mocha.Runnable, error: Error | null) =>
      results.push({ title: test.fullTitle(), ms: test.duration ?? 0, error: error === null ? null : (error.stack ?? error.message) });
    runner.on('pass', (test) => add(test, null));
    runner.on('fail', (test, error) => add(test, error));
  });
  for (const r of results) console.log(`${r.error === null ? 'ok  ' : 'FAIL'} ${r.title}${r.error === null ? '' : `\n${r.error}`}`);
  const file = process.env['LIFELINE_TEST_RESULTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(results));
  if (failures > 0) throw new Error(`${failures} failed`);
}
