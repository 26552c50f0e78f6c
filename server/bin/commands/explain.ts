// `lifeline explain`: the page of one verdict, or of one diagnostic of a file's text.
import { codes } from '../../src/base/codes.ts';
import { nearest } from '../../src/base/nearest.ts';
import { VERDICTS } from '../../src/base/verdicts.ts';
import { verdictPage } from '../../src/export/verdictPages.ts';
import { wrong } from './check.ts';
import { type Exit, exit, type Io } from './io.ts';
import { parseOptions } from './options.ts';

export function explain(args: readonly string[], io: Io): Exit {
  const parsed = parseOptions(args, {});
  if (typeof parsed === 'string') return wrong(parsed, io);
  if (parsed.positional.length !== 1) return wrong(`explain wants one of ${Object.keys(VERDICTS).join(', ')}`, io);
  const [kind] = parsed.positional;
  const page = verdictPage(kind) ?? codePage(kind);
  if (page !== null) {
    io.out(page);
    return exit.fine;
  }
  const near = nearest(kind, [...Object.keys(VERDICTS), ...Object.values(codes).map((c) => c.code)]);
  return wrong(`there is no verdict or diagnostic ${kind}${near === null ? '' : `, did you mean ${near}?`}`, io);
}

function codePage(name: string): string | null {
  const code = Object.values(codes).find((c) => c.code === name);
  return code === undefined ? null : `# ${code.code}\n\n${code.title}.\n\n${code.explanation}\n`;
}
