// What every picture keeps, whatever the trace: each step has its place, and no word lies on another.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { Diagram } from '../../server/src/diagram/display.ts';
import { layout } from '../../server/src/diagram/layout.ts';
import { SIZE } from '../../server/src/diagram/metrics.ts';
import { svg } from '../../server/src/diagram/svg.ts';
import type { Trace } from '../../server/src/trace/trace.ts';
import { parseTrace } from '../trace/notation.ts';
import { longTrace } from '../webview/longTrace.ts';
import { inputOf } from './golden.ts';

const folder = 'test/diagram/golden';
const traces: ReadonlyArray<readonly [string, Trace]> = [
  ...readdirSync(folder)
    .filter((f) => f.endsWith('.txt'))
    .map((f) => [f, parseTrace(inputOf(`${folder}/${f}`))] as const),
  ['300 steps', longTrace(300)],
  ['no steps', parseTrace('verdict leak agent=app\nmessage x is left behind\nlane process app\nlane memory x#0 - -\ninitial x#0 life=alive\n')],
  ['names without end', parseTrace(`verdict null-deref agent=app\nmessage y\nlane process app\nlane memory ${'x'.repeat(80)} - -\ninitial ${'x'.repeat(80)} life=alive\napp syscall ${'f'.repeat(90)} | ${'a.'.repeat(200)}b | | ${'x'.repeat(80)}.field: 1 -> ${'9'.repeat(60)}\n`)],
];

const foldings = [
  ['folded', { fold: true, open: new Set<number>() }, null],
  ['unfolded', { fold: false, open: new Set<number>() }, null],
  ['folded, in a narrow panel', { fold: true, open: new Set<number>() }, 400],
] as const;

suite('layout', () => {
  for (const [name, trace] of traces) {
    for (const [how, options, room] of foldings) {
      test(`${name}, ${how}`, () => {
        const diagram = layout(trace, options, room);
        everyStepHasOneRow(diagram, trace);
        rowsFollowOneAnother(diagram);
        lanesStandSideBySide(diagram);
        noLabelLiesOnAnother(diagram);
        everythingIsInside(diagram);
        lifelinesAreWhole(diagram);
      });
    }
  }

  test('an open fold shows its steps, and only its', () => {
    const trace = traces.find(([n]) => n === 'naked_misc.txt')?.[1];
    assert.ok(trace);
    const folded = layout(trace, { fold: true, open: new Set() });
    const fold = folded.rows.find((r) => r.kind === 'fold' && r.steps.length > 2);
    assert.ok(fold);
    const open = layout(trace, { fold: true, open: new Set([fold.steps[0]]) });
    for (const s of fold.steps) assert.ok(open.rows.some((r) => r.steps.length === 1 && r.steps[0] === s));
    assert.equal(open.rows.filter((r) => r.kind === 'fold').length, folded.rows.filter((r) => r.kind === 'fold').length - 1);
  });

  test('what is freed is drawn apart from then on, and the use that goes wrong is marked behind it', () => {
    const trace = traces.find(([n]) => n === 'naked_misc.txt')?.[1];
    assert.ok(trace);
    const diagram = layout(trace, { fold: true, open: new Set() });
    const line = diagram.segments.filter((s) => s.lane === 'timer_dev#0');
    assert.deepEqual(
      line.map((s) => [s.state, s.focus]),
      [
        ['alive', true],
        ['dead', true],
      ],
    );
    const death = diagram.marks.find((m) => m.kind === 'death' && m.lane === 'timer_dev#0');
    const violation = diagram.marks.find((m) => m.kind === 'violation');
    assert.ok(death && violation);
    assert.equal(death.y, line[1].y1);
    assert.equal(violation.lane, 'timer_dev#0');
    assert.ok(violation.y > death.y);
    assert.deepEqual(
      diagram.segments.filter((s) => s.lane === 'file#0').map((s) => s.state),
      ['unborn', 'alive'],
    );
  });

  test('who waits is hatched to the end, with what for', () => {
    const trace = traces.find(([n]) => n === 'unbind_blocked.txt')?.[1];
    assert.ok(trace);
    const diagram = layout(trace, { fold: true, open: new Set() });
    const blocked = diagram.bars.filter((b) => b.kind === 'blocked');
    assert.deepEqual(
      blocked.map((b) => [b.lane, b.title]),
      [
        ['admin', 'waits for device_lock of gpu'],
        ['gpu hot-unplug', 'waits for the last reference to ib_uverbs_device'],
      ],
    );
    assert.deepEqual(
      diagram.marks.filter((m) => m.kind === 'stuck').map((m) => m.lane),
      ['admin'],
    );
  });

  test('a picture that is too wide lets agents share their room; one that fits does not', () => {
    const trace = traces.find(([n]) => n === 'naked_misc.txt')?.[1];
    assert.ok(trace);
    const options = { fold: true, open: new Set<number>() };
    const wide = layout(trace, options);
    const narrow = layout(trace, options, 700);
    assert.ok(narrow.compact && narrow.width < wide.width - 100);
    assert.equal(narrow.wideWidth, wide.width);
    assert.deepEqual(layout(trace, options, wide.width), wide);
    const full = (d: Diagram) => d.labels.filter((l) => l.kind !== 'effect' && l.kind !== 'life').map((l) => l.text);
    assert.ok(full(wide).every((t) => full(narrow).includes(t)), 'no word is lost');
  });

  test('nothing in a trace becomes markup', () => {
    const picture = svg(parseTrace('verdict assertion agent=a\nmessage <script>alert(1)</script> & "more"\nlane process a\na process | x < y && "z" > <b onload=1>\n'));
    assert.doesNotMatch(picture, /<script|<b /);
    assert.match(picture, /x &lt; y &amp;&amp; "?/);
  });
});

function everyStepHasOneRow(diagram: Diagram, trace: Trace): void {
  assert.deepEqual(
    diagram.rows.flatMap((r) => r.steps),
    trace.steps.map((s) => s.index),
  );
  for (const r of diagram.rows) if (r.steps.length > 0) assert.ok(r.steps.includes(r.anchor));
}

function rowsFollowOneAnother(diagram: Diagram): void {
  let y = diagram.headerHeight;
  for (const r of diagram.rows) {
    assert.ok(r.y >= y, `${r.text} begins at ${r.y}, above ${y}`);
    y = r.y + r.height;
  }
  assert.ok(y <= diagram.height);
}

function lanesStandSideBySide(diagram: Diagram): void {
  let x: number = SIZE.gutter;
  for (const l of diagram.lanes) {
    assert.ok(l.left >= x && l.right > l.x && l.x > l.left, l.title);
    assert.ok(l.title.length * SIZE.titleChar <= l.right - l.left, `the title ${l.title} is wider than its lane`);
    x = l.right;
  }
}

function noLabelLiesOnAnother(diagram: Diagram): void {
  const boxes = diagram.labels.map((l) => ({ l, x1: l.x - (l.kind === 'number' ? l.width : 0), x2: l.kind === 'number' ? l.x : l.x + l.width, y1: l.y - 9, y2: l.y + 2 }));
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      const apart = a.x2 <= b.x1 || b.x2 <= a.x1 || a.y2 <= b.y1 || b.y2 <= a.y1;
      assert.ok(apart, `"${a.l.text}" lies on "${b.l.text}"`);
    }
    const lane = diagram.lanes.find((l) => l.id === a.l.lane);
    if (lane !== undefined) assert.ok(a.x1 > lane.x && a.x2 <= lane.wordsRight, `"${a.l.text}" leaves the lane of ${lane.title}`);
  });
}

function everythingIsInside(diagram: Diagram): void {
  for (const b of diagram.bars) assert.ok(b.y1 >= diagram.headerHeight && b.y2 >= b.y1 && b.y2 <= diagram.height && b.x > 0, b.title);
  for (const a of diagram.arrows) assert.ok(a.x1 > 0 && a.x2 <= diagram.width && a.y < diagram.height, a.title);
  for (const l of diagram.labels) assert.ok(l.x + (l.kind === 'number' ? 0 : l.width) <= diagram.width, l.text);
}

function lifelinesAreWhole(diagram: Diagram): void {
  for (const lane of diagram.lanes) {
    const pieces = diagram.segments.filter((s) => s.lane === lane.id);
    assert.ok(pieces.length > 0, `${lane.title} has no line`);
    pieces.forEach((p, i) => {
      assert.equal(p.y1, i === 0 ? diagram.headerHeight : pieces[i - 1].y2);
      assert.ok(p.y2 >= p.y1);
    });
  }
}
