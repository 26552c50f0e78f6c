// Puts down the graph of one agent: where it stands in the source, its private slots, its scopes and what leaving them does. Knows statements and
// expressions of the system, not of the language.
import type { Place, Span } from '../base/span.ts';
import type { VerdictKind } from '../base/verdicts.ts';
import type { FunctionInfo, ModuleInfo, StructInfo, Unit } from '../semantics/program.ts';
import type { Access, Expression, Frame, Statement, Wait } from '../system/system.ts';
import { and, constant, element, equal, load, minus, not, or, zero } from '../system/expression.ts';
import type { Label, Shown } from '../system/system.ts';
import type { Ends, Node, TouchExit } from './graph.ts';
import { addFault, fail, MODULE, moduleIndex, placeIn, positionIn, textOf, type AgentPlan, type World } from './world.ts';

export interface OpenFrame {
  readonly name: string;
  readonly function: FunctionInfo | null;
  readonly module: ModuleInfo | null;
  readonly unit: Unit;
  at: Span;
}

export interface ExitSpec {
  readonly text?: string;
  readonly guard?: Expression | null;
  readonly environment?: boolean;
  readonly body?: Statement[];
  readonly event?: Label['event'];
  readonly sample?: Label['sample'];
  /** Puts down what follows; gets the location itself, to loop back to (null inside `atomic { }`). */
  readonly then?: (self: Node | null) => void;
}

type Holds = 'int' | 'place' | 'agent' | 'agentMask' | 'function';

interface Scope {
  /** Run on every way out, innermost first. */
  readonly cleanups: Array<() => void>;
  readonly slots: Array<{ slot: number; holds: Holds }>;
}

export class Builder {
  readonly world: World;
  readonly plan: AgentPlan;
  readonly frames: OpenFrame[] = [];
  readonly scopes: Scope[] = [];
  /** Index of the call in progress; null in user space. */
  call: number | null = null;
  /** Inside `atomic { }`: touches take no step of their own. */
  atomicDepth = 0;
  /** A thread ends when this flag of its process is set, wherever it stands in user space. */
  dying: { readonly flag: number; readonly ends: Ends[]; readonly depth: number } | null = null;
  /** A process ends, by itself, when a fatal signal finds it in user space. */
  killed: { readonly flag: Expression; readonly out: () => void } | null = null;
  /** Some `assume` says that this process goes on by itself. */
  assumed = false;
  /** The stacks of the open frames but the innermost: none of them moves while another is open. */
  private readonly outer: Array<readonly Frame[]> = [];
  /** What is told of where it stands, for as long as it stands there: much is put down at one place. */
  private here: { readonly stack: readonly Frame[]; readonly text: string } | null = null;
  private slotCount = 0;
  private readonly free = new Map<Holds, number[]>();
  private ends: Ends = [];
  private first: Node | null = null;

  constructor(world: World, plan: AgentPlan) {
    this.world = world;
    this.plan = plan;
    this.ends = [(node) => { this.first = node; }];
  }

  get entry(): Node {
    if (this.first === null) throw new Error(`lowering: ${this.plan.name} does nothing`);
    return this.first;
  }

  get me(): Expression {
    return constant(1 + this.plan.index);
  }

  // ---- flow ----

  /** False where nothing can come here any more: after return, break, a failure. */
  get reachable(): boolean {
    return this.ends.length > 0;
  }

  private tie(node: Node, next: Ends): void {
    for (const end of this.ends) end(node);
    this.ends = next;
  }

  /** Cuts the loose ends off; `join` ties them in again. */
  take(): Ends {
    const ends = this.ends;
    this.ends = [];
    return ends;
  }

  join(...more: Ends[]): void {
    for (const ends of more) this.ends.push(...ends);
  }

  goto(node: Node): void {
    this.tie(node, []);
  }

  compute(body: readonly Statement[]): void {
    if (!this.reachable || body.length === 0) return;
    const node: Node = { kind: 'private', body: [...body], next: null };
    this.tie(node, body.some((s) => s.op === 'fail') ? [] : [(n) => { node.next = n; }]);
  }

  branch(condition: Expression, then: () => void, otherwise: () => void = () => {}): void {
    if (!this.reachable) return;
    if (condition.op === 'constant') {
      if (condition.value !== 0) then();
      else otherwise();
      return;
    }
    const node: Node = { kind: 'branch', condition, then: null, else: null };
    this.tie(node, [(n) => { node.then = n; }]);
    then();
    const left = this.take();
    this.ends = [(n) => { node.else = n; }];
    otherwise();
    this.join(left);
  }

  /** Branches on an expression whose private variables are zero again in both arms. */
  condition(evaluate: () => Expression, then: () => void, otherwise: () => void = () => {}): void {
    const scope: Scope = { cleanups: [], slots: [] };
    this.scopes.push(scope);
    const condition = evaluate();
    this.scopes.pop();
    this.branch(condition, () => { this.reset(scope); then(); }, () => { this.reset(scope); otherwise(); });
    this.giveBack(scope);
  }

  choice(arms: ReadonlyArray<() => void>): void {
    if (!this.reachable) return;
    const node: Node = { kind: 'choice', arms: arms.map(() => null) };
    this.tie(node, []);
    const left: Ends = [];
    arms.forEach((arm, i) => {
      this.ends = [(n) => { node.arms[i] = n; }];
      arm();
      left.push(...this.take());
    });
    this.ends = left;
  }

  /** One location. Its exits go on in their `then`, and join. */
  touch(specs: readonly ExitSpec[], options: { wait?: Wait | null; access?: Access | null } = {}): Node | null {
    if (!this.reachable) return null;
    const exits = this.atomicDepth > 0 ? specs : this.orKilled(specs);
    if (this.atomicDepth > 0) {
      const [only] = exits;
      if (only.guard !== undefined && only.guard !== null) {
        const wrong = this.fault('sleep-in-atomic', 'waits inside atomic { }');
        this.compute([{ op: 'if', condition: only.guard, then: [], else: [fail(wrong)] }]);
      }
      this.compute(only.body ?? []);
      only.then?.(null);
      return null;
    }
    const outs: TouchExit[] = exits.map((e) => {
      const label: Label = { text: e.text ?? this.sourceText(), at: this.place(), event: e.event ?? null };
      return {
        guard: e.guard ?? null,
        environment: e.environment ?? (this.call === null && this.plan.context === 'process' && !this.assumed),
        body: this.textCheck().concat(e.body ?? []),
        label: e.sample === undefined ? label : { ...label, sample: e.sample },
        next: null,
      };
    });
    const node: Node = {
      kind: 'touch',
      touch: { stack: this.stack(), call: this.call, wait: options.wait ?? null, access: options.access ?? null, exits: outs },
    };
    this.tie(node, []);
    const left: Ends = [];
    exits.forEach((e, i) => {
      const out = outs[i];
      this.ends = out.body.some((s) => s.op === 'fail') ? [] : [(n) => { out.next = n; }];
      e.then?.(node);
      left.push(...this.take());
    });
    this.ends = left;
    return node;
  }

  /** User space may stop here for ever, unless it is killed. */
  private orKilled(exits: readonly ExitSpec[]): readonly ExitSpec[] {
    const { killed } = this;
    if (killed === null || this.call !== null || exits.every((e) => e.environment !== undefined)) return exits;
    const alive = not(killed.flag);
    return [
      ...exits.map((e) => (e.environment === undefined ? { ...e, guard: e.guard === undefined || e.guard === null ? alive : and(e.guard, alive) } : e)),
      { text: 'is killed', guard: killed.flag, environment: false, then: killed.out },
    ];
  }

  exit(): void {
    this.tie({ kind: 'exit' }, []);
  }

  // ---- where it is ----

  enter(frame: OpenFrame): void {
    this.outer.push(this.frames.length === 0 ? [] : this.stack());
    this.frames.push(frame);
    this.here = null;
  }

  leave(): void {
    this.frames.pop();
    this.outer.pop();
    this.here = null;
  }

  get frame(): OpenFrame {
    return this.frames[this.frames.length - 1];
  }

  /** Runs with the innermost frame standing at `span`. */
  at<T>(span: Span, work: () => T): T {
    const { frame, here } = this;
    const before = frame.at;
    frame.at = span;
    this.here = null;
    const result = work();
    frame.at = before;
    this.here = here;
    return result;
  }

  private told(): { readonly stack: readonly Frame[]; readonly text: string } {
    if (this.here === null) {
      const { frame } = this;
      const innermost: Frame = { function: frame.name, module: frame.module?.name ?? null, at: placeIn(frame.unit, frame.at) };
      this.here = { stack: [...this.outer[this.outer.length - 1], innermost], text: textOf(frame.unit, frame.at) };
    }
    return this.here;
  }

  stack(): readonly Frame[] {
    return this.told().stack;
  }

  place(): Place {
    const { stack } = this.told();
    return stack[stack.length - 1].at;
  }

  sourceText(): string {
    return this.told().text;
  }

  /** `callee`: in a function that is about to be entered. `atCall`: but told where that is called. */
  fault(kind: VerdictKind, message: string, options: { object?: string | null; by?: 'agent' | 'agentMask'; callee?: FunctionInfo; atCall?: boolean; names?: readonly string[]; shows?: readonly Shown[] } = {}): number {
    const { callee } = options;
    const here = this.stack();
    const stack = callee === undefined ? here : [...here, { function: callee.name, module: callee.module?.name ?? null, at: placeIn(callee.unit, 'name' in callee.node ? callee.node.name : callee.node) }];
    return addFault(this.world, { kind, stack, agent: this.plan.index, object: options.object ?? null, message, by: options.by ?? 'agent', at: options.atCall === true ? positionIn(this.world, here) : undefined, names: options.names, shows: options.shows });
  }

  // ---- what every step must be able to rely on ----

  /** A step in a module whose text is gone. */
  private textCheck(): Statement[] {
    const module = this.frame.module;
    return module === null ? [] : this.moduleCheck(module, `runs in ${module.name}, whose text was freed by {by}`);
  }

  /** `callee`: of the module, and about to be entered. */
  moduleCheck(module: ModuleInfo, message: string, callee?: FunctionInfo): Statement[] {
    if (!this.world.unloadable.has(module)) return [];
    const state = load(this.world.moduleState + moduleIndex(this.world, module));
    const fault = this.fault('use-after-unload', message, { object: module.name, callee, atCall: true });
    return [{ op: 'if', condition: { op: 'binary', operator: '>=', left: state, right: constant(MODULE.gone) }, then: [fail(fault, null, minus(state, constant(MODULE.gone - 1)))], else: [] }];
  }

  /**
   * What is wrong with using `place` as a `struct` right now: condition and violation, in the order in which they are to be asked. `pointer` is what
   * is null if the place is: another than `what` where that is embedded.
   */
  badUses(place: Expression, struct: StructInfo, what: string, pointer = what): Array<{ readonly bad: Expression; readonly statement: Statement }> {
    const bad: Array<{ bad: Expression; statement: Statement }> = [];
    if (place.op !== 'constant' || place.value === 0) {
      bad.push({ bad: equal(place, zero), statement: fail(this.fault('null-deref', `${pointer} is null`, { object: struct.name })) });
    }
    const blocks = this.world.layout.blocks(struct);
    for (const block of blocks) {
      const n = block.group.count;
      const inside = blocks.length === 1 ? constant(1) : and(
        { op: 'binary', operator: '>=', left: place, right: constant(block.start) },
        { op: 'binary', operator: '<', left: place, right: constant(block.start + n) });
      if (place.op === 'constant' && (place.value < block.start || place.value >= block.start + n)) continue;
      if (block.group.life !== null) {
        const index = blocks.length === 1 && n === 1 ? zero : minus(place, constant(block.start));
        const gone = this.world.primitiveTypes.get(block.group.struct.name)?.gone;
        const safe = n === 1 ? load(block.group.life) : element(block.group.life, n, index);
        bad.push({
          bad: and(inside, not(equal(safe, constant(1)))),
          statement: fail(this.fault(gone?.kind ?? 'use-after-free', `${what} was ${gone?.verb ?? 'freed'} by {by} ${this.meanwhile()}`, { object: block.group.struct.name }), place, minus(safe, constant(1))),
        });
      } else if (block.group.module !== null && this.world.unloadable.has(block.group.module)) {
        const state = load(this.world.moduleState + moduleIndex(this.world, block.group.module));
        bad.push({
          bad: and(inside, { op: 'binary', operator: '>=', left: state, right: constant(MODULE.gone) }),
          statement: fail(this.fault('use-after-unload', `${what} lay in the static data of ${block.group.module.name}, which {by} unloaded`, { object: block.group.module.name }), null, minus(state, constant(MODULE.gone - 1))),
        });
      }
    }
    return bad;
  }

  /** A kernel context that only comes to its object is inside nothing yet. */
  private meanwhile(): string {
    return this.frames.length === 1 && this.plan.context !== 'process' ? 'before {agent} came to it' : `while {agent} was inside \`${this.frame.name}\``;
  }

  /** The checks of badUses as statements. */
  useChecks(place: Expression, struct: StructInfo, what: string): Statement[] {
    return this.badUses(place, struct, what).map((b) => ({ op: 'if', condition: b.bad, then: [b.statement], else: [] }));
  }

  /** Condition under which using the object is a violation. */
  anyBad(place: Expression, struct: StructInfo, what: string): Expression {
    return or(...this.badUses(place, struct, what).map((b) => b.bad));
  }

  // ---- private slots and scopes ----

  /** A private slot of this scope, zero whenever it is not in use. */
  slot(range: { min: number; max: number; holds: Holds }): number {
    const spare = this.free.get(range.holds)?.pop();
    let slot: number;
    if (spare !== undefined) {
      slot = spare;
      this.world.variables.widen(slot, range.min, range.max);
    } else {
      slot = this.world.variables.add({
        name: `${this.plan.name}.${range.holds}${this.slotCount++}`, min: Math.min(0, range.min), max: Math.max(0, range.max), holds: range.holds, owner: this.plan.index,
      });
    }
    this.scopes[this.scopes.length - 1].slots.push({ slot, holds: range.holds });
    return slot;
  }

  /** Runs `work` in a scope of its own: cleanups run and slots become zero at its end. */
  scope(work: () => void): void {
    const scope: Scope = { cleanups: [], slots: [] };
    this.scopes.push(scope);
    work();
    this.runCleanups(scope);
    this.scopes.pop();
    this.release(scope);
  }

  onLeave(cleanup: () => void): void {
    this.scopes[this.scopes.length - 1].cleanups.push(cleanup);
  }

  /** What leaving all scopes down to `depth` does, for break, continue and return; the scopes stay open for the other paths. */
  unwindTo(depth: number): void {
    for (let i = this.scopes.length - 1; i >= depth; i--) {
      const kept = this.scopes.splice(i);
      this.runCleanups(kept[0]);
      this.scopes.push(...kept);
      this.reset(kept[0]);
    }
  }

  private runCleanups(scope: Scope): void {
    const cleanups = [...scope.cleanups];
    while (cleanups.length > 0) cleanups.pop()?.();
  }

  private reset(scope: Scope): void {
    this.compute(scope.slots.map(({ slot }) => ({ op: 'set', slot, value: zero })));
  }

  private release(scope: Scope): void {
    this.reset(scope);
    this.giveBack(scope);
  }

  private giveBack(scope: Scope): void {
    for (const { slot, holds } of scope.slots) {
      const spare = this.free.get(holds);
      if (spare === undefined) this.free.set(holds, [slot]);
      else spare.push(slot);
    }
  }
}
