// The registers that set the counter's rate: NUMERATOR and DENOMINATOR, CLOCK_SOURCE, TIMER_CFG0/1. What counts is counter.ts.
import type { Generation } from './generation.ts';

export type ClockRegister = 'numerator' | 'denominator' | 'clockSource' | 'config0' | 'config1';

/** The clocks that may be divided, in kHz. */
export interface Clocks {
  readonly crystalKHz: bigint;
  /** The host, core or memory clock, TCLK, or the 108 MHz reference: what the generation counts. */
  readonly sourceKHz: bigint;
  /** Width of DIV in CLOCK_SOURCE. */
  readonly divBits: 4 | 5;
}

const writable: Readonly<Record<Exclude<ClockRegister, 'clockSource'>, number>> = {
  numerator: 0xffff,
  denominator: 0xffff,
  config0: 0x7001f,
  config1: 0x3f,
};

/** Power-on values: 9 + 7/27 ns each period of 108 MHz, and a ratio of nothing, with which the counter stands still. */
const reset: Readonly<Record<ClockRegister, number>> = { numerator: 0, denominator: 0, clockSource: 0, config0: 0x7001b, config1: 9 };

export class ClockRegisters {
  private readonly values: Record<ClockRegister, number> = { ...reset };
  private readonly generation: Generation;
  private readonly clocks: Clocks;

  /** `cold`: as after power-on; else as firmware leaves it, one to one. */
  constructor(generation: Generation, clocks: Clocks, cold: boolean) {
    this.generation = generation;
    this.clocks = clocks;
    if (!cold && generation.rate === 'ratio') this.values.numerator = this.values.denominator = 1;
  }

  read(r: ClockRegister): number {
    return this.values[r];
  }

  write(r: ClockRegister, value: number): void {
    const mask = r === 'clockSource' ? 0x100ff | (((1 << this.clocks.divBits) - 1) << 8) : writable[r];
    this.values[r] = value & mask;
  }

  /** ns of counter time for each ns of host time, as a fraction. A zero divider is forbidden; here it stops the counter. */
  rate(): readonly [bigint, bigint] {
    const v = this.values;
    switch (this.generation.rate) {
      case 'fixed':
        return [this.clocks.sourceKHz, 31250n];
      case 'ratio': {
        if (v.numerator === 0) return [0n, 1n];
        const [source, div] = this.source();
        return [source * BigInt(v.denominator), div * BigInt(v.numerator) * 31250n];
      }
      case 'config': {
        const integer = BigInt(v.config1);
        const num = BigInt(v.config0 >> 16);
        const den = BigInt(v.config0 & 0x1f);
        const [a, b] = den === 0n ? [integer, 1n] : [integer * den + num, den];
        return [this.clocks.sourceKHz * a, b * 1_000_000n];
      }
    }
  }

  /** The clock that is divided, in kHz, as a fraction. */
  private source(): readonly [bigint, bigint] {
    const external = !this.generation.clockSource || (this.values.clockSource & 0x10000) !== 0;
    if (external) return [this.clocks.sourceKHz, 1n];
    const mul = BigInt((this.values.clockSource & 0xff) + 1);
    const div = BigInt(((this.values.clockSource >> 8) & ((1 << this.clocks.divBits) - 1)) + 1);
    return [this.clocks.crystalKHz * mul, div];
  }
}
