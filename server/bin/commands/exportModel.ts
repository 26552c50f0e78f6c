// `lifeline export`: the transition system of one combination of parameters, written down for another checker.
import { runOf } from '../../src/check/run.ts';
import { textOfValue } from '../../src/check/combination.ts';
import { runBoot } from '../../src/checker/boot.ts';
import { makePlainEngine } from '../../src/checker/plain.ts';
import { wasmOr } from '../../src/checker/wasm/engine.ts';
import { combination } from '../../src/export/group.ts';
import { promela } from '../../src/export/promela.ts';
import { systemJson } from '../../src/export/systemJson.ts';
import type { Places } from '../../src/export/places.ts';
import type { System } from '../../src/system/system.ts';
import { placesOf, wrong } from './check.ts';
import { checkOptions, limitOptions, progressLine } from './explore.ts';
import { type Exit, exit, type Io } from './io.ts';
import { type OneProgram, oneProgram } from './oneProgram.ts';
import { type OptionKinds, parseOptions } from './options.ts';

const kinds = {
  ...limitOptions,
  '--to': { takes: 'one', of: ['promela', 'ir'] },
  '-o': { takes: 'text', what: 'a file' },
} as const satisfies OptionKinds;

export async function exportModel(args: readonly string[], io: Io): Promise<Exit> {
  const parsed = parseOptions(args, kinds);
  if (typeof parsed === 'string') return wrong(parsed, io);
  const to = parsed.texts.get('--to');
  if (parsed.positional.length !== 1 || to === undefined) return wrong('export wants one file and --to promela or --to ir', io);
  const one = oneProgram(parsed.positional[0], parsed, io);
  if (typeof one === 'number') return one;
  return write(one, to, parsed.texts.get('-o') ?? null, checkOptions(parsed, io), io);
}

async function write({ file, program }: OneProgram, to: string, into: string | null, options: ReturnType<typeof checkOptions>, io: Io): Promise<Exit> {
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
  const { initials } = started.value;
  if (initials.length === 0) return wrong(`${file}: the scenario never gets past loading its modules and probing its devices`, io);
  const params = Object.fromEntries(Object.entries(program.params).map(([name, value]) => [name, textOfValue(value)]));
  const places = placesOf(io);
  const model = to === 'ir' ? systemJson(system, { file, params, initials }, places) : promelaModel(file, params, system, initials[0], places);
  if (into === null) io.out(model);
  else io.write(into, model);
  return exit.fine;
}

function promelaModel(file: string, params: Readonly<Record<string, string>>, system: System, initial: readonly number[], places: Places): string {
  const chosen = combination(params);
  const title = chosen === '' ? file : `${file}, ${chosen}`;
  return promela(system, initial, { title, where: (place) => `${place.file}:${places.range(place).start.line + 1}` });
}
