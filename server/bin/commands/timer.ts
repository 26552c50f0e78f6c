// `lifeline timer`: runs the timer emulator alone on a file of vectors, each with what is expected and what came out.
import { exitStatus, formatReport, runVectors } from '../../src/time/vectors.ts';
import { wrong } from './check.ts';
import type { Exit, Io } from './io.ts';
import { parseOptions } from './options.ts';
import { noFile } from './scenarios.ts';

export function timer(args: readonly string[], io: Io): Exit {
  const parsed = parseOptions(args, { '--format': { takes: 'one', of: ['text', 'json'] } });
  if (typeof parsed === 'string') return wrong(parsed, io);
  if (parsed.positional.length !== 1) return wrong('timer wants one .vectors.json file', io);
  const text = io.read(io.relative(parsed.positional[0]));
  if (text === null) return wrong(noFile(parsed.positional[0]), io);
  const report = runVectors(text);
  const format = parsed.texts.get('--format') === 'json' ? 'json' : 'text';
  const printed = formatReport(report, format);
  if (report.errors.length > 0 && format === 'text') io.err(printed.replace(/^(?=.)/gm, `${parsed.positional[0]}: `));
  else io.out(printed);
  return exitStatus(report);
}
