// What a picture of a trace consists of, in pixels: made by layout.ts, drawn by svg.ts and by the webview. Nothing here knows how to draw.
import type { Lane } from '../trace/trace.ts';

export interface Diagram {
  readonly width: number;
  readonly height: number;
  /** Width when every lane has room for its own words, and whether that was too much: then agents' words share one room. */
  readonly wideWidth: number;
  readonly compact: boolean;
  /** Everything below stays in place when the header is drawn apart, above what scrolls. */
  readonly headerHeight: number;
  readonly lanes: readonly LaneBox[];
  readonly rows: readonly DiagramRow[];
  readonly segments: readonly Segment[];
  readonly bars: readonly Bar[];
  readonly arrows: readonly Arrow[];
  readonly labels: readonly TextLabel[];
  readonly marks: readonly Mark[];
}

export interface LaneBox {
  readonly id: string;
  readonly kind: Lane['kind'];
  readonly actor: boolean;
  readonly title: string;
  /** `process`, `module text`. */
  readonly subtitle: string;
  readonly left: number;
  readonly right: number;
  /** How far words may go: the lane's end, or the end of all agents' lanes where these share their room. */
  readonly wordsRight: number;
  /** Where its lifeline runs. */
  readonly x: number;
}

export interface DiagramRow {
  readonly kind: 'call' | 'step' | 'fold' | 'wait' | 'verdict';
  readonly y: number;
  readonly height: number;
  readonly lane: string | null;
  /** Steps that happen here; empty for rows that only announce or tell. */
  readonly steps: readonly number[];
  /** Step to go to when the row is pointed at. */
  readonly anchor: number;
  /** What the row says, whole. */
  readonly text: string;
  readonly violation: boolean;
  /** Another agent than in the row before. */
  readonly turn: boolean;
}

/** A piece of a lifeline. `unborn`: there is nothing yet. */
export interface Segment {
  readonly lane: string;
  readonly x: number;
  readonly y1: number;
  readonly y2: number;
  readonly state: 'actor' | 'alive' | 'dead' | 'unborn';
  /** The object that the finding is about. */
  readonly focus: boolean;
}

export interface Bar {
  /** `call`: an agent inside a call. `text`: somebody runs in a module's text; `gone`: in text that is not there any more. `blocked`: hatched. */
  readonly kind: 'call' | 'library' | 'text' | 'gone' | 'blocked';
  readonly lane: string;
  readonly x: number;
  readonly width: number;
  readonly y1: number;
  readonly y2: number;
  readonly title: string;
}

export interface Arrow {
  /** `access`: the use that goes wrong. `wake`: lets another agent go on. */
  readonly kind: 'call' | 'change' | 'alloc' | 'free' | 'access' | 'wake';
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
  readonly anchor: number;
  readonly title: string;
}

export interface TextLabel {
  readonly kind: 'call' | 'step' | 'fold' | 'wait' | 'effect' | 'life' | 'verdict' | 'number';
  readonly lane: string | null;
  readonly x: number;
  /** Baseline. */
  readonly y: number;
  /** Room that the text takes, by the metrics that it was fitted with. */
  readonly width: number;
  readonly text: string;
  /** The whole text where `text` is cut; the same otherwise. */
  readonly full: string;
  readonly anchor: number;
  readonly library: boolean;
  readonly violation: boolean;
}

export interface Mark {
  readonly kind: 'birth' | 'death' | 'violation' | 'refused' | 'stuck';
  readonly lane: string;
  readonly x: number;
  readonly y: number;
  readonly title: string;
}
