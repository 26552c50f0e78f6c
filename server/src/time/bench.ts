// Runs one emulated routine against one PTIMER: charges every operation its cost, lets events happen, keeps the counts, and tells the
// oracle what was returned. It decides no verdict (oracle.ts) and no endlessness (livelock.ts).
import type { Before, Happening, TimedEvent } from './events.ts';
import { neverEnds, Passes } from './livelock.ts';
import { Oracle } from './oracle.ts';
import { allOnes, Ptimer } from './ptimer.ts';
import { type Counts, type Run, type Sample, type Setup, sampleLimit } from './setup.ts';
import type { Returned, Step, Steps } from './steps.ts';

/** Runs a routine to its return, to a proof that it has none, or to the limit of operations. */
export function run<R extends Returned>(routine: Steps<R>, setup: Setup): Run<R> {
  const bench = new Bench(setup);
  let answer = 0n;
  for (let operations = 0; operations < setup.maxOperations; operations++) {
    const next = routine.next(answer);
    if (next.done === true) return bench.finish('returned', null, next.value);
    const step = next.value;
    if (step.kind === 'pass') {
      const why = bench.pass(step);
      if (why !== null) return bench.finish<R>('livelock', why, null);
      answer = 0n;
    } else answer = bench.perform(step);
  }
  return bench.finish<R>('incomplete', `no end within ${setup.maxOperations} operations`, null);
}

class Bench {
  readonly device: Ptimer;
  private readonly counts: Counts = { reads: 0, condReads: 0, writes: 0, conds: 0, clocks: 0, retries: 0 };
  private readonly samples: Sample[] = [];
  private readonly oracle: Oracle;
  private readonly passes = new Passes();
  private readonly timed: { at: bigint; happening: Happening }[];
  /** Events that wait for a count; `seen` counts what each waits for. */
  private readonly counted: { readonly when: Extract<TimedEvent['when'], { kind: 'before' }>; readonly happening: Happening; seen: number }[];
  private revoked = false;
  private scheduledOut = 0n;
  private suspended = 0n;
  private happened = 0;

  private readonly setup: Setup;

  constructor(setup: Setup) {
    this.setup = setup;
    this.device = new Ptimer(setup.device);
    this.device.dead = setup.dead;
    this.timed = setup.events
      .flatMap((e) => (e.when.kind === 'at' ? [{ at: e.when.elapsed, happening: e.happening }] : []))
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    this.counted = setup.events.flatMap(({ when, happening }) => (when.kind === 'before' ? [{ when, happening, seen: 0 }] : []));
    this.oracle = new Oracle(this.device, setup.timeout, () => this.heldBy(setup.timeout ?? 0n));
    this.pass0();
  }

  perform(step: Exclude<Step, { kind: 'pass' }>): bigint {
    const { costs } = this.setup;
    switch (step.kind) {
      case 'read': {
        this.oracle.callBegins();
        this.before('access', step.offset);
        this.before('read', step.offset);
        this.counts.reads++;
        if (!this.device.dead) this.oracle.answeredRead();
        return BigInt(this.readRegister(step.offset, costs.read));
      }
      case 'write':
        this.before('access', step.offset);
        this.before('write', step.offset);
        this.counts.writes++;
        this.oracle.beforeJump();
        this.device.write(step.offset, step.value);
        this.oracle.afterJump();
        this.spend(costs.write);
        return 0n;
      case 'cond': {
        this.before('cond');
        this.counts.conds++;
        const holds = this.condition();
        this.spend(costs.cond);
        return holds ? 1n : 0n;
      }
      case 'clock': {
        this.before('clock');
        this.counts.clocks++;
        const now = this.setup.hostStart + this.device.host - this.suspended;
        this.spend(costs.clock);
        return now;
      }
      case 'sleep':
        this.spend(this.setup.sleepTakes ?? step.ns);
        return 0n;
      case 'relax':
        this.spend(costs.relax);
        return 0n;
      case 'host-time':
        return this.device.host;
      case 'lost':
        return this.device.shows(pmcBoot0) === allOnes ? 1n : 0n;
      case 'line':
        return this.device.line() ? 1n : 0n;
      case 'access':
        return this.revoked ? 0n : 1n;
      case 'sampled':
        this.oracle.callReturns(step.value);
        return 0n;
    }
  }

  /** The head of a loop: null, or why it never ends. */
  pass(step: Extract<Step, { kind: 'pass' }>): string | null {
    if (step.loop.kind === 'high-words' || (step.loop.kind === 'counted' && step.loop.rereads === true)) this.counts.retries++;
    this.passes.begin(step.loop, {
      host: this.device.host,
      scheduledOut: this.scheduledOut,
      reads: this.counts.reads,
      dead: this.device.dead,
      events: this.happened,
      low: step.loop.kind === 'high-words' ? this.device.lowState() : 0n,
    });
    if (this.counted.length > 0 || this.device.glitched) return null;
    const isFalse = !this.seemsTrue();
    return neverEnds(this.passes, this.device, {
      isFalse,
      staysFalse: isFalse && this.staysSo(),
      timedEvents: this.timed.length > 0,
      readGap: 2n * this.setup.costs.read,
    });
  }

  finish<R extends Returned>(end: Run<R>['end'], why: string | null, returned: R | null): Run<R> {
    this.passes.finish({ host: this.device.host, scheduledOut: this.scheduledOut });
    const tolerance = this.setup.tolerance ?? this.device.grain + 2n * this.passes.longest;
    return {
      end,
      why,
      returned,
      counts: this.counts,
      readsPerPass: this.passes.readsPerPass,
      elapsed: this.device.host,
      time: this.device.time(),
      verdicts: this.oracle.verdicts(end === 'livelock' ? 'livelock' : returned, this.device.host, tolerance, this.setup.waits),
      samples: this.samples,
      device: this.device,
      awaitAlarm: () => this.awaitAlarm(),
    };
  }

  private awaitAlarm(): ReturnType<Ptimer['firstMatch']> {
    for (const { at, happening } of this.timed.splice(0)) {
      const match = this.device.firstMatch();
      if (match !== null && match.host <= at) break;
      this.advanceTo(at);
      this.happen(happening);
    }
    return this.device.dead ? null : this.device.firstMatch();
  }

  private readRegister(offset: number, cost: bigint): number {
    if (this.device.glitched) this.happened++;
    const value = this.device.read(offset);
    if (this.samples.length < sampleLimit) this.samples.push({ elapsed: this.device.host, offset, value });
    this.spend(this.device.dead ? this.setup.costs.deadRead : cost);
    return value;
  }

  private condition(): boolean {
    const c = this.setup.condition;
    if (c.kind !== 'registers') return this.holds();
    for (const { offset, mask, equals } of c.all) {
      this.before('access', offset);
      this.before('condRead', offset);
      this.counts.condReads++;
      const value = this.readRegister(offset, this.setup.costs.condRead);
      if ((value & mask) >>> 0 !== equals >>> 0) return false;
    }
    return true;
  }

  /** Whether the condition is true of the world at this instant; a register of an absent device is never meant. */
  private holds(): boolean {
    const c = this.setup.condition;
    switch (c.kind) {
      case 'never':
        return false;
      case 'always':
        return true;
      case 'from':
        return this.device.host >= c.from && (c.to === null || this.device.host < c.to);
      case 'registers':
        return !this.device.dead && this.seemsTrue();
    }
  }

  /** Whether the condition was true in time, asked at this instant, the deadline. What registers were before is not known. */
  private heldBy(deadline: bigint): boolean {
    const c = this.setup.condition;
    return c.kind === 'from' ? c.from <= deadline && (c.to === null || c.from < c.to) : this.holds();
  }

  /** Whether the condition is true as the routine would see it now: all ones of an absent device are believed. */
  private seemsTrue(): boolean {
    const c = this.setup.condition;
    if (c.kind !== 'registers') return this.holds();
    return c.all.every(({ offset, mask, equals }) => (this.device.peek(offset) & mask) >>> 0 === equals >>> 0);
  }

  /** Whether a condition that is false now stays so unless an event comes. */
  private staysSo(): boolean {
    const c = this.setup.condition;
    switch (c.kind) {
      case 'never':
      case 'always':
        return true;
      case 'from':
        return c.to !== null && this.device.host >= c.to;
      case 'registers':
        return this.device.dead || c.all.every(({ offset }) => !this.device.movesWithTime(offset));
    }
  }

  /** Lets host time pass; events that fall into it happen at their instants. */
  private spend(ns: bigint): void {
    if (ns === 0n) return;
    let until = this.device.host + ns;
    let event = this.timed[0];
    while (event !== undefined && event.at <= until) {
      this.advanceTo(event.at);
      this.timed.shift();
      // Scheduled out in the middle of an operation: the rest of it comes later.
      until += pause(event.happening);
      this.happen(event.happening);
      event = this.timed[0];
    }
    this.advanceTo(until);
  }

  private advanceTo(host: bigint): void {
    if (host <= this.device.host) return;
    const deadline = this.oracle.deadlinePeek;
    if (deadline !== null && deadline > this.device.host && deadline <= host) {
      this.device.advance(deadline - this.device.host);
      this.oracle.atDeadline();
    }
    this.device.advance(host - this.device.host);
  }

  /** What is about to be done: events that wait for it happen first. */
  private before(what: Before, offset: number | null = null): void {
    for (let i = 0; i < this.counted.length; i++) {
      const e = this.counted[i]!;
      if (e.when.what !== what || (e.when.offset !== null && e.when.offset !== offset) || ++e.seen < e.when.nth) continue;
      this.counted.splice(i--, 1);
      this.happen(e.happening);
      this.spend(pause(e.happening));
    }
  }

  private happen(h: Happening): void {
    this.happened++;
    switch (h.kind) {
      case 'die':
        this.device.dead = true;
        return;
      case 'revive':
        this.device.dead = false;
        return;
      case 'set-time':
        this.jump(h.time);
        return;
      case 'step':
        this.jump(this.device.time() + h.by);
        return;
      case 'glitch':
        this.device.glitch(h.value, h.reads, h.offset);
        return;
      case 'write':
        this.oracle.beforeJump();
        this.device.write(h.offset, h.value);
        this.oracle.afterJump();
        return;
      case 'delay':
        this.scheduledOut += h.ns;
        return;
      case 'suspend':
        this.scheduledOut += h.ns;
        this.suspended += h.ns;
        return;
      case 'revoke':
        this.revoked = true;
        return;
    }
  }

  private jump(time: bigint): void {
    this.oracle.beforeJump();
    this.device.setTime(time);
    this.oracle.afterJump();
  }

  /** Events at elapsed 0 happen before the first operation. */
  private pass0(): void {
    while (this.timed[0] !== undefined && this.timed[0].at <= 0n) {
      const { happening } = this.timed.shift()!;
      this.happen(happening);
      this.spend(pause(happening));
    }
  }
}

/** Reads as the chip's identity, which is never all ones. */
const pmcBoot0 = 0;

/** ns for which an event keeps the poller from running. */
const pause = (h: Happening): bigint => (h.kind === 'delay' || h.kind === 'suspend' ? h.ns : 0n);
