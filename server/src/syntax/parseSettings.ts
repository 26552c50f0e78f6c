// What a scenario says of its clocks and of how its kernel is built, as `name = value` entries: `time { mmio = 300ns..1us; preempt = 4us each }`,
// `ptimer of gpu { grain = 32 }`, `config { DEBUG_SHIRQ = y }`.
import { codes } from '../base/codes.ts';
import type { Cursor } from './cursor.ts';
import { parseBody } from './parseBody.ts';
import { parseExpression } from './parseExpression.ts';
import { describe } from './token.ts';
import type { Expression, Name, Setting, Settings } from './tree.ts';

/** Behind the keyword. */
export function parseSettings(c: Cursor, keyword: Settings['keyword'], start: number, doc: string | null): Settings {
  let of: Name | null = null;
  if (keyword === 'ptimer') {
    c.expectWord('of');
    of = c.name('a device');
  }
  const entries: Setting[] = [];
  parseBody(c, { what: `\`${keyword}\``, flat: true }, () => setting(c, entries));
  return { kind: 'settings', keyword, of, entries, doc, start, end: c.lastEnd };
}

function setting(c: Cursor, into: Setting[]): void {
  const { start, doc } = c.token;
  if (!c.at('word')) {
    c.error(codes.syntax, c.token, `a setting expected (\`name = value\`), found ${describe(c.token)}`);
    c.skipLine();
    return;
  }
  const name = c.takeName();
  let value: Expression = { kind: 'hole', start: c.lastEnd, end: c.lastEnd };
  let upTo: Expression | null = null;
  if (c.follows('=')) {
    c.take();
    value = parseExpression(c);
    if (c.follows('..')) {
      c.takeJoining();
      upTo = parseExpression(c);
    }
  } else {
    c.missing('`=` and a value');
  }
  const word = c.followsWord('each') ? c.take() : null;
  const each = word === null ? null : { start: word.start, end: word.end };
  into.push({ kind: 'setting', name, value, upTo, each, doc, start, end: c.lastEnd });
  if (c.at(',') || c.at(';')) c.take();
  else if (!c.lineEnds && !c.at('}')) {
    c.error(codes.syntax, c.token, `unexpected ${describe(c.token)}: a setting ends with its line`);
    c.skipLine();
  }
}
