// What the routine tables share: how an entry is declared, how a bench run becomes an outcome, and the arguments that many routines have.
import { run } from '../bench.ts';
import type { Condition, Run, Setup } from '../setup.ts';
import { type TimeAddress, type TimeVia, timeAddresses } from '../routines/reads.ts';
import type { Returned, Steps } from '../steps.ts';
import { conditionShape, duration, type Inputs, setup, viaShape } from './inputs.ts';
import type { Outcome, OutcomeValue } from './outcome.ts';
import { type InputError, object, type Shape } from './shape.ts';

/** A vector of kind "routine", read. `expect` is only here for what is looked up because it was asked for. */
export interface RoutineInput extends Inputs {
  readonly expect: Outcome;
}

export interface RoutineEntry {
  /** One line for the documentation. */
  readonly about: string;
  readonly args: Shape<unknown>;
  /** Reads the arguments and gives what to run; undefined after an error. */
  readonly bind: (args: unknown, path: string, errors: InputError[]) => ((input: RoutineInput) => Outcome) | undefined;
}

export function entry<A>(about: string, args: Shape<A>, compute: (args: A, input: RoutineInput) => Outcome): RoutineEntry {
  return {
    about,
    args,
    bind(value, path, errors) {
      const read = args.read(value ?? {}, path, errors);
      return read === undefined ? undefined : (input) => compute(read, input);
    },
  };
}

/** Arguments of a wait on the device's clock. */
export const deviceWait = object({ timeout: duration }, { cond: conditionShape, via: viaShape }, 'timeout in ns; cond: default never');
export const readArgs = { via: viaShape };

export function address(via: TimeVia | undefined, input: Inputs): TimeAddress {
  return timeAddresses[via ?? (input.device?.generation === 'nv1' ? 'nv1' : 'ptimer')];
}

/** A wait that the oracle judges by its timeout. */
export function wait(
  input: RoutineInput,
  steps: Steps<Returned>,
  timeout: bigint,
  condition: Condition | undefined,
  own: Partial<Setup> = {},
): Outcome {
  return outcome(run(steps, { ...setup(input, condition, timeout), waits: true, ...own }), input.expect);
}

/** Anything else that runs against the device. */
export function plain(input: RoutineInput, steps: Steps<Returned>): Outcome {
  return outcome(run(steps, setup(input)), input.expect);
}

/** What every run on a device computes. `expected` names the registers that are looked up at the end. */
export function outcome(r: Run, expected: Outcome): Outcome {
  const { returned, counts, device } = r;
  const [ticks, per] = device.tickKHz();
  const done = r.end === 'returned';
  return {
    end: r.end,
    ...(r.why === null ? {} : { why: r.why }),
    errno: returned?.errno ?? null,
    cause: returned?.cause ?? null,
    ...(returned?.value === undefined ? {} : { value: returned.value }),
    ...(returned?.values === undefined ? {} : { values: returned.values }),
    ...(returned?.lastTime === undefined ? {} : { lastTime: returned.lastTime }),
    ...(returned?.deadline === undefined ? {} : { deadline: returned.deadline }),
    // Where a run was stopped says nothing about the routine, so a run without a return has no totals.
    ...(done ? { ...counts, time: r.time, elapsed: r.elapsed } : { readsPerPass: r.readsPerPass }),
    tickKHz: per === 1n ? ticks.toString() : `${ticks}/${per}`,
    line: device.line(),
    countdownInterrupts: device.countdownInterrupts.length,
    ...samples(r, expected['samples']),
    ...registers(r, expected['registers']),
    verdicts: r.verdicts,
  };
}

function samples(r: Run, wanted: OutcomeValue | undefined): Outcome {
  if (!Array.isArray(wanted)) return {};
  return { samples: r.samples.slice(0, wanted.length).map((s) => BigInt(s.value)) };
}

function registers(r: Run, wanted: OutcomeValue | undefined): Outcome {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return {};
  return { registers: Object.fromEntries(Object.keys(wanted).map((offset) => [offset, BigInt(r.device.peek(Number(offset)))])) };
}
