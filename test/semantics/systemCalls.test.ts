// System calls are made by processes. The list of them has what the libraries and the reference have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { SYSTEM_CALLS } from '../../server/src/semantics/systemCalls.ts';
import { verdicts } from '../lowering/check.ts';

suite('system calls', () => {
  test('are functions of their libraries', () => {
    for (const [library, names] of Object.entries(SYSTEM_CALLS)) {
      const text = readFileSync(`server/library/${library}.lifeline`, 'utf8');
      for (const name of names) assert.match(text, new RegExp(`^fn ${name}\\(`, 'm'));
    }
  });
  test('are in the table of the reference', () => {
    const [, table] = readFileSync('docs/language.md', 'utf8').split('| call | of |\n| --- | --- |\n');
    const listed = [...table.split('\n\n')[0].matchAll(/^\| (.*?) \| /gm)].flatMap(([, calls]) =>
      [...calls.matchAll(/`(\w+)\(/g)].map(([, name]) => name),
    );
    assert.deepEqual(listed.filter((name) => name !== 'kill').sort(), Object.values(SYSTEM_CALLS).flat().sort());
  });
  test('kernel code makes none', () => {
    const inside = (call: string): string => `use driver_core, pci\nmodule m {\n  fn f() {\n    ${call}\n  }\n  init { f() }\n}`;
    assert.deepEqual(verdicts(inside('let fd = open("/dev/x")')), ['error 4: `open` is a system call: only a process can make it']);
    assert.deepEqual(verdicts(inside('rmmod(m)')), [
      'error 4: `rmmod` is a system call: only a process can make it; inside the kernel a module is not unloaded by its own code',
    ]);
    assert.deepEqual(verdicts('fn f() { close(1) }\nprocess p { f() }'), [
      'error 1: `close` is a system call: only a process can make it; inside the kernel `fput(file)` drops a reference',
    ]);
  });
  test('a function of the file that is called like one is none', () => {
    assert.deepEqual(verdicts('module m {\n  fn read(n: int) { return n }\n  init { read(1) }\n}'), []);
  });
});
