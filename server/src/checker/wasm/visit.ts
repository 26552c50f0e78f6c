// Shows every statement and expression of a system to a visitor, once each. Decides nothing.
import type { Expression, Statement, System } from '../../system/system.ts';

export interface Visitor {
  readonly statement: (s: Statement, agent: number) => void;
  readonly expression: (e: Expression) => void;
}

/** Steps of all agents, and what races look at. */
export function visitSystem(system: System, visitor: Visitor): void {
  for (const [agent, a] of system.agents.entries()) {
    for (const l of a.locations) {
      if (l.access?.index) visitExpression(l.access.index, visitor.expression);
      for (const s of l.steps) {
        if (s.guard !== null) visitExpression(s.guard, visitor.expression);
        for (const b of s.body) visitStatement(b, agent, visitor);
      }
    }
  }
}

export function visitStatement(s: Statement, agent: number, visitor: Visitor): void {
  visitor.statement(s, agent);
  switch (s.op) {
    case 'set':
      visitExpression(s.value, visitor.expression);
      break;
    case 'setElement':
      visitExpression(s.index, visitor.expression);
      visitExpression(s.value, visitor.expression);
      break;
    case 'if':
      visitExpression(s.condition, visitor.expression);
      for (const b of s.then) visitStatement(b, agent, visitor);
      for (const b of s.else) visitStatement(b, agent, visitor);
      break;
    case 'fail':
    case 'report':
      if (s.object !== null) visitExpression(s.object, visitor.expression);
      if (s.by !== null) visitExpression(s.by, visitor.expression);
      break;
    case 'goto':
    case 'disable':
      break;
  }
}

export function visitExpression(e: Expression, visit: (e: Expression) => void): void {
  visit(e);
  switch (e.op) {
    case 'constant':
    case 'load':
      break;
    case 'element':
    case 'table':
      visitExpression(e.index, visit);
      break;
    case 'not':
    case 'negate':
    case 'complement':
      visitExpression(e.operand, visit);
      break;
    case 'binary':
      visitExpression(e.left, visit);
      visitExpression(e.right, visit);
      break;
    case 'choose':
      visitExpression(e.condition, visit);
      visitExpression(e.then, visit);
      visitExpression(e.else, visit);
      break;
  }
}
