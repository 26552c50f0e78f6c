// The statement around a step, found in the text alone. `«` and `»` mark the step.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { statementAt } from '../../server/src/trace/statement.ts';

const cases: ReadonlyArray<readonly [string, string, string | null]> = [
  ['a whole line', '  let t = «file.private» as timer_dev\n  more()\n', 'let t = file.private as timer_dev'],
  ['up to a comment', 'return readl(«t.bar», 0x9400)   // boom\n', 'return readl(t.bar, 0x9400)'],
  ['a string with a comment in it', 'misc_register(«t.misc», "a//b", fops)?\n', 'misc_register(t.misc, "a//b", fops)?'],
  ['one of several on a line', 'process app { open("/dev/x")?; «ioctl(fd)»; close(fd) }', 'ioctl(fd)'],
  ['a condition, without its block', '  if «d.ops» == null { return -ENODEV }\n', 'if d.ops == null'],
  ['a whole loop, without its body', '  «while n < most {\n    if (readl(b) & 1) == 1 { return 0 }\n    n += 1\n  }»\n', 'while n < most'],
  ['inside such a block', '  if ops == null { return «f(d)» }\n', 'return f(d)'],
  ['over two lines inside brackets', 'wait_event(«q.head»,\n   cond == 1)\nnext()', 'wait_event(q.head, cond == 1)'],
  ['the second line of one: not told', 'wait_event(q,\n   «d.cond» == 1)\nnext()', null],
  ['at the ends of the text', '«free t»', 'free t'],
];

suite('statements', () => {
  for (const [name, marked, expected] of cases) {
    test(name, () => {
      const text = marked.replace('«', '').replace('»', '');
      const found = statementAt(text, { start: marked.indexOf('«'), end: marked.indexOf('»') - 1 });
      assert.equal(found?.text ?? null, expected);
      if (found !== null) assert.ok(text.slice(found.start).startsWith(found.text.split(' ')[0]));
    });
  }

  test('the steps of a statement have one start', () => {
    const text = 'a()\n  writel(t.value, t.bar)\n';
    const starts = ['t.value', 't.bar', 'writel(t.value, t.bar)'].map((s) => statementAt(text, { start: text.indexOf(s), end: text.indexOf(s) + s.length })?.start);
    assert.deepEqual(starts, [6, 6, 6]);
  });
});
