// Commands that work on one combination of params: finds the file's program for it, or says what is missing.
import { analyse } from '../../src/analysis.ts';
import { textOfValue } from '../../src/check/combination.ts';
import type { Program } from '../../src/semantics/program.ts';
import { wrong } from './check.ts';
import { type Exit, exit, type Io } from './io.ts';
import type { Parsed } from './options.ts';
import { unknownParams } from './params.ts';
import { noFile } from './scenarios.ts';

export interface OneProgram {
  /** Path from the working directory. */
  readonly file: string;
  readonly program: Program;
}

/** The exit status where there is no such file, it has errors, or `--param` leaves more than one combination; all said on standard error. */
export function oneProgram(path: string, parsed: Parsed, io: Io): OneProgram | Exit {
  const file = io.relative(path);
  const text = io.isFolder(file) ? null : io.read(file);
  if (text === null) return wrong(noFile(path), io);
  const unknown = unknownParams([file], parsed.pairs, io);
  if (unknown !== null) return wrong(unknown, io);
  const analysis = analyse(file, text, io);
  const errors = analysis.errors.filter((e) => e.severity === 'error');
  for (const e of errors) io.err(`${file}:${e.range.start.line + 1}:${e.range.start.character + 1}: error: ${e.message} [${e.code}]\n`);
  if (errors.length > 0) return exit.wrong;
  const chosen = analysis.programs.filter((p) =>
    Object.entries(parsed.pairs).every(([name, value]) => p.params[name] === undefined || textOfValue(p.params[name]) === value),
  );
  if (chosen.length === 1) return { file, program: chosen[0] };
  const open = chosen[0]?.paramInfos.map((p) => p.name).filter((name) => parsed.pairs[name] === undefined) ?? [];
  const missing = `choose one with --param ${open.join('=... --param ')}=...`;
  return wrong(`${file} has ${chosen.length} combinations of parameters: ${missing}`, io);
}
