// `lifeline check`: explores every file named and prints what was found, for people or for other programs.
import { type FileResult, libraryText } from '../../src/analysis.ts';
import { checkText } from '../../src/export/checkText.ts';
import { outcome } from '../../src/export/group.ts';
import { checkJunit } from '../../src/export/junit.ts';
import { type Places, placesIn, shippedLibrary } from '../../src/export/places.ts';
import { checkJson } from '../../src/export/resultJson.ts';
import { checkSarif } from '../../src/export/sarif.ts';
import { checkOptions, explore, limitOptions } from './explore.ts';
import { type Exit, exit, type Io } from './io.ts';
import { type OptionKinds, parseOptions } from './options.ts';
import { unknownParams } from './params.ts';
import { scenarioFiles } from './scenarios.ts';

const kinds = {
  ...limitOptions,
  '--format': { takes: 'one', of: ['text', 'json', 'sarif', 'junit'] },
  '--quiet': { takes: 'nothing' },
  '--no-color': { takes: 'nothing' },
} as const satisfies OptionKinds;

export async function check(args: readonly string[], io: Io): Promise<Exit> {
  const parsed = parseOptions(args, kinds);
  if (typeof parsed === 'string') return wrong(parsed, io);
  if (parsed.positional.length === 0) return wrong('check wants the files or folders to check', io);
  const files = scenarioFiles(parsed.positional, io, 'scenarios');
  if (typeof files === 'string') return wrong(files, io);
  const unknown = unknownParams(files, parsed.pairs, io);
  if (unknown !== null) return wrong(unknown, io);

  const format = parsed.texts.get('--format') ?? 'text';
  const options = checkOptions(parsed, io);
  const places = placesOf(io);
  const text = { color: io.color && !parsed.flags.has('--no-color'), quiet: parsed.flags.has('--quiet') };
  const results: FileResult[] = [];
  for (const [i, file] of files.entries()) {
    const title = files.length === 1 ? file : `${file} (${i + 1} of ${files.length})`;
    const result = await explore(file, io.read(file) ?? '', options, title, io);
    results.push(result);
    if (format === 'text') io.out(checkText(result, places, text));
    if (io.cancelled()) break;
  }
  const withPlaces = results.map((result) => ({ result, places }));
  if (format === 'json') io.out(checkJson(withPlaces));
  if (format === 'sarif') io.out(checkSarif(io.version, withPlaces));
  if (format === 'junit') io.out(checkJunit(results));
  if (format === 'text' && files.length > 1 && !text.quiet) io.out(tally(results, files.length));
  if (io.cancelled() && results.length < files.length)
    io.err(`lifeline: cancelled; ${files.length - results.length} of ${files.length} files were not looked at\n`);
  return io.cancelled() ? exit.incomplete : status(results);
}

/** Errors go before red, red before incomplete. */
export function status(results: readonly FileResult[]): Exit {
  const outcomes = results.map(outcome);
  if (outcomes.includes('errors')) return exit.wrong;
  if (outcomes.includes('red')) return exit.different;
  return outcomes.includes('incomplete') ? exit.incomplete : exit.fine;
}

export function placesOf(io: Io): Places {
  return placesIn((file) => (shippedLibrary(file) === null ? io.read(file) : libraryText(file)));
}

export function wrong(message: string, io: Io): Exit {
  io.err(`lifeline: ${message}\n`);
  return exit.wrong;
}

function tally(results: readonly FileResult[], files: number): string {
  const outcomes = results.map(outcome);
  const parts = (['green', 'red', 'incomplete', 'errors'] as const).flatMap((o) => {
    const n = outcomes.filter((x) => x === o).length;
    return n === 0 ? [] : [o === 'errors' ? `${n} with errors` : `${n} ${o}`];
  });
  return `${files} files: ${parts.join(', ')}\n`;
}
