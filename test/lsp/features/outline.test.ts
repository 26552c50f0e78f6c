// Symbols, folding, selection, links, tokens, formatting, hints and signatures, as an editor asks for them.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type {
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  InlayHint,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
} from 'vscode-languageserver-protocol/node';
import { legend } from '../../../server/src/lsp/features/semanticTokens.ts';
import { type Editor, editor } from '../editor.ts';
import { text, uri } from '../nakedMisc.ts';

async function opened(content = text): Promise<Editor> {
  const e = await editor({ settings: { on: 'manual' } });
  e.open(uri, content);
  return e;
}
const whole = { textDocument: { uri } };

suite('outline and layout', () => {
  test('the outline nests modules, tables and callbacks', async () => {
    const e = await opened();
    const [file] = await e.request<DocumentSymbol[]>('textDocument/documentSymbol', whole);
    const tree = (s: DocumentSymbol): unknown => (s.children?.length ? { [s.name]: s.children.map(tree) } : s.name);
    assert.equal(file.name, 'naked_misc');
    assert.deepEqual(tree(file.children?.[0] as DocumentSymbol), {
      nova: [{ timer_dev: ['misc', 'bar'] }, { timer_fops: ['owner', 'ioctl'] }, { timer_driver: ['probe', 'remove'] }, 'init', 'exit'],
    });
    assert.deepEqual(
      file.children?.slice(1, 5).map((s) => s.name),
      ['gpu', 'app', 'admin', 'hardware'],
    );
    await e.close();
  });

  test('bodies fold, and keep the line of their brace', async () => {
    const e = await opened();
    const folds = await e.request<FoldingRange[]>('textDocument/foldingRange', whole);
    const start = e.at(uri, 'struct timer_dev').position.line;
    assert.equal(folds.find((f) => f.startLine === start)?.endLine, e.at(uri, 'bar:  mmio').position.line);
    await e.close();
  });

  test('selections grow node by node', async () => {
    const e = await opened();
    const [range] = await e.request<SelectionRange[]>('textDocument/selectionRange', {
      ...whole,
      positions: [e.at(uri, 'bar, 0x9400').position],
    });
    const sizes: string[] = [];
    for (let r: SelectionRange | undefined = range; r !== undefined && sizes.length < 3; r = r.parent) {
      const { start, end } = r.range;
      sizes.push(text.split('\n')[start.line].slice(start.character, end.character));
    }
    assert.deepEqual(sizes, ['bar', 't.bar', 'readl(t.bar, 0x9400)']);
    await e.close();
  });

  test('a citation is a link', async () => {
    const e = await opened();
    const links = await e.request<DocumentLink[]>('textDocument/documentLink', whole);
    assert.deepEqual(
      links.map((l) => l.target),
      ['https://lore.kernel.org/all/20250227142349.GD39591%40nvidia.com/'],
    );
    await e.close();
  });

  test('names have the colour of what they stand for', async () => {
    const e = await opened();
    const { data } = await e.request<SemanticTokens>('textDocument/semanticTokens/full', whole);
    const lines = text.split('\n');
    const found = new Map<string, string>();
    let line = 0;
    let character = 0;
    for (let i = 0; i < data.length; i += 5) {
      character = data[i] === 0 ? character + data[i + 1] : data[i + 1];
      line += data[i];
      found.set(lines[line].slice(character, character + data[i + 2]), legend.tokenTypes[data[i + 3]]);
    }
    assert.equal(found.get('timer_dev'), 'struct');
    assert.equal(found.get('nova'), 'namespace');
    assert.equal(found.get('bar'), 'property');
    assert.equal(found.get('iounmap'), 'function');
    assert.equal(found.get('t'), 'variable');
    assert.equal(found.get('app'), 'class');
    await e.close();
  });

  test('formatting edits what differs, and nothing in a formatted file', async () => {
    const e = await opened(text.replace('      free t', '   free   t'));
    const edits = await e.request<TextEdit[]>('textDocument/formatting', { ...whole, options: { tabSize: 2, insertSpaces: true } });
    assert.ok(edits.length >= 1);
    const line = e.at(uri, '   free   t').position.line;
    for (const { range } of edits) assert.ok(range.start.line >= line - 1 && range.end.line <= line + 1, `edits line ${range.start.line}`);
    assert.ok(!edits.some((x) => x.newText.includes('module nova')), 'the whole file is replaced');
    await e.close();
  });

  test('a param says how many combinations there are', async () => {
    const e = await opened(
      text
        .replace('module nova {', 'param fence in {none, srcu, rwsem}\nparam early: bool\n\nmodule nova {')
        .replace('param early: bool', 'param early in bool'),
    );
    const hints = await e.request<InlayHint[]>('textDocument/inlayHint', {
      ...whole,
      range: { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } },
    });
    assert.deepEqual(
      hints.map((h) => h.label),
      ['6 combinations'],
    );
    await e.close();
  });

  test('a duration says its nanoseconds, but not where they stand already', async () => {
    const e = await opened('scenario waits\n\nprocess app { msleep(10ms); msleep(5s); ndelay(32ns) }\n');
    const hints = await e.request<InlayHint[]>('textDocument/inlayHint', {
      ...whole,
      range: { start: { line: 0, character: 0 }, end: { line: 3, character: 0 } },
    });
    assert.deepEqual(
      hints.map((h) => h.label),
      ['= 10,000,000 ns', '= 5,000,000,000 ns'],
    );
    assert.match(String(hints[0].tooltip), /at most once/);
    assert.match(String(hints[1].tooltip), /at least once within this time, so 32-bit/);
    await e.close();
  });

  test('the counter of a PTIMER says when its low word rolls over', async () => {
    const ptimer = (entries: string) => `scenario s\nuse pci\ndevice gpu: pci_dev\nptimer of gpu { ${entries} }\nprocess app { }\n`;
    const labels = async (content: string) => {
      const e = await opened(content);
      const hints = await e.request<InlayHint[]>('textDocument/inlayHint', { ...whole, range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } } });
      await e.close();
      return hints.map((h) => h.label);
    };
    assert.deepEqual(await labels(ptimer('counter = 0xffff_ffe0')), ['TIME_0 rolls over in 32 ns']);
    assert.deepEqual(await labels(ptimer('counter = 20; grain = 2; rollover = 16; wrap = 256')), ['TIME_0 rolls over in 12 ns']);
    assert.deepEqual(await labels(ptimer('grain = 2')), []);
  });

  test('a call shows its parameters, and which one is next', async () => {
    const e = await opened();
    const help = await e.request<SignatureHelp>(
      'textDocument/signatureHelp',
      e.at(uri, 'misc_register(t.misc, "timer"', 'misc_register(t.misc, '.length),
    );
    assert.match(help.signatures[0].label, /^misc_register\(.*name: string/);
    assert.equal(help.activeParameter, 1);
    await e.close();
  });
});
