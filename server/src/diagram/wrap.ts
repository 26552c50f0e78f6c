// Breaks text for plain mails: ASCII, a fixed width, continuation lines with an indent of their own.

/** Lines of at most `width` characters; a word that is longer than a line is cut. Later lines begin with `indent` spaces. */
export function wrap(text: string, width: number, indent = 0): readonly string[] {
  const room = Math.max(8, width);
  const deep = Math.min(indent, Math.floor(room / 2));
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((w) => w !== '')) {
    let rest = word;
    for (;;) {
      const start = lines.length === 0 ? '' : ' '.repeat(deep);
      const next = line === '' ? start + rest : `${line} ${rest}`;
      if (next.length <= room) {
        line = next;
        break;
      }
      if (line !== '') {
        lines.push(line);
        line = '';
        continue;
      }
      const at = breakAt(rest, room - start.length);
      lines.push(start + rest.slice(0, at));
      rest = rest.slice(at);
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Behind a bracket, dot, comma or underscore where there is one in the second half. */
function breakAt(word: string, room: number): number {
  for (let i = room; i > room / 2; i--) if ('(.,_-/'.includes(word[i - 1])) return i;
  return room;
}

/** What a mail archive may mangle is spelled out. */
export function ascii(text: string): string {
  return text
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\u2026/g, '...')
    .replace(/[\u2192\u21d2]/g, '->')
    .replace(/\u00d7/g, 'x')
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/[\t\n\r]/g, ' ')
    .replace(/[^\x20-\x7e]/g, '?');
}
