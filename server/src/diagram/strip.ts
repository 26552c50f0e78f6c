// The clocks of a trace under its sequence diagram: one column for each instant at which something happens, however far apart they are, and
// a line for each thing that there is to say. A pure function from a trace to a display list, like layout.ts.
import type { ClockInstant, ClockSample, Trace, TraceClock } from '../trace/trace.ts';
import { fitted, SIZE } from './metrics.ts';
import { formatNanoseconds, since } from '../trace/nanoseconds.ts';
import { wrap } from './wrap.ts';

export interface Strip {
  readonly width: number;
  readonly height: number;
  /** Where the tracks end, and what is assumed begins. */
  readonly tracks: number;
  /** From left to right. */
  readonly columns: readonly StripColumn[];
  readonly rules: readonly StripRule[];
  readonly marks: readonly StripMark[];
  readonly texts: readonly StripText[];
}

export interface StripColumn {
  readonly x: number;
  readonly width: number;
  /** Steps that were taken at this time. */
  readonly steps: readonly number[];
}

/** A vertical line through everything. */
export interface StripRule {
  readonly kind: ClockInstant['kind'];
  readonly x: number;
  readonly y1: number;
  readonly y2: number;
}

export interface StripMark {
  readonly kind: ClockInstant['kind'] | 'sample' | 'wrong';
  readonly x: number;
  readonly y: number;
  readonly title: string;
  /** The step to go to; null: none of the trace. */
  readonly anchor: number | null;
}

export interface StripText {
  readonly kind: 'time' | 'track' | 'instant' | 'sample' | 'assumed';
  readonly x: number;
  /** Baseline. */
  readonly y: number;
  readonly text: string;
  readonly full: string;
  readonly anchor: number | null;
  readonly wrong: boolean;
}

const GUTTER = 92;
const LINE = 20;
const ASSUMED = 15;
const WIDTH_MIN = 640;
const TOP = 18;
const COLUMN = { min: 96, max: 250, padding: 26 };

/** Null where the scenario has no clock, or nothing ever depended on it. */
export function stripOf(trace: Trace): Strip | null {
  const { clock } = trace;
  if (clock === undefined || clock === null || clock.instants.length + clock.samples.length === 0) return null;
  const times = [...new Set([...clock.instants, ...clock.samples].map((e) => e.time))].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const { tracks, bottom } = tracksOf(clock, times);
  const strip: Writing = { columns: [], rules: [], marks: [], texts: [] };
  let x = GUTTER;
  times.forEach((time, i) => {
    const entries = tracks.flatMap((t) => t.entries.filter((e) => e.time === time).map((e, line) => ({ ...e, y: t.y + line * LINE })));
    const widest = Math.max(0, ...entries.map((e) => e.text.length * SIZE.smallChar + COLUMN.padding));
    const width = Math.min(COLUMN.max, Math.max(COLUMN.min, widest));
    strip.columns.push({ x, width, steps: trace.steps.filter((s) => s.time === time).map((s) => s.index) });
    say(strip, 'time', x, TOP, i === 0 ? `t = ${formatNanoseconds(BigInt(time))}` : since(times[i - 1], time), width - 6);
    for (const e of entries) {
      if (e.rule !== null) strip.rules.push({ kind: e.rule, x, y1: TOP + 5, y2: bottom - 8 });
      strip.marks.push({ kind: e.mark, x, y: e.y - 4, title: e.title, anchor: e.anchor });
      say(strip, e.rule === null ? 'sample' : 'instant', x + 10, e.y, e.text, width - COLUMN.padding, e.anchor, e.mark === 'wrong');
    }
    x += width;
  });
  for (const track of tracks) if (track.entries.length > 0) say(strip, 'track', 8, track.y, track.name, GUTTER - 16);
  const width = Math.max(x, WIDTH_MIN);
  const assumed = clock.assumed.flatMap((a, i) => wrap(`${i === 0 ? 'assumed: ' : ''}${a}`, Math.floor((width - 16) / SIZE.smallChar)));
  assumed.forEach((line, i) => say(strip, 'assumed', 8, bottom + 10 + i * ASSUMED, line, width - 16));
  return { width, height: bottom + 6 + assumed.length * ASSUMED, tracks: bottom - 8, ...strip };
}

/** Instants first, then who looked at a clock, each with the lines that it needs where most happens at one time. */
interface Track {
  readonly name: string;
  readonly y: number;
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly time: string;
  readonly text: string;
  readonly title: string;
  readonly mark: StripMark['kind'];
  readonly rule: ClockInstant['kind'] | null;
  readonly anchor: number | null;
}

function tracksOf(clock: TraceClock, times: readonly string[]): { readonly tracks: readonly Track[]; readonly bottom: number } {
  const tracks: Track[] = [];
  let y = TOP + LINE;
  const add = (name: string, entries: readonly Entry[]): void => {
    tracks.push({ name, y, entries });
    y += Math.max(0, ...times.map((t) => entries.filter((e) => e.time === t).length)) * LINE + 4;
  };
  add('clock', clock.instants.map(instantEntry));
  for (const agent of new Set(clock.samples.map((s) => s.agent))) add(agent, clock.samples.filter((s) => s.agent === agent).map(sampleEntry));
  return { tracks, bottom: y };
}

function instantEntry({ time, kind, text }: ClockInstant): Entry {
  return { time, text, title: `${text} at ${time} ns`, mark: kind, rule: kind, anchor: null };
}

function sampleEntry({ time, agent, what, value, wrong, step }: ClockSample): Entry {
  const text = `${what} \u2192 ${value}`;
  const title = `${agent}: ${text} at ${time} ns${wrong ? ', which the clock never showed' : ''}`;
  return { time, text, title, mark: wrong ? 'wrong' : 'sample', rule: null, anchor: step };
}

type Writing = { readonly [K in 'columns' | 'rules' | 'marks' | 'texts']: Array<Strip[K][number]> };

function say(strip: Writing, kind: StripText['kind'], x: number, y: number, full: string, room: number, anchor: number | null = null, wrong = false): void {
  strip.texts.push({ kind, x, y, text: fitted(full, room, SIZE.smallChar), full, anchor, wrong });
}
