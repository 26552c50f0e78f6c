// Sizes of a picture in pixels, and how much text fits where. Text is monospaced, so that its width is known without measuring.

export const SIZE = {
  /** Width of a character of labels (12 px) and of effects (10.5 px), with a little to spare for wide fonts. */
  char: 7.3,
  smallChar: 6.4,
  titleChar: 7.9,
  header: 50,
  gutter: 38,
  /** From a lane's left edge to its lifeline. */
  inset: 14,
  /** From a lifeline to the labels beside it. */
  labelGap: 12,
  indent: 12,
  lanePadding: 18,
  barWidth: 8,
  barOffset: 5,
  actorMin: 104,
  actorMax: 310,
  objectMin: 72,
  objectMax: 150,
  rows: { call: 25, step: 25, fold: 20, wait: 22, verdict: 20, violation: 32 },
  bottom: 14,
} as const;

/** The text, cut with an ellipsis where it is wider than `room` pixels. */
export function fitted(text: string, room: number, char: number): string {
  const most = Math.max(1, Math.floor(room / char));
  return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1)).trimEnd()}\u2026`;
}

/** Width of a character in the label of a row. */
export function charOf(kind: 'call' | 'step' | 'fold' | 'wait'): number {
  return kind === 'fold' || kind === 'wait' ? SIZE.smallChar : SIZE.char;
}
