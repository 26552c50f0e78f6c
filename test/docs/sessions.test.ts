// The terminal sessions of the README: each `console` block is run, and prints what it shows. An example above it is the file that the text
// between them names. UPDATE=1 rewrites what differs. Times are not compared.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { lifeline } from '../cli/machine.ts';
import { blocksOf } from './blocks.ts';

const page = 'README.md';

suite('the sessions of the README', () => {
  const markdown = readFileSync(page, 'utf8');
  const files: Record<string, string> = {};
  for (const block of blocksOf(page, markdown)) {
    if (block.language === 'lifeline') {
      const named = markdown
        .split('\n')
        .slice(0, block.line)
        .join('\n')
        .match(/`([\w/]+\.lifeline)`/g);
      if (named !== null) files[named.at(-1)!.slice(1, -1)] = block.text;
    }
    const command = /^\$ npx lifeline (.*)\n/.exec(block.text)?.[1];
    if (block.language !== 'console' || command === undefined) continue;
    const disk = { ...files };
    test(command, async () => {
      const { out } = await lifeline(command.split(' '), disk);
      const shown = block.text.split('\n').slice(1).join('\n');
      if (timeless(out) === timeless(shown)) return;
      if (process.env.UPDATE !== '1') assert.equal(timeless(out), timeless(shown), `UPDATE=1 rewrites ${page}`);
      writeFileSync(
        page,
        readFileSync(page, 'utf8').replace(block.text, () => `$ npx lifeline ${command}\n${out}`),
      );
    });
  }
});

function timeless(text: string): string {
  return text.replace(/\b[\d.]+ m?s\b/g, 'some time');
}
