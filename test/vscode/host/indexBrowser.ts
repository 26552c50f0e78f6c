// The suite's entry inside a web worker extension host: no file system, so the results go through the console.
import 'mocha/mocha.js';
import type { Result } from './results.ts';

declare const mocha: Mocha & { setup(options: object): void };

/** Called by VS Code; rejects when a test fails. */
export async function run(): Promise<void> {
  mocha.setup({ ui: 'tdd', timeout: 60_000, reporter: class {} });
  await import('./scenarios.suite.ts');
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    const add = (test: Mocha.Runnable, error: Error | null) => {
      const result: Result = { title: test.fullTitle(), ms: test.duration ?? 0, error: error === null ? null : (error.stack ?? error.message) };
      console.log(`lifeline-test-result ${JSON.stringify(result)}`);
    };
    runner.on('pass', (test) => add(test, null));
    runner.on('fail', (test, error) => add(test, error));
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}
