// Which words of a state an expression may read. Generates nothing.
import type { Expression } from '../../system/system.ts';
import type { Context } from './interval.ts';

/** Every word that an expression may read. */
export function wordsRead(c: Context, e: Expression, into: Set<number>): void {
  switch (e.op) {
    case 'constant':
      break;
    case 'load': {
      const f = c.layout.fields[e.slot];
      if (f === null) break;
      into.add(f.word);
      if (f.bits === 64) into.add(f.word + 1);
      break;
    }
    case 'element': {
      const g = c.layout.groups[e.slot];
      if (g !== null) for (let i = 0; i < g.words; i++) into.add(g.word + i);
      else if (c.layout.fields[e.slot] !== null) into.add(c.layout.fields[e.slot]!.word);
      wordsRead(c, e.index, into);
      break;
    }
    case 'table':
      wordsRead(c, e.index, into);
      break;
    case 'not':
    case 'negate':
    case 'complement':
      wordsRead(c, e.operand, into);
      break;
    case 'binary':
      wordsRead(c, e.left, into);
      wordsRead(c, e.right, into);
      break;
    case 'choose':
      wordsRead(c, e.condition, into);
      wordsRead(c, e.then, into);
      wordsRead(c, e.else, into);
      break;
  }
}
