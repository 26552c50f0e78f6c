// `lifeline format`: rewrites files in the one layout there is, or, with --check, names those that differ from it.
import { format as formatText, parseFile } from '../../src/analysis.ts';
import { wrong } from './check.ts';
import { type Exit, exit, type Io } from './io.ts';
import { parseOptions } from './options.ts';
import { scenarioFiles } from './scenarios.ts';

export function format(args: readonly string[], io: Io): Exit {
  const parsed = parseOptions(args, { '--check': { takes: 'nothing' } });
  if (typeof parsed === 'string') return wrong(parsed, io);
  if (parsed.positional.length === 0) return wrong('format wants the files or folders to format', io);
  const files = scenarioFiles(parsed.positional, io, 'all');
  if (typeof files === 'string') return wrong(files, io);
  let status: Exit = exit.fine;
  for (const file of files) {
    const text = io.read(file) ?? '';
    if (parseFile(text).errors.length > 0) {
      io.err(`lifeline: ${file} has syntax errors and is left as it is; \`lifeline check\` tells them\n`);
      status = exit.wrong;
      continue;
    }
    const formatted = formatText(text);
    if (formatted === text) continue;
    if (parsed.flags.has('--check')) {
      io.out(`${file}\n`);
      if (status === exit.fine) status = exit.different;
    } else {
      io.write(file, formatted);
      io.err(`formatted ${file}\n`);
    }
  }
  return status;
}
