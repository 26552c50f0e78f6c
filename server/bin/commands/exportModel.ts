// `lifeline export`: the transition system of one combination of parameters, written down for another checker.
import { analyse } from '../../src/analysis.ts';
import { runOf } from '../../src/check/run.ts';
import { textOfValue } from '../../src/check/combination.ts';
import { runBoot } from '../../src/checker/boot.ts';
import { makePlainEngine } from '../../src/checker/plain.ts';
import { wasmOr } from '../../src/checker/wasm/engine.ts';
import { combination } from '../../src/export/group.ts';
import { promela } from '../../src/export/promela.ts';
import type { Program } from '../../src/semantics/program.ts';
import { placesOf, wrong } from './check.ts';
import { checkOptions, limitOptions, progressLine } from './explore.ts';
import { type Exit, exit, type Io } from './io.ts';
import { type OptionKinds, parseOptions } from './options.ts';
import { unknownParams } from './params.ts';

const kinds = {
  ...limitOptions,
  '--to': { takes: 'one', of: ['promela', 'tla', 'ir'] },
  '-o': { takes: 'text', what: 'a file' },
} as const satisfies OptionKinds;

export async function exportModel(args: readonly string[], io: Io): Promise<Exit> {
  const parsed = parseOptions(args, kinds);
  if (typeof parsed === 'string') return wrong(parsed, io);
  const to = parsed.texts.get('--to');
  if (parsed.positional.length !== 1 || to === undefined) return wrong('export wants one file and --to promela', io);
  if (to !== 'promela') return wrong(`this version does not export to ${to} yet, only to promela`, io);
  const file = io.relative(parsed.positional[0]);
  const text = io.isFolder(file) ? null : io.read(file);
  if (text === null) return wrong(`there is no file ${parsed.positional[0]}`, io);
  const unknown = unknownParams([file], parsed.pairs, io);
  if (unknown !== null) return wrong(unknown, io);

  const analysis = analyse(file, text, io);
  const errors = analysis.errors.filter((e) => e.severity === 'error');
  if (errors.length > 0) {
    for (const e of errors) io.err(`${file}:${e.range.start.line + 1}:${e.range.start.character + 1}: error: ${e.message} [${e.code}]\n`);
    return exit.wrong;
  }
  const chosen = analysis.programs.filter((p) =>
    Object.entries(parsed.pairs).every(([name, value]) => p.params[name] === undefined || textOfValue(p.params[name]) === value),
  );
  if (chosen.length !== 1) {
    const params = chosen[0]?.paramInfos.map((p) => p.name).filter((name) => parsed.pairs[name] === undefined) ?? [];
    return wrong(
      `${file} has ${chosen.length} combinations of parameters: choose one with --param ${params.join('=... --param ')}=...`,
      io,
    );
  }
  return write(file, chosen[0], parsed.texts.get('-o') ?? null, checkOptions(parsed, io), io);
}

async function write(file: string, program: Program, into: string | null, options: ReturnType<typeof checkOptions>, io: Io): Promise<Exit> {
  // How large the pools have to be is known once it has been explored.
  const progress = (p: Parameters<typeof progressLine>[1]) => io.progress?.(progressLine(file, p));
  const host = {
    now: io.now,
    cancelled: io.cancelled,
    progress: (p: { states: number; statesPerSecond: number; frontier: number; depth: number }) => progress({ ...p, run: 0, runs: 1 }),
  };
  const run = runOf(program, options, host, wasmOr(makePlainEngine));
  let step = run.next();
  while (step.done !== true) {
    await io.pause();
    step = run.next();
  }
  io.progress?.('');
  const { system } = step.value.lowered;
  const boot = runBoot(system, options.maxStates ?? Number.MAX_SAFE_INTEGER);
  let started = boot.next();
  while (started.done !== true) started = boot.next();
  const [initial] = started.value.initials;
  if (initial === undefined) return wrong(`${file}: the scenario never gets past loading its modules and probing its devices`, io);
  const params = combination(Object.fromEntries(Object.entries(program.params).map(([name, value]) => [name, textOfValue(value)])));
  const places = placesOf(io);
  const title = params === '' ? file : `${file}, ${params}`;
  const model = promela(system, initial, { title, where: (place) => `${place.file}:${places.range(place).start.line + 1}` });
  if (into === null) io.out(model);
  else io.write(into, model);
  return exit.fine;
}
