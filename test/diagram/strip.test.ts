// The clock strip: every instant has its column, in the order of time, and no word lies on another.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SIZE } from '../../server/src/diagram/metrics.ts';
import { formatNanoseconds } from '../../server/src/trace/nanoseconds.ts';
import { stripOf, type StripText } from '../../server/src/diagram/strip.ts';
import { storyOf } from '../../server/src/diagram/story.ts';
import { svg } from '../../server/src/diagram/svg.ts';
import { parseTrace } from '../trace/notation.ts';
import { inputOf } from './golden.ts';

const torn = parseTrace(inputOf('test/diagram/golden/torn_read.txt'));

test('steps of a clock in a row are one line that tells all the time that passes', () => {
  const [clock] = torn.steps.filter((s) => s.context === 'clock');
  const [last] = torn.steps.slice(-1);
  const ticks = [
    { ...clock, index: 4, time: '4294967264', text: '+9 us' },
    { ...clock, index: 5, time: '4294976264', text: '+49 ns: the deadline' },
  ];
  const steps = [...torn.steps.slice(0, 4), ...ticks, { ...last, index: 6, time: '4294976313' }];
  const said = storyOf({ ...torn, steps }, { fold: true, open: new Set() }).filter((l) => l.agent === 'clock');
  assert.deepEqual(
    said.map((l) => [l.text, l.steps]),
    [['+9.049 us: the deadline', [4, 5]]],
  );
});

suite('clock strip', () => {
  test('columns follow the time, and say how much of it has passed', () => {
    const strip = stripOf(torn);
    assert.deepEqual(
      strip?.texts.filter((t) => t.kind === 'time').map((t) => t.full),
      ['t = 4,294,967,264 ns', '+32 ns', '+10 us'],
    );
    const xs = strip?.columns.map((c) => c.x) ?? [];
    assert.deepEqual([...xs].sort((a, b) => a - b), xs);
    assert.deepEqual(strip?.columns.map((c) => c.steps), [[0, 1, 2, 3, 4], [5], []]);
  });

  test('a look that the clock never showed has a mark of its own, and leads to its step', () => {
    const marks = stripOf(torn)?.marks.filter((m) => m.anchor !== null);
    assert.deepEqual(
      marks?.map((m) => [m.kind, m.anchor]),
      [
        ['sample', 3],
        ['wrong', 5],
      ],
    );
    assert.match(marks?.[1].title ?? '', /never showed/);
  });

  test('many looks at one time stand below one another', () => {
    const samples = Array.from({ length: 6 }, (_, i) => ({ step: 3, time: '4294967264', agent: i % 2 === 0 ? 'app' : 'other', what: `TIME_${i}`, value: '0'.repeat(i * 20), wrong: false }));
    const strip = stripOf({ ...torn, clock: { assumed: ['x '.repeat(450), 'y'], instants: torn.clock?.instants ?? [], samples } });
    assert.ok(strip);
    const box = (t: StripText) => ({ x1: t.x, x2: t.x + t.text.length * SIZE.smallChar, y1: t.y - 9, y2: t.y + 2 });
    for (const [i, a] of strip.texts.entries()) {
      const p = box(a);
      assert.ok(p.x2 <= strip.width && p.y2 <= strip.height, `${a.text} leaves the strip`);
      for (const b of strip.texts.slice(i + 1)) {
        const q = box(b);
        assert.ok(p.x2 <= q.x1 || q.x2 <= p.x1 || p.y2 <= q.y1 || q.y2 <= p.y1, `${a.text} lies on ${b.text}`);
      }
    }
  });

  test('a trace without a clock has none, and its picture no room for one', () => {
    assert.equal(stripOf({ ...torn, clock: null }), null);
    assert.equal(stripOf({ ...torn, clock: { assumed: ['x'], instants: [], samples: [] } }), null);
    assert.doesNotMatch(svg({ ...torn, clock: null }), /class="clock-mark/);
    assert.match(svg(torn), /class="clock-mark wrong"/);
  });

  test('nanoseconds are exact, in the unit that people would use', () => {
    const said = [0n, 992n, 1_024n, 1_000_001n, 4_294_967_296n, 10_000_000n, 2_000_000_000n, -1_500n].map(formatNanoseconds);
    assert.deepEqual(said, ['0 ns', '992 ns', '1.024 us', '1,000,001 ns', '4,294,967,296 ns', '10 ms', '2 s', '-1.5 us']);
  });
});
