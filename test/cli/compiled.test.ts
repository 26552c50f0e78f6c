// What the build keeps of the compiled command: it is taken where it fits, and nothing is lost where it does not.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, suite, test } from 'node:test';

suite('the compiled command', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lifeline-'));
  after(() => rmSync(folder, { recursive: true }));
  const command = path.join(folder, 'cli.js');
  const bundle = path.join(folder, 'cliMain.js');
  const compiled = path.join(folder, 'cliMain.compiled');
  /** Says whether the host refused compiled code; undefined: it was given none. */
  const probe = path.join(tmpdir(), `${path.basename(folder)}.cjs`);
  after(() => rmSync(probe));
  writeFileSync(
    probe,
    `const vm = require('node:vm');
     const { Script } = vm;
     vm.Script = class extends Script { constructor(...args) { super(...args); console.error('refused: ' + this.cachedDataRejected); } };`,
  );
  const node = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return { status, out: stdout, err: stderr };
  };
  const run = (...flags: string[]) => node('-r', probe, ...flags, command, 'a', 'b');
  /** A small command of our own, all of the same length. */
  const write = (word: 'one' | 'two') =>
    writeFileSync(
      bundle,
      `function say(word) { console.log(word, process.argv.slice(2).join(), process.argv[1] === require('node:path').join(__dirname, 'cli.js')); }
say('${word}');
process.exitCode = 7;
`,
    );
  const ran = (word: string, err: string) => ({ status: 7, out: `${word} a,b true\n`, err });
  const taken = 'refused: false\n';
  const refused = 'refused: true\n';
  const notThere = 'refused: undefined\n';

  beforeEach(() => {
    copyFileSync('dist/cli.js', command);
    write('one');
    assert.deepEqual(node('out/build/keepCompiled.js', bundle, 'c'), { status: 7, out: 'one c false\n', err: '' });
  });

  test('what was kept is taken, and nothing else is left behind', () => {
    assert.deepEqual(run(), ran('one', taken));
    assert.deepEqual(readdirSync(folder).sort(), ['cli.js', 'cliMain.compiled', 'cliMain.js']);
  });

  test('nothing was kept', () => {
    rmSync(compiled);
    assert.deepEqual(run(), ran('one', notThere));
  });

  test('kept of another bundle of the same length', () => {
    write('two');
    assert.deepEqual(run(), ran('two', notThere));
  });

  test('kept by another host', () => {
    const bytes = readFileSync(compiled);
    bytes.write('v0', 0);
    writeFileSync(compiled, bytes);
    assert.deepEqual(run(), ran('one', notThere));
  });

  test('kept under other flags', () => {
    assert.deepEqual(run('--no-lazy'), ran('one', notThere));
  });

  test('garbage, or a part of what was kept', () => {
    const bytes = readFileSync(compiled);
    const code = bytes.length - bytes.indexOf('exitCode = 7;\n') - 'exitCode = 7;\n'.length;
    const cases: Array<[Buffer, string]> = [
      [Buffer.alloc(0), notThere],
      [Buffer.alloc(bytes.length), notThere],
      [bytes.subarray(0, 100), notThere],
      [bytes.subarray(0, -code), refused],
      [bytes.subarray(0, -100), refused],
      [Buffer.from(bytes).fill(0x55, bytes.length - code), refused],
    ];
    for (const [wrong, err] of cases) {
      writeFileSync(compiled, wrong);
      assert.deepEqual(run(), ran('one', err));
    }
  });

  test('source maps are those of a module', () => {
    assert.deepEqual(run('--enable-source-maps'), ran('one', ''));
  });

  test('the build keeps what its own host takes', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    assert.deepEqual(node('-r', probe, 'dist/cli.js', '--version'), { status: 0, out: `${version}\n`, err: taken });
  });
});
