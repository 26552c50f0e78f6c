// `lifeline trace`: prints one counterexample of a file, in the form asked for.
import { checkText } from '../../src/export/checkText.ts';
import { byGravity, groups, outcome, violationNumber } from '../../src/export/group.ts';
import { plural } from '../../src/export/summary.ts';
import { traceAs, type TraceForm, traceForms } from '../../src/export/traceAs.ts';
import { placesOf, wrong } from './check.ts';
import { checkOptions, explore, limitOptions } from './explore.ts';
import { type Exit, exit, type Io } from './io.ts';
import { type OptionKinds, parseOptions } from './options.ts';
import { unknownParams } from './params.ts';
import { noFile } from './scenarios.ts';

const kinds = {
  ...limitOptions,
  '--violation': { takes: 'integer', min: 1 },
  '--as': { takes: 'one', of: traceForms },
  '--width': { takes: 'integer', min: 40 },
} as const satisfies OptionKinds;

export async function trace(args: readonly string[], io: Io): Promise<Exit> {
  const parsed = parseOptions(args, kinds);
  if (typeof parsed === 'string') return wrong(parsed, io);
  if (parsed.positional.length !== 1) return wrong('trace wants one file', io);
  const file = io.relative(parsed.positional[0]);
  const text = io.isFolder(file) ? null : io.read(file);
  if (text === null) return wrong(noFile(parsed.positional[0]), io);
  const unknown = unknownParams([file], parsed.pairs, io);
  if (unknown !== null) return wrong(unknown, io);

  const result = await explore(file, text, checkOptions(parsed, io), file, io);
  const places = placesOf(io);
  if (outcome(result) === 'errors') {
    io.err(checkText(result, places, { color: false, quiet: true }));
    return exit.wrong;
  }
  const number = parsed.numbers.get('--violation') ?? byGravity(groups(result))[0]?.number ?? 1;
  const found = violationNumber(result, number);
  if (found === null) {
    const violations = result.runs.reduce((sum, run) => sum + run.violations.length, 0);
    const early = result.incomplete ? ' in the part that was explored' : '';
    return wrong(
      violations === 0
        ? `${file}: there is no violation${early}`
        : `${file}: there ${violations === 1 ? 'is' : 'are'} only ${plural(violations, 'violation')}${early}`,
      io,
    );
  }
  const form = (parsed.texts.get('--as') ?? 'text') as TraceForm;
  io.out(traceAs(form, { file, params: found.run.params, violation: found.violation, places, width: parsed.numbers.get('--width') ?? 72 }));
  return exit.fine;
}
