// Looking for something in the expressions of steps.
import type { Expression, Statement } from '../system/system.ts';
import { partsOf } from '../system/parts.ts';

/** Whether some part of an expression is it; what `skip` holds for is not looked into. */
export function contains(e: Expression, is: (part: Expression) => boolean, skip: (part: Expression) => boolean = () => false): boolean {
  if (is(e)) return true;
  return !skip(e) && partsOf(e).some((part) => contains(part, is, skip));
}

/** Every expression of a body, with the statement that it belongs to. */
export function eachExpression(body: readonly Statement[], visit: (e: Expression, of: Statement) => void): void {
  for (const s of body) {
    switch (s.op) {
      case 'set': visit(s.value, s); break;
      case 'setElement': visit(s.index, s); visit(s.value, s); break;
      case 'if':
        visit(s.condition, s);
        eachExpression(s.then, visit);
        eachExpression(s.else, visit);
        break;
      case 'fail': case 'report':
        if (s.object !== null) visit(s.object, s);
        if (s.by !== null) visit(s.by, s);
        break;
      case 'goto': case 'disable': break;
    }
  }
}

export function someExpression(body: readonly Statement[], has: (e: Expression) => boolean): boolean {
  let found = false;
  eachExpression(body, (e) => { found = found || has(e); });
  return found;
}

/** Where a step may go. */
export function gotosOf(body: readonly Statement[]): number[] {
  return body.flatMap((s) => (s.op === 'goto' ? [s.location] : s.op === 'if' ? [...gotosOf(s.then), ...gotosOf(s.else)] : []));
}
