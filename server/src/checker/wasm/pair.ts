// The second thread as the engine's host sees it: told what to do through words of the memory that both threads work in, and stopped before
// anything is done that is not for two.
import { internal } from '../internal.ts';
import { control, task, threadState } from './together.ts';
import type { WasmMemory } from './webassembly.ts';

/** What a second thread is started with: it instantiates the module over the memory and calls its `help`. */
export interface ThreadStart {
  readonly module: Uint8Array;
  readonly memory: WasmMemory;
  /** Address of the 32-bit word that is to become `failed` should that throw. */
  readonly state: number;
  readonly failed: number;
}

/** How an engine gets a second thread, and when it uses it. Results are the same with and without one. */
export interface SecondThread {
  /** Returns at once; the thread comes to life some time later, or never. */
  readonly start: (start: ThreadStart) => void;
  /** States waiting to be expanded that make it worth starting, and states of a level that make it worth waking. */
  readonly startAt: number;
  readonly wakeAt: number;
  /** States that one of the threads takes at once, at most. */
  readonly chunk: number;
  /** Wait until it has come to life. */
  readonly wait: boolean;
}

/** How far both have come, and what the other thread has done since it was told. */
export interface Done {
  readonly head: number;
  readonly tail: number;
  readonly transitions: number;
  readonly fails: number;
  readonly hits: number;
  /** Numbers that it took and did not use. */
  readonly own: number;
  readonly ownEnd: number;
}

export interface Told {
  readonly task: 'explore' | 'enter';
  /** The first state, and the one behind the last. */
  readonly head: number;
  readonly end: number;
  readonly tail: number;
  readonly softLimit: number;
  readonly shift: number;
  readonly mask: number;
}

export class Pair {
  /** What both threads are doing. */
  doing: Told | null = null;
  private readonly words: Int32Array<ArrayBuffer | SharedArrayBuffer>;
  private readonly waits: boolean;

  constructor(second: SecondThread, memory: WasmMemory, module: Uint8Array) {
    // The words stay where they are when the memory grows.
    this.words = new Int32Array(memory.buffer, 0, 256);
    this.words.fill(0);
    this.waits = second.wait;
    second.start({ module, memory, state: control.state, failed: threadState.failed });
  }

  /** Whether the other thread has come to life, and waits to be told something. */
  isReady(): boolean {
    if (this.waits) this.wait(threadState.starting);
    return this.read(control.state) === threadState.idle;
  }

  begin(told: Told): void {
    this.doing = told;
    this.write(control.pause, 0);
    this.write(control.head, told.head);
    this.write(control.tail, told.tail);
    this.write(control.task, task[told.task]);
    this.write(control.end, told.end);
    this.write(control.softLimit, told.softLimit);
    this.write(control.shift, told.shift);
    this.write(control.mask, told.mask);
    this.write(control.state, threadState.working);
    this.command();
  }

  /** The first state that nobody has taken. */
  get head(): number {
    const { doing } = this;
    return doing === null ? internal('nothing is being done') : Math.min(this.read(control.head), doing.end);
  }

  /** Numbers given so far, some of them to no state. */
  get tail(): number {
    return this.read(control.tail);
  }

  /** Whether the other thread has stopped by itself. */
  get hasStopped(): boolean {
    return this.read(control.state) !== threadState.working;
  }

  /** Lets the other thread finish what it has taken. */
  stop(): Done {
    const { doing } = this;
    if (doing === null) internal('nothing is being done');
    this.write(control.pause, 1);
    this.wait(threadState.working);
    if (this.read(control.state) !== threadState.idle) internal('the second thread has failed');
    const { head, tail } = this;
    this.doing = null;
    return {
      head,
      tail,
      transitions: this.read(control.transitions),
      fails: this.read(control.fails),
      hits: this.read(control.hits),
      own: this.read(control.own),
      ownEnd: this.read(control.ownEnd),
    };
  }

  /** Ends the other thread. */
  quit(): void {
    this.write(control.task, task.quit);
    this.command();
  }

  private command(): void {
    Atomics.add(this.words, control.command >> 2, 1);
    Atomics.notify(this.words, control.command >> 2);
  }

  /** Waits as long as the other thread's state is this one. */
  private wait(state: number): void {
    while (this.read(control.state) === state) Atomics.wait(this.words, control.state >> 2, state, 1000);
  }

  private read(word: number): number {
    return Atomics.load(this.words, word >> 2) >>> 0;
  }

  private write(word: number, value: number): void {
    Atomics.store(this.words, word >> 2, value);
  }
}
