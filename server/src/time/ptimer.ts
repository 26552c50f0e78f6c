// The PTIMER as a device model: registers in, registers out, interrupt line, exact to the nanosecond. Who reads it when, and what that
// costs, is bench.ts. Facts: envytools ptimer.rst, NVIDIA's dev_timer manuals and published headers; what no source says is an option.
import { type ClockRegister, ClockRegisters } from './clockRegisters.ts';
import { countdownMask, Countdowns } from './countdowns.ts';
import { Counter, rollOverNs, tickNs } from './counter.ts';
import { generation, type Generation, type GenerationName, type WriteLoad } from './generation.ts';
import { inTimerBlock, type Register, register } from './registers.ts';
import { gcd, high32, join, low32 } from './word.ts';

/** No source says whether the alarm comparator is a level (re-latches during the whole tick, and at once when armed at it) or an edge. */
export type AlarmMode = 'level' | 'edge';

export interface PtimerOptions {
  readonly generation?: GenerationName;
  /** Counter time at host time 0, in ns. */
  readonly time?: bigint;
  /** Power-on values, so NUMERATOR and DENOMINATOR are 0; otherwise firmware has set the counter to one ns each ns. */
  readonly cold?: boolean;
  /** How coarse the steps are that reads show, in ns: a multiple of 32. The width of the field does not tell the update rate. */
  readonly grain?: bigint;
  readonly alarmMode?: AlarmMode;
  /** What writing less than 1024 ns to a countdown does is unknown too. */
  readonly countdownZero?: 'stops' | 'fires';
  /** Overrides the generation's way to load a written time. */
  readonly writeLoad?: WriteLoad;
  readonly crystalKHz?: number;
  /** The host, core or memory clock, where the generation counts that; in kHz. */
  readonly sourceKHz?: number;
  /** Width of DIV in CLOCK_SOURCE: the two envytools sources disagree (11:8 or 12:8). */
  readonly clockDivBits?: 4 | 5;
  /** First values by offset: also registers outside the timer, which just keep what is written. */
  readonly registers?: ReadonlyMap<number, number>;
  /** What an offset without a register answers. */
  readonly priError?: number;
}

/** An absent PCIe device answers every read with all ones. */
export const allOnes = 0xffffffff;

const alarmBit = 1;
const timerBit = 2;

/** The next `reads` reads, of one register or of any, give `value`. */
interface Glitch {
  readonly value: number;
  readonly offset: number | null;
  reads: number;
}

/** One PTIMER. Time passes only through `advance`; everything else happens at the present instant and takes none. */
export class Ptimer {
  readonly generation: Generation;
  readonly grain: bigint;
  /** Host time in ns, 0 at construction. */
  host = 0n;
  /** Off the bus: reads are all ones, writes are lost. The counter goes on. */
  dead = false;
  /** Expiries of the countdowns that interrupt through the virtual function's tree, by index. */
  readonly countdownInterrupts: number[] = [];

  private readonly alarmMode: AlarmMode;
  private readonly countdownZero: 'stops' | 'fires';
  private readonly writeLoad: WriteLoad;
  private readonly priError: number;
  private readonly counter: Counter;
  /** Hopper's secure timer, of which TIME is a copy until an offset is loaded. */
  private readonly secure: Counter;
  private readonly plain = new Map<number, number>();
  private readonly clock: ClockRegisters;
  private readonly countdowns: Countdowns;
  private readonly glitches: Glitch[] = [];
  private intr = 0;
  private intrEnable = 0;
  private alarm = 0;
  /** The first match since ALARM_0 was written. */
  private matched: { readonly host: bigint; readonly time: bigint } | null = null;
  private privilegeMask = 0x10;
  private time1Shadow = 0;
  private sciOffset0 = 0;
  private sciOffset1 = 0;
  /** Host times of the next alarm match, and of that or the next countdown expiry; kept because `advance` is the hot path. */
  private nextAlarm: bigint | null = null;
  private nextEvent: bigint | null = null;

  constructor(options: PtimerOptions = {}) {
    const g = generation(options.generation ?? 'gm200');
    this.generation = g;
    this.grain = options.grain ?? tickNs;
    this.alarmMode = options.alarmMode ?? 'edge';
    this.countdownZero = options.countdownZero ?? 'stops';
    this.writeLoad = options.writeLoad ?? g.writeLoad;
    const clocks = {
      crystalKHz: BigInt(options.crystalKHz ?? 31250),
      sourceKHz: BigInt(options.sourceKHz ?? (g.rate === 'config' ? 108000 : 31250)),
      divBits: options.clockDivBits ?? 4,
    };
    this.clock = new ClockRegisters(g, clocks, options.cold === true);
    this.priError = options.priError ?? 0xbadf5040;
    this.counter = new Counter(options.time ?? 0n);
    this.secure = new Counter(options.time ?? 0n);
    this.countdowns = new Countdowns(this.counter);
    this.time1Shadow = high32(options.time ?? 0n);
    if (options.cold === true) this.intr = g.intrReset ?? 0;
    for (const [offset, value] of options.registers ?? []) this.preset(offset, value);
    this.counter.setRate(this.host, ...this.clock.rate());
    this.schedule();
  }

  /** Lets `ns` of host time pass; alarms and countdowns that come due on the way are latched. */
  advance(ns: bigint): void {
    const until = this.host + ns;
    while (this.nextEvent !== null && this.nextEvent <= until) {
      this.host = this.nextEvent;
      this.expire();
      this.schedule();
    }
    this.host = until;
  }

  /** The true counter, 61 bits, whatever the bus shows of it. */
  time(): bigint {
    return this.counter.at(this.host);
  }

  /** What an undisturbed pair of reads shows at this instant: whole grains only. */
  visible(): bigint {
    const t = this.time();
    return t - (t % this.grain);
  }

  /** A 32-bit register read at this instant. */
  read(offset: number): number {
    if (this.glitches.length === 0) return this.peek(offset);
    const value = this.shows(offset);
    const g = this.glitchOf(offset);
    if (g !== undefined && --g.reads === 0) this.glitches.splice(this.glitches.indexOf(g), 1);
    return value;
  }

  /** What the next read gives, glitches included; none is used up. */
  shows(offset: number): number {
    return this.glitchOf(offset)?.value ?? this.peek(offset);
  }

  /** What an undisturbed read would give. */
  peek(offset: number): number {
    if (this.dead) return allOnes;
    const r = register(this.generation, offset);
    return r === null ? (this.plain.get(offset) ?? this.priError) : this.value(r, offset);
  }

  /** A 32-bit register write at this instant. */
  write(offset: number, value: number): void {
    if (this.dead) return;
    const r = register(this.generation, offset);
    if (r === null) this.storeElsewhere(offset, value >>> 0);
    else this.store(r, offset, value >>> 0);
    this.schedule();
  }

  /** Another agent sets the time: resume, firmware, the other driver. */
  setTime(time: bigint): void {
    this.countdowns.rebase(this.host);
    this.counter.load(this.host, time);
    this.time1Shadow = high32(this.time());
    this.relatch();
    this.schedule();
  }

  /** The next `reads` reads (of `offset`, or of anything) give `value` instead. */
  glitch(value: number, reads: number, offset: number | null): void {
    this.glitches.push({ value: value >>> 0, reads, offset });
  }

  /** Some reads are still to be glitched. */
  get glitched(): boolean {
    return this.glitches.length > 0;
  }

  /** The interrupt line to the PMC: the mask holds back the line, never the latch. */
  line(): boolean {
    const routed = this.generation.alarmToPmc ? this.intr : this.intr & ~alarmBit;
    return (routed & this.intrEnable) !== 0;
  }

  /** When ALARM_0 first equals TIME_0 since it was written, past or to come; null if the counter stands still. Both in ns. */
  firstMatch(): { readonly host: bigint; readonly time: bigint } | null {
    if (this.matched !== null || this.nextAlarm === null) return this.matched;
    const gained = this.counter.gained(this.host, this.nextAlarm);
    return { host: this.nextAlarm, time: BigInt.asUintN(61, this.time() + gained) };
  }

  /** ns of host time until a countdown expires; null if it does not run. */
  untilCountdown(index: number): bigint | null {
    const at = this.countdowns.expiry(index);
    return at === null ? null : at - this.host;
  }

  /** Counter ns that `ns` of host time bring. */
  gainedIn(ns: bigint): bigint {
    return this.counter.gained(this.host, this.host + ns);
  }

  /** All that a later read of the low 32 bits depends on, while nothing but time passes. */
  lowState(): bigint {
    return (this.counter.fraction(this.host) << 32n) | BigInt.asUintN(32, this.time());
  }

  /** Whether a register's value changes although nobody writes it. */
  movesWithTime(offset: number): boolean {
    const kind = register(this.generation, offset)?.kind ?? 'plain';
    return kind !== 'plain' && kind !== 'constant';
  }

  /** Ticks of 32 ns each millisecond of host time, as a fraction: 31250 where the counter shows nanoseconds. */
  tickKHz(): readonly [bigint, bigint] {
    const [num, den] = this.clock.rate();
    const g = gcd(num * 31250n, den);
    return [(num * 31250n) / g, den / g];
  }

  get stopped(): boolean {
    return this.counter.stopped;
  }

  private glitchOf(offset: number): Glitch | undefined {
    return this.glitches.find((g) => g.offset === null || g.offset === offset);
  }

  private value(r: Register, offset: number): number {
    switch (r.kind) {
      case 'intr':
        return this.intr;
      case 'intrEnable':
        return this.intrEnable;
      case 'numerator':
      case 'denominator':
      case 'clockSource':
      case 'config0':
      case 'config1':
        return this.clock.read(r.kind);
      case 'time0':
      case 'alias0':
        return low32(this.visible() & ~31n);
      case 'time1':
      case 'alias1':
        return high32(this.visible());
      case 'alarm':
        return this.alarm;
      case 'privilegeMask':
        return this.privilegeMask;
      case 'countdown':
        return this.countdowns.shown(r.index, this.host);
      case 'sciOffset0':
        return this.sciOffset0;
      case 'sciOffset1':
        return this.sciOffset1;
      case 'secTime0':
        return low32(this.secure.at(this.host) & ~31n);
      case 'secTime1':
        return high32(this.secure.at(this.host));
      case 'plain':
        return this.plain.get(offset) ?? r.reset;
      case 'constant':
        return r.value;
    }
  }

  private store(r: Register, offset: number, value: number): void {
    switch (r.kind) {
      case 'intr':
        this.intr = (this.intr & ~value) >>> 0;
        this.relatch();
        return;
      case 'intrEnable':
        this.intrEnable = value & this.interruptBits();
        return;
      case 'numerator':
      case 'denominator':
      case 'clockSource':
      case 'config0':
      case 'config1':
        this.storeClock(r.kind, value);
        return;
      case 'time1':
      case 'time0':
        this.storeTime(r.kind, value);
        return;
      case 'alarm':
        this.alarm = (value & ~31) >>> 0;
        this.matched = null;
        this.relatch();
        return;
      case 'privilegeMask':
        this.privilegeMask = value;
        return;
      case 'countdown':
        this.startCountdown(r.index, value);
        return;
      case 'sciOffset1':
        this.sciOffset1 = value & 0x1fffffff;
        return;
      case 'sciOffset0':
        this.sciOffset0 = (value & ~31) >>> 0;
        if ((value & 1) !== 0) this.setTime(this.secure.at(this.host) + join(this.sciOffset1, this.sciOffset0)); // bit 0 is UPDATE
        return;
      case 'plain':
        this.plain.set(offset, (value & r.mask) >>> 0);
        return;
      case 'alias0':
      case 'alias1':
      case 'secTime0':
      case 'secTime1':
      case 'constant':
        return; // read-only
    }
  }

  /** Registers of other blocks keep what is written; in the timer's own block a write to no register is lost, unless one was preset there. */
  private storeElsewhere(offset: number, value: number): void {
    if (!inTimerBlock(this.generation, offset) || this.plain.has(offset)) this.plain.set(offset, value);
  }

  private storeClock(r: ClockRegister, value: number): void {
    this.countdowns.rebase(this.host);
    this.clock.write(r, value);
    this.counter.setRate(this.host, ...this.clock.rate());
  }

  private storeTime(kind: 'time0' | 'time1', value: number): void {
    if (this.generation.privilegeMask && (this.privilegeMask & 0x10) === 0) return;
    if (this.writeLoad === 'ignored') return;
    const now = this.time();
    if (kind === 'time1') {
      this.time1Shadow = value & 0x1fffffff;
      // The low half keeps running under a new high half: a roll-over before the TIME_0 write tears the written time.
      if (this.writeLoad === 'halves') this.setTime(join(this.time1Shadow, low32(now)));
      return;
    }
    const high = this.writeLoad === 'halves' ? high32(now) : this.time1Shadow;
    this.setTime(join(high, (value & ~31) >>> 0));
  }

  private startCountdown(index: number, value: number): void {
    const ns = BigInt((value & countdownMask) >>> 0);
    this.countdowns.start(index, ns, this.host);
    if (ns === 0n && this.countdownZero === 'fires') this.countdownFired(index);
  }

  private countdownFired(index: number): void {
    if (this.generation.countdown === 'timer0') this.intr |= timerBit;
    else this.countdownInterrupts.push(index);
  }

  /** Latches what is due at this very instant. */
  private expire(): void {
    if (this.nextAlarm === this.host) this.match();
    for (const index of this.countdowns.expire(this.host)) this.countdownFired(index);
  }

  private atAlarm(): boolean {
    return (low32(this.time()) & ~31) >>> 0 === this.alarm;
  }

  private relatch(): void {
    if (this.alarmMode === 'level' && this.atAlarm()) this.match();
  }

  private match(): void {
    this.intr |= alarmBit;
    this.matched ??= { host: this.host, time: this.time() };
  }

  /** Host time at which the counter next enters the alarm's tick. */
  private alarmHost(): bigint | null {
    const ahead = BigInt.asUintN(32, BigInt(this.alarm) - this.time());
    return this.counter.hostAfter(this.host, ahead === 0n ? rollOverNs : ahead);
  }

  private schedule(): void {
    const alarm = this.alarmHost();
    this.nextAlarm = alarm;
    const countdown = this.countdowns.next();
    this.nextEvent = alarm === null || (countdown !== null && countdown < alarm) ? countdown : alarm;
  }

  private interruptBits(): number {
    return this.generation.countdown === 'timer0' ? alarmBit | timerBit : alarmBit;
  }

  private preset(offset: number, value: number): void {
    const r = register(this.generation, offset);
    if (r?.kind === 'intr') this.intr = value & (alarmBit | timerBit);
    else if (r === null) this.plain.set(offset, value >>> 0);
    else this.write(offset, value);
  }
}
