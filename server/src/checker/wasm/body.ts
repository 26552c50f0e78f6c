// Generates the statements of one step: they write a successor into the batch, in which constant assignments to one word are merged. Whether
// the step is possible is step.ts's business, and what happens to the batch store.ts's.
import type { Expression, Statement, Step } from '../../system/system.ts';
import { internal } from '../internal.ts';
import { copyWords } from './copy.ts';
import { type Code, I32, I64, Op } from './emit.ts';
import { emit32, emit64, emitIndex, emitTruth } from './expression.ts';
import { emitPosition, mask, type Reader } from './field.ts';
import { type Context, fits32, intervalIn } from './interval.ts';
import { failedLabel } from './label.ts';
import { elementOf, type Field, type Group } from './layout.ts';
import { wordsRead } from './words.ts';

/** What generated functions call and set. */
export interface Surroundings {
  /** hit(state, label, fault, object, by). */
  readonly hit: number;
  /** Forgets the hits since a count: hitsBack(count). */
  readonly hitsBack: number;
  readonly globals: { readonly system: number; readonly hits: number };
  /** Offsets within an entry of the batch, after the state's words. */
  readonly entry: { readonly bytes: number; readonly parent: number; readonly label: number };
  /** Address of one byte per location of an agent, set when some state stands there. */
  readonly reached: (agent: number) => number;
}

/** The body of one step while it is generated. */
export class Body {
  private readonly context: Context;
  private readonly around: Surroundings;
  private readonly code: Code;
  private readonly step: Step;
  private readonly label: number;
  private readonly savedHits: number | null;
  /** Words whose value in the batch differs from the source's. */
  private dirty = new Set<number>();
  /** Constant bits still to be written, by word. */
  private pending = new Map<number, { clear: number; set: number }>();
  /** Blocks between here and the end of the step. */
  private depth = 0;

  constructor(context: Context, around: Surroundings, code: Code, step: Step, label: number) {
    this.context = context;
    this.around = around;
    this.code = code;
    this.step = step;
    this.label = label;
    // A report before the step turns out to be impossible has to be taken back.
    this.savedHits = has(step.body, 'report') && has(step.body, 'disable') ? code.local(I32) : null;
  }

  run(): void {
    const { code, around } = this;
    if (this.savedHits !== null) code.globalGet(around.globals.hits).set(this.savedHits);
    copyWords(code, 0, 2, this.context.layout.words);
    const ended = this.statements(this.step.body);
    if (ended) return;
    this.flush(null);
    if (!this.step.environment) code.i32(1).globalSet(around.globals.system);
    code.get(2).get(1).store(around.entry.parent);
    code.get(2).i32(this.label).store(around.entry.label);
    code.get(2).i32(around.entry.bytes).op(Op.add).set(2);
  }

  /** True where every way through ends the step. */
  private statements(body: readonly Statement[]): boolean {
    for (const s of body) if (this.statement(s)) return true;
    return false;
  }

  private statement(s: Statement): boolean {
    const { code, context, around } = this;
    switch (s.op) {
      case 'set':
        this.setField(context.layout.fields[s.slot], s.value, s.slot);
        return false;
      case 'setElement':
        this.setElement(s.slot, s.length, s.index, s.value);
        return false;
      case 'goto': {
        const agent = context.system.agents[this.step.agent];
        if (s.location >= agent.locations.length) internal(`${agent.name} has no location ${s.location}`);
        const value: Expression = { op: 'constant', value: s.location };
        this.setField(context.layout.fields[agent.slot], value, agent.slot);
        return false;
      }
      case 'if': {
        const known = intervalIn(context, s.condition);
        if (known.low > 0 || known.high < 0) return this.statements(s.then);
        if (known.low === 0 && known.high === 0) return this.statements(s.else);
        emitTruth(this.reader(s.condition), s.condition);
        this.flush(null);
        code.if();
        this.depth++;
        const before = new Set(this.dirty);
        const thenEnds = this.statements(s.then);
        if (!thenEnds) this.flush(null);
        this.pending.clear();
        const afterThen = this.dirty;
        this.dirty = before;
        let elseEnds = false;
        if (s.else.length > 0) {
          this.dirty = new Set(before);
          code.else();
          elseEnds = this.statements(s.else);
          if (!elseEnds) this.flush(null);
          this.pending.clear();
        }
        for (const w of afterThen) this.dirty.add(w);
        this.depth--;
        code.end();
        // What follows cannot be reached, but must still be valid code.
        return thenEnds && elseEnds;
      }
      case 'fail':
      case 'report': {
        const failing = s.op === 'fail';
        code
          .get(1)
          .i32(failing ? this.label | failedLabel : this.label)
          .i32(s.fault);
        this.value64(s.object);
        this.value64(s.by);
        code.call(around.hit);
        if (!failing) return false;
        this.pending.clear();
        code.branch(this.depth);
        return true;
      }
      case 'disable':
        if (this.savedHits !== null) code.get(this.savedHits).call(around.hitsBack);
        this.pending.clear();
        code.branch(this.depth);
        return true;
    }
  }

  private value64(e: Expression | null): void {
    if (e === null) this.code.i64(0n);
    else emit64(this.reader(e), e);
  }

  /** Reads where the current value is; pending bits of what is read are written first. */
  private reader(e: Expression): Reader {
    if (this.pending.size > 0) {
      const words = new Set<number>();
      wordsRead(this.context, e, words);
      for (const w of words) this.flush(w);
    }
    return { context: this.context, code: this.code, baseOf: (word, words) => (this.isDirty(word, words) ? 2 : 0) };
  }

  /** The batch has the whole state, so that of several words those that are not dirty can be read there, too. */
  private isDirty(word: number, words: number): boolean {
    for (let w = word; w < word + words; w++) if (this.dirty.has(w)) return true;
    return false;
  }

  private setField(f: Field | null, value: Expression, slot: number): void {
    const { code } = this;
    if (f === null) {
      // Not stored: it holds this value already.
      if (value.op === 'constant' && value.value !== this.context.layout.constants[slot]) code.op(Op.unreachable);
      return;
    }
    if (f.bits === 64) {
      const r = this.reader(value);
      code.get(2);
      emit64(r, value);
      if (f.min !== 0) code.i64Number(f.min).op(Op.sub64);
      code.store64(4 * f.word);
      this.dirty.add(f.word).add(f.word + 1);
      return;
    }
    if (value.op === 'constant') {
      const raw = value.value - f.min;
      if (raw < 0 || raw >= 2 ** f.bits) {
        // Only where nobody comes: what is written anywhere else is in the bounds.
        code.op(Op.unreachable);
        return;
      }
      const p = this.pending.get(f.word) ?? { clear: 0, set: 0 };
      const bits = mask(f.bits) << f.shift;
      this.pending.set(f.word, { clear: p.clear | bits, set: (p.set & ~bits) | (raw << f.shift) });
      return;
    }
    const raw = this.rawValue(f, value);
    this.flush(f.word);
    const base = this.dirty.has(f.word) ? 2 : 0;
    code.get(2);
    if (f.bits < 32) {
      code
        .get(base)
        .load(4 * f.word)
        .i32(~(mask(f.bits) << f.shift))
        .op(Op.and);
      code.get(raw);
      if (f.shift > 0) code.i32(f.shift).op(Op.shl);
      code.op(Op.or);
    } else code.get(raw);
    code.store(4 * f.word);
    this.dirty.add(f.word);
  }

  private setElement(slot: number, length: number, index: Expression, value: Expression): void {
    const { code, context } = this;
    const g = context.layout.groups[slot];
    if (g === null || index.op === 'constant') {
      const at = index.op === 'constant' ? index.value : 0;
      // What a variable can only hold is a constant, in arms that nobody takes too: of a null place, say.
      if (at < 0 || at >= length) {
        code.op(Op.unreachable);
        return;
      }
      const f = g === null ? context.layout.fields[slot + at] : elementOf(g, slot - g.slot + at);
      if (index.op !== 'constant') {
        emitIndex(this.reader(index), index, length);
        code.op(Op.drop);
        // Not stored: whichever element it is holds the value already.
        if (f === null) return;
      }
      this.setField(f, value, slot + at);
      return;
    }
    const position = code.local(I32);
    if (g.bits === 64) {
      const wide = code.local(I64);
      emit64(this.reader(value), value);
      if (g.min !== 0) code.i64Number(g.min).op(Op.sub64);
      code.set(wide);
      emitIndex(this.reader(index), index, length);
      this.flushGroup(g);
      code
        .i32(3)
        .op(Op.shl)
        .get(2)
        .op(Op.add)
        .get(wide)
        .store64(4 * g.word + 8 * (slot - g.slot));
      this.markGroup(g);
      return;
    }
    const raw = this.rawValue(g, value);
    emitIndex(this.reader(index), index, length);
    this.flushGroup(g);
    if (g.words > 1 && (g.bits === 32 || g.bits === 8)) {
      if (g.bits === 32) code.i32(2).op(Op.shl);
      code.get(2).op(Op.add).get(raw);
      if (g.bits === 32) code.store(4 * g.word + 4 * (slot - g.slot));
      else code.store8(4 * g.word + (slot - g.slot));
      this.markGroup(g);
      return;
    }
    const address = code.local(I32);
    if (g.words === 1) {
      emitPosition(this.reader(index), g, slot);
      code.set(position).get(2).set(address);
    } else {
      if (slot > g.slot) code.i32(slot - g.slot).op(Op.add);
      code.i32(g.bits).op(Op.mul).tee(position);
      code.i32(3).op(Op.shrU).i32(-4).op(Op.and).get(2).op(Op.add).set(address);
    }
    code
      .get(address)
      .get(address)
      .load(4 * g.word);
    code.i32(mask(g.bits)).get(position).op(Op.shl).i32(-1).op(Op.xor).op(Op.and);
    code
      .get(raw)
      .get(position)
      .op(Op.shl)
      .op(Op.or)
      .store(4 * g.word);
    this.markGroup(g);
  }

  /** Evaluates into a local, minus the field's minimum; a value out of range traps rather than spill into its neighbour. */
  private rawValue(f: Field, value: Expression): number {
    const { code, context } = this;
    const raw = code.local(I32);
    const bounds = intervalIn(context, value);
    const r = this.reader(value);
    if (fits32(context, value)) {
      emit32(r, value);
      if (f.min !== 0) code.i32(f.min).op(Op.sub);
      code.set(raw);
      if (bounds.low >= f.min && bounds.high < f.min + 2 ** f.bits) return raw;
      if (f.bits < 32)
        code
          .get(raw)
          .i32(2 ** f.bits - 1)
          .op(Op.gtU)
          .if()
          .op(Op.unreachable)
          .end();
      return raw;
    }
    const wide = code.local(I64);
    emit64(r, value);
    if (f.min !== 0) code.i64Number(f.min).op(Op.sub64);
    code
      .tee(wide)
      .i64Number(2 ** f.bits - 1)
      .op(Op.gtU64)
      .if()
      .op(Op.unreachable)
      .end();
    code.get(wide).op(Op.wrap).set(raw);
    return raw;
  }

  private flushGroup(g: Group): void {
    for (let i = 0; i < g.words; i++) this.flush(g.word + i);
  }

  private markGroup(g: Group): void {
    for (let i = 0; i < g.words; i++) this.dirty.add(g.word + i);
  }

  /** Writes the pending bits of a word, or of all. */
  private flush(only: number | null): void {
    const { code } = this;
    if (this.pending.size === 0) return;
    for (const [word, p] of [...this.pending]) {
      if (only !== null && word !== only) continue;
      this.pending.delete(word);
      code.get(2);
      if (p.clear === -1) code.i32(p.set);
      else {
        code
          .get(this.dirty.has(word) ? 2 : 0)
          .load(4 * word)
          .i32(~p.clear)
          .op(Op.and);
        if (p.set !== 0) code.i32(p.set).op(Op.or);
      }
      code.store(4 * word);
      this.dirty.add(word);
    }
  }
}

function has(body: readonly Statement[], op: Statement['op']): boolean {
  for (const s of body) {
    if (s.op === op) return true;
    if (s.op === 'if' && (has(s.then, op) || has(s.else, op))) return true;
  }
  return false;
}
