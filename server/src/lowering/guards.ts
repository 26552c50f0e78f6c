// `with f(...) { }`: acquires, runs the block, and releases on every way out.
import type * as tree from '../syntax/tree.ts';
import type { Value } from '../primitives/emit.ts';
import { binary, constant, not, zero } from '../system/expression.ts';
import { callFunction, lowerArguments, operationCall } from './calls.ts';
import type { Context } from './context.ts';
import { failure, lowerBlock, propagate } from './statements.ts';

export function lowerWith(cx: Context, s: Extract<tree.Statement, { kind: 'with' }>): void {
  const { b, world } = cx;
  const call = s.acquire;
  if (call.kind !== 'call') throw new Error('lowering: with of no call');
  const symbol = call.callee.kind === 'name' ? world.program.symbols.get(call.callee) : call.callee.kind === 'field' ? world.program.symbols.get(call.callee.name) : undefined;
  b.scope(() => {
    const args = b.at(call, () => lowerArguments(cx, call));
    let acquired: Value;
    let release: () => void;
    let failed: ReturnType<typeof failure> = null;
    if (symbol?.kind === 'primitive') {
      const { primitive } = symbol;
      acquired = b.at(call, () => operationCall(cx, primitive.name, args, call));
      const name = primitive.release;
      if (name === null) throw new Error(`lowering: ${primitive.name} cannot be used with \`with\``);
      release = () => b.at(call, () => { operationCall(cx, name, acquired.type.kind === 'void' ? args : [...args, acquired], call, name); });
      if (primitive.fails === 'errno') failed = { condition: binary('<', acquired.expression, zero), errno: acquired.expression };
      if (primitive.fails === 'false') failed = { condition: not(acquired.expression), errno: constant(-19) };
    } else if (symbol?.kind === 'function') {
      const guard = world.program.guards.find((g) => g.enter === symbol.function);
      if (guard === undefined) throw new Error(`lowering: ${symbol.function.name} is no guard`);
      acquired = b.at(call, () => callFunction(cx, guard.enter, args, call));
      const extra = guard.exit.parameters.length > args.length ? [...args, acquired] : args;
      release = () => b.at(call, () => { callFunction(cx, guard.exit, extra, call); });
      if (s.question || s.else !== null) failed = failure(acquired);
    } else throw new Error('lowering: with of no guard');

    if (failed !== null && (s.question || s.else !== null)) {
      if (s.else === null) propagate(cx, acquired, null);
      else {
        const { condition } = failed;
        const otherwise = s.else;
        b.branch(condition, () => lowerBlock(cx, otherwise), () => guarded());
        return;
      }
    }
    guarded();

    function guarded(): void {
      b.scope(() => {
        b.onLeave(release);
        lowerBlock(cx, s.body);
      });
    }
  });
}
