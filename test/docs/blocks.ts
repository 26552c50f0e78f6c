// The fenced blocks of a Markdown page, with what stands around them: documentation that a program can read.

export interface Block {
  readonly page: string;
  /** Zero-based line of the opening fence. */
  readonly line: number;
  /** `lifeline`, `text`, `sh`, ... */
  readonly language: string;
  readonly text: string;
  /** The fenced block that follows with nothing but white space between. */
  readonly next: { readonly language: string; readonly text: string; readonly line: number } | null;
}

export function blocksOf(page: string, markdown: string): readonly Block[] {
  const lines = markdown.split('\n');
  const found: { language: string; text: string; line: number; end: number }[] = [];
  for (let i = 0; i < lines.length; i++) {
    const open = /^```(\S*)/.exec(lines[i]);
    if (open === null) continue;
    let end = i + 1;
    while (end < lines.length && lines[end] !== '```') end++;
    found.push({
      language: open[1],
      text: lines
        .slice(i + 1, end)
        .map((l) => `${l}\n`)
        .join(''),
      line: i,
      end,
    });
    i = end;
  }
  return found.map(({ language, text, line, end }, i) => {
    const next = found.at(i + 1);
    const follows = next !== undefined && lines.slice(end + 1, next.line).every((l) => l.trim() === '');
    return { page, line, language, text, next: follows ? { language: next.language, text: next.text, line: next.line } : null };
  });
}

/** A scenario of its own around declarations that are shown without one. The lines added come first. */
export function wholeFile(text: string): { readonly text: string; readonly added: number } {
  if (/^(scenario|library) /m.test(text)) return { text, added: 0 };
  const head = 'scenario example\n\nuse driver_core, pci, misc\n\n';
  return { text: head + text, added: head.split('\n').length - 1 };
}

/** What `//  ^^^ message` comments say of the line above them: line, characters from and to, and the message. */
export function markers(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const mark = /^(\/\/ *)(\^+) (.+)$/.exec(line);
    if (mark === null) return [];
    let above = i - 1;
    while (/^\/\/ *\^+ /.test(lines[above])) above--;
    return [`${above + 1}:${mark[1].length + 1}-${mark[1].length + mark[2].length + 1} ${mark[3]}`];
  });
}
