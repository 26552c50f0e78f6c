// `lifeline simulate`: one random run, printed as a trace. It can show that something happens, never that something does not.
import { type SimulationOptions, simulate as run } from '../../src/check/simulate.ts';
import { printTrace } from '../../src/trace/print.ts';
import { placesOf, wrong } from './check.ts';
import { type Exit, exit, type Io } from './io.ts';
import { oneProgram } from './oneProgram.ts';
import { type OptionKinds, parseOptions } from './options.ts';

const kinds = {
  '--param': { takes: 'pairs' },
  '--seed': { takes: 'integer', min: 0 },
  '--steps': { takes: 'integer', min: 1 },
} as const satisfies OptionKinds;

const STEPS = 200;

export function simulate(args: readonly string[], io: Io): Exit {
  const parsed = parseOptions(args, kinds);
  if (typeof parsed === 'string') return wrong(parsed, io);
  if (parsed.positional.length !== 1) return wrong('simulate wants one file', io);
  const one = oneProgram(parsed.positional[0], parsed, io);
  if (typeof one === 'number') return one;
  const options: SimulationOptions = {
    seed: parsed.numbers.get('--seed') ?? Math.floor(io.now() * 1000) % 1_000_000,
    steps: parsed.numbers.get('--steps') ?? STEPS,
  };
  const simulation = run(one.program, options);
  if (simulation === null) return wrong(`${one.file}: the scenario never gets past loading its modules and probing its devices`, io);
  const places = placesOf(io);
  const name = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  io.out(printTrace(simulation.trace, { where: (at) => `${name(at.file)}:${places.range(at).start.line + 1}` }));
  for (const { kind, message, step } of simulation.met) io.out(`on the way, step ${step + 1}: ${kind}: ${message}\n`);
  io.out(`(one run of many, seed ${options.seed}: \`lifeline check\` looks at all)\n`);
  return exit.fine;
}
