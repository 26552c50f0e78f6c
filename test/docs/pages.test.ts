// What the pages of the documentation promise as pages: one for each verdict, in one form, and no link that leads nowhere.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { VERDICTS } from '../../server/src/base/verdicts.ts';
import { verdictPage } from '../../server/src/export/verdictPages.ts';
import { blocksOf } from './blocks.ts';

suite('the page of each verdict', () => {
  test('there is one for each, and no other', () => {
    const pages = readdirSync('docs/verdicts').sort();
    assert.deepEqual(
      pages,
      Object.keys(VERDICTS)
        .map((k) => `${k}.md`)
        .sort(),
    );
  });
  for (const [kind, severity] of Object.entries(VERDICTS)) {
    test(kind, () => {
      const page = verdictPage(kind) ?? '';
      assert.equal(page, readFileSync(`docs/verdicts/${kind}.md`, 'utf8'), 'the tool serves the page as it stands in docs');
      const paragraphs = page.split('\n\n');
      assert.equal(paragraphs[0], `# ${kind}`);
      assert.ok(!paragraphs[1].includes(']('), 'the first paragraph is hover text: no links');
      assert.match(page, new RegExp(`^Severity: ${severity}\\.`, 'm'));
      const headings = page.match(/^## .*$/gm);
      assert.deepEqual(headings, [
        '## What the kernel shows',
        '## Example',
        '## How to read it',
        '## What usually mends it',
        '## In `expect`',
      ]);
      // An editor shows the page where nothing else of the documentation is beside it.
      for (const link of linksIn(page)) assert.match(link, /^[a-z-]+\.md$/);
      const [shown] = blocksOf(kind, page).filter((b) => b.language === 'lifeline');
      assert.match(shown.next?.text ?? '', new RegExp(`: expected: ${kind}: `), 'the example shows the verdict');
    });
  }
});

suite('the maps are true', () => {
  test('the code map has the rooms of the core, in the order that tidy.test.ts holds', () => {
    const list = /const rooms = \[([^\]]*)\]/.exec(readFileSync('test/tidy.test.ts', 'utf8'))?.[1] ?? '';
    const rooms = [...list.matchAll(/'([^']+)'/g)].map((m) => m[1]);
    const map = readFileSync('docs/architecture.md', 'utf8').split('## Code map')[1].split('\n## ')[0];
    assert.deepEqual(
      [...map.matchAll(/^### (.*)$/gm)].map((m) => m[1]),
      [...rooms, 'Outside of server/src'],
    );
  });

  test('every path that the code map names is there', () => {
    const named = [
      ...readFileSync('docs/architecture.md', 'utf8').matchAll(
        /`((?:server|client|test|docs|scripts|scenarios|syntaxes|bench)(?:\/[\w.-]+)*)`/g,
      ),
    ].map((m) => m[1]);
    assert.deepEqual(
      named.filter((f) => !/[A-Z]{4}/.test(f) && !existsSync(f)),
      [],
    );
  });

  test('every library has its row in the language reference', () => {
    const shipped = readdirSync('server/library').map((f) => f.replace('.lifeline', ''));
    const rows = [...readFileSync('docs/language.md', 'utf8').matchAll(/^\| \[`(\w+)`\]\(\.\.\/server\/library\//gm)].map((m) => m[1]);
    assert.deepEqual(rows.sort(), shipped.sort());
  });

  test('the README says of each verdict what its page says first', () => {
    const readme = readFileSync('README.md', 'utf8');
    for (const [kind, severity] of Object.entries(VERDICTS)) {
      const first = (verdictPage(kind) ?? '').split('\n\n')[1].replaceAll('\n', ' ');
      assert.ok(readme.includes(`| [${kind}](docs/verdicts/${kind}.md) | ${first} | ${severity} |`), kind);
    }
  });

  test('the glossary has each word once, in order', () => {
    const words = [...readFileSync('docs/glossary.md', 'utf8').matchAll(/^\*\*(.*)\.\*\*/gm)].map((m) => m[1].toLowerCase());
    assert.deepEqual(words, [...new Set(words)].sort());
  });
});

suite('links lead somewhere', () => {
  for (const page of markdownFiles()) {
    test(page, () => {
      const wrong = linksIn(readFileSync(page, 'utf8')).filter((link) => !leadsSomewhere(page, link));
      assert.deepEqual(wrong, []);
    });
  }
});

function leadsSomewhere(page: string, link: string): boolean {
  if (/^https?:/.test(link)) return true;
  const [file, anchor] = link.split('#');
  const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

function anchorsOf(page: string): readonly string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map((m) =>
    m[1]
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Targets of links and images, code left out. */
function linksIn(markdown: string): readonly string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset)="([^"]+)"/g)].map((m) => m[1] ?? m[2]);
}

function markdownFiles(): readonly string[] {
  const docs = readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((f) => `docs/${f.replaceAll('\\', '/')}`);
  return ['README.md', 'CHANGELOG.md', ...docs.filter((f) => f.endsWith('.md'))].filter((f) => existsSync(f)).sort();
}
