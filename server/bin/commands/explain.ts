// `lifeline explain`: the page of one verdict, or of one diagnostic of a file's text.
import { prelude } from '../../src/analysis.ts';
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
  const page = verdictPage(kind) ?? codePage(kind) ?? primitivePage(kind);
  if (page !== null) {
    io.out(page);
    return exit.fine;
  }
  const near = nearest(kind, [...prelude.functions.map((p) => p.name), ...Object.keys(VERDICTS), ...Object.values(codes).map((c) => c.code)]);
  return wrong(`there is no verdict, diagnostic or primitive ${kind}${near === null ? '' : `, did you mean ${near}?`}`, io);
}

function primitivePage(name: string): string | null {
  const p = prelude.functions.find((f) => f.name === name);
  if (p === undefined) return null;
  const parameters = p.parameters.map((a) => `${a.name}${a.optional === true ? '?' : ''}: ${a.type}`).join(', ');
  const { doc } = p;
  const facts = [['Guarantees', doc.guarantees], ['Blocks on', doc.blocksOn], ['May run in', doc.contexts], ['Models', doc.source]];
  return `# ${p.name}(${parameters})${p.returns === 'void' ? '' : ` -> ${p.returns}`}\n\n${doc.summary}\n\n${facts.filter(([, text]) => text !== undefined).map(([title, text]) => `${title}: ${text}\n`).join('')}`;
}

function codePage(name: string): string | null {
  const code = Object.values(codes).find((c) => c.code === name);
  return code === undefined ? null : `# ${code.code}\n\n${code.title}.\n\n${code.explanation}\n`;
}
