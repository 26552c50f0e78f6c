// Every example of the documentation is read by the tool: it resolves, or shows exactly the errors that its `//  ^^^` comments name; a scenario is
// explored, too, and green. A `text` block right behind an example is what `check` says of it; UPDATE=1 rewrites those.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { analyse, type FileResult, format, startCheck } from '../../server/src/analysis.ts';
import { checkText } from '../../server/src/export/checkText.ts';
import { placesIn } from '../../server/src/export/places.ts';
import { type Block, blocksOf, markers, wholeFile } from './blocks.ts';

const files = { read: () => null };
const options = { params: {}, maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: true, workers: 1 };
const host = { now: () => performance.now(), cancelled: () => false, progress: () => {} };

for (const page of pages()) {
  const blocks = blocksOf(page, readFileSync(page, 'utf8')).filter((b) => b.language === 'lifeline');
  if (blocks.length === 0) continue;
  suite(page, () => {
    for (const block of blocks) {
      test(`line ${block.line + 1}: ${block.text.split('\n').find((l) => l !== '' && !l.startsWith('///'))}`, () => example(block));
    }
  });
}

function example(block: Block): void {
  const { text, added } = wholeFile(block.text);
  const { errors } = analyse('example.lifeline', text, files);
  const told = errors.map(
    (e) => `${e.range.start.line + 1 - added}:${e.range.start.character + 1}-${e.range.end.character + 1} ${e.message}`,
  );
  assert.deepEqual(told, markers(block.text));
  if (told.length > 0) return;
  const formatted = format(text);
  if (formatted !== text) rewrite(block, block.text, formatted.split('\n').slice(added).join('\n'), 'not as the formatter writes it');
  if (/^library /m.test(text) || isShownRed(block)) return;
  const result = check(/^process /m.test(text) ? formatted : `${formatted}\nprocess app { }\n`);
  const unmet = result.expects.filter((e) => e.met !== true).map((e) => `line ${e.line}: ${e.text}`);
  const surplus = result.runs.flatMap((r) => r.violations).filter((v) => !v.expected && v.severity !== 'information');
  assert.deepEqual([unmet, surplus.map((v) => `${v.kind}: ${v.message}`)], [[], []]);
  assert.ok(result.green && !result.incomplete);
  if (block.next?.language !== 'text') return;
  const shown = `\`\`\`text\n${block.next.text}\`\`\``;
  const computed = `\`\`\`text\n${messages(result)}\`\`\``;
  if (computed !== shown) rewrite(block, shown, computed, 'check says something else');
}

/** The README's first scenario has a bug that nothing expects: sessions.test.ts compares what `check` says of it. */
function isShownRed({ page, text }: Block): boolean {
  return page === 'README.md' && !/^expect /m.test(text);
}

/** What `check` prints, in its order, without steps. */
function messages(result: FileResult): string {
  const places = placesIn(() => null);
  const lines = checkText(result, places, { color: false, quiet: false }).split('\n');
  return lines.filter((l) => /^example\.lifeline:\d/.test(l)).map((l) => `${l}\n`).join('');
}

/** With UPDATE=1, puts what is computed now into the page, at the first place behind the block's fence that shows the old text. */
function rewrite(block: Block, shown: string, computed: string, why: string): void {
  if (process.env.UPDATE !== '1') assert.equal(computed, shown, `${why}; UPDATE=1 rewrites ${block.page}`);
  const markdown = readFileSync(block.page, 'utf8');
  const title = markdown.indexOf(block.text.split('\n')[0]);
  const at = markdown.indexOf(shown, title);
  assert.ok(title >= 0 && at >= 0, `${block.page}: the text to rewrite is not there`);
  writeFileSync(block.page, markdown.slice(0, at) + computed + markdown.slice(at + shown.length));
}

function check(text: string): FileResult {
  const task = startCheck('example.lifeline', text, files, options, host);
  let result: FileResult | null = null;
  while (result === null) result = task.step();
  return result;
}

function pages(): readonly string[] {
  const docs = readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((f) => `docs/${f.replaceAll('\\', '/')}`);
  return ['README.md', ...docs.filter((f) => f.endsWith('.md')).sort()];
}
