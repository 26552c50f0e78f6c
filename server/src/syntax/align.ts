// Columns: types of neighbouring fields, clauses of neighbouring expectations, braces of neighbouring one-line processes, comments.

export interface Line {
  /** Spaces before `text`. */
  readonly indent: number;
  /** Without the comment at the end. May hold newlines, where text is raw: such a line aligns with none. */
  text: string;
  /** A comment behind code. */
  comment: string | null;
  /** How far right of the indentation the comment stood before. */
  commentOffset: number;
  /** Where spaces go, so that what follows stands in a column with the same point of the neighbours. */
  readonly point: { readonly kind: 'type' | 'clause' | 'brace'; readonly at: number } | null;
  /** A comment alone on its line: it interrupts no column of code. */
  readonly transparent: boolean;
  readonly blankBefore: boolean;
}

export function align(lines: readonly Line[]): void {
  alignPoints(lines);
  alignComments(lines);
}

function alignPoints(lines: readonly Line[]): void {
  for (let i = 0; i < lines.length; ) {
    const { point, indent } = lines[i];
    if (point === null) {
      i++;
      continue;
    }
    const run = [lines[i]];
    let next = i + 1;
    for (; next < lines.length && !lines[next].blankBefore; next++) {
      const line = lines[next];
      if (line.transparent && line.indent === indent) continue;
      if (line.point?.kind !== point.kind || line.indent !== indent) break;
      run.push(line);
    }
    const widest = Math.max(...run.map((line) => line.point?.at ?? 0));
    for (const line of run) {
      const at = line.point?.at ?? 0;
      line.text = line.text.slice(0, at) + ' '.repeat(widest - at) + line.text.slice(at);
    }
    i = next;
  }
}

/** Comments that stood in one column stay in it, where the code leaves room; others go two spaces behind the longest line. */
function alignComments(lines: readonly Line[]): void {
  for (let i = 0; i < lines.length; i++) {
    if (lines[i].comment === null) continue;
    const run = [lines[i]];
    while (i + 1 < lines.length && lines[i + 1].comment !== null && !lines[i + 1].blankBefore) run.push(lines[++i]);
    const longest = Math.max(...run.map(width));
    const column = run[0].indent + run[0].commentOffset;
    const stays = column > longest && run.every((line) => line.indent + line.commentOffset === column);
    for (const line of run) {
      line.text += ' '.repeat((stays ? column : longest + 2) - width(line)) + (line.comment ?? '');
      line.comment = null;
    }
  }
}

function width(line: Line): number {
  return line.indent + line.text.length - (line.text.lastIndexOf('\n') + 1);
}
