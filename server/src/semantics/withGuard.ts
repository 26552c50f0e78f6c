// `with f(...) { }`: which function releases what `f` took, and whether it can fail. Lowering looks the pair up in the same way.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import { complain, type Body } from './body.ts';
import { symbolOf } from './convert.ts';
import { typeOf } from './expressions.ts';
import { lacksDeclarations } from './names.ts';
import { reportOnce } from './report.ts';

type With = Extract<tree.Statement, { kind: 'with' }>;

export function checkWith(b: Body, s: With, block: (b: Body, block: tree.Block) => void): void {
  const type = typeOf(b, s.acquire);
  const fails = type.kind === 'error' ? null : failureOf(b, s);
  if (fails === true && !s.question && s.else === null) {
    const end = s.acquire.end;
    complain(
      b,
      codes.unhandledFailure,
      s.acquire,
      `\`${b.unit.text.slice(s.acquire.start, end)}\` can fail: write \`?\` before the \`{\`, or an \`else\``,
      {
        fixes: [{ title: 'Return on failure: `?`', edits: [{ span: { start: end, end }, text: '?' }] }],
      },
    );
  }
  if (s.question && b.work !== null) b.work.fallible = true;
  block(b, s.body);
  if (s.else !== null) block(b, s.else);
}

/** Whether what is acquired can fail; null after a report. */
function failureOf(b: Body, s: With): boolean | null {
  const { acquire } = s;
  const symbol = acquire.kind === 'call' ? symbolOf(b, acquire.callee) : null;
  if (symbol?.kind === 'primitive') {
    if (symbol.primitive.release !== null) return symbol.primitive.fails !== null;
    complain(b, codes.notAGuard, acquire, `nothing releases what \`${symbol.primitive.name}\` does: it cannot stand behind \`with\``);
    return null;
  }
  if (symbol?.kind === 'function') {
    const { function: enter } = symbol;
    if (b.a.guards.some((g) => g.enter === enter)) return enter.returns.kind !== 'void';
    // A guard that names it but is itself a mistake, or that a syntax error has taken away, has been reported.
    const meant = b.a.guardNodes.some(({ node }) => node.enter.text === enter.name || b.a.symbols.get(node.enter) === undefined);
    if (!meant && !lacksDeclarations(b.a, enter.unit)) {
      const message = `no \`guard ${enter.name}, ...\` says what releases what \`${enter.name}\` takes`;
      reportOnce(b.a.reporter, b.unit, `guard ${enter.name}`, codes.notAGuard, acquire, message);
    }
    return null;
  }
  if (acquire.kind !== 'hole') complain(b, codes.notAGuard, acquire, '`with` wants a call that takes something, such as `mutex_lock(m)`');
  return null;
}
