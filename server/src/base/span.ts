// Half-open ranges of text. Everything that points into a file uses these; line/character pairs exist only at the edges.

/** UTF-16 offsets into one file, `start <= end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A span together with the file that it is in. Files are named by URI or, for shipped libraries, `lifeline:/library/misc.lifeline`. */
export interface Place {
  readonly file: string;
  readonly span: Span;
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Maps offsets to zero-based line/character (UTF-16) and back; out-of-range input is clamped. */
export class LineMap {
  private readonly starts: number[] = [0];
  private readonly length: number;

  constructor(text: string) {
    this.length = text.length;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) this.starts.push(i + 1);
    }
  }

  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: at - this.starts[low] };
  }

  offset(position: Position): number {
    if (position.line < 0) return 0;
    if (position.line >= this.starts.length) return this.length;
    const end = position.line + 1 < this.starts.length ? this.starts[position.line + 1] : this.length;
    return Math.min(this.starts[position.line] + Math.max(0, position.character), end);
  }

  range(span: Span): Range {
    return { start: this.position(span.start), end: this.position(span.end) };
  }
}
