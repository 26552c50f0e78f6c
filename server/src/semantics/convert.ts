// One value going into something of a known type: the check, the message, its fix, and what is inferred from it about functions passed on.
import { codes } from '../base/codes.ts';
import type { Diagnostic, Fix } from '../base/diagnostic.ts';
import type * as tree from '../syntax/tree.ts';
import { note } from './analysis.ts';
import { complain, type Body } from './body.ts';
import type { Symbol, Type } from './program.ts';
import type { Extra } from './report.ts';
import { assignable, embeds, show, valueOf } from './types.ts';

/** Reports a value that does not fit. `what` names its role: "argument `map` of `readl`". */
export function convert(
  b: Body,
  e: tree.Expression,
  from: Type,
  to: Type,
  what: string,
  related: NonNullable<Diagnostic['related']> = [],
): boolean {
  inferCallback(b, e, to);
  if (assignable(from, to)) return true;
  mismatch(b, e, from, show(to), what, { fixes: fixesFor(e, from, to), related });
  return false;
}

export function mismatch(b: Body, e: tree.Expression, from: Type, expected: string, what: string, extra: Extra = {}): void {
  complain(b, codes.typeMismatch, e, `${what}: expected ${quoted(expected)}, found ${quoted(show(from))}`, extra);
}

function quoted(type: string): string {
  return type === 'nothing' ? type : `\`${type}\``;
}

function fixesFor(e: tree.Expression, from: Type, to: Type): Fix[] {
  const value = valueOf(from);
  if (value.kind !== 'ref' || to.kind !== 'ref' || to.to === null) return [];
  const target = to.to;
  if (value.to === null || embeds(target, value.to)) {
    const simple = e.kind === 'name' || e.kind === 'field' || e.kind === 'call';
    const edits = simple
      ? [{ span: { start: e.end, end: e.end }, text: ` as ${target.name}` }]
      : [
          { span: { start: e.start, end: e.start }, text: '(' },
          { span: { start: e.end, end: e.end }, text: `) as ${target.name}` },
        ];
    return [{ title: `Cast it: \`as ${target.name}\``, edits }];
  }
  const field = value.to.fields.find((f) => f.type.kind === 'struct' && f.type.struct === target);
  return field === undefined
    ? []
    : [{ title: `Pass its \`${field.name}\``, edits: [{ span: { start: e.end, end: e.end }, text: `.${field.name}` }] }];
}

/** A function whose parameters are not declared gets their types from the pointer that it is passed as. */
function inferCallback(b: Body, e: tree.Expression, to: Type): void {
  if (to.kind !== 'fn') return;
  const symbol = symbolOf(b, e);
  if (symbol?.kind !== 'function') return;
  symbol.function.parameters.forEach((p, i) => {
    if (i < to.parameters.length) note(b.a, p, to.parameters[i]);
  });
}

/** What an expression that is only a name, or a qualified one, stands for. */
export function symbolOf(b: Body, e: tree.Expression): Symbol | null {
  if (e.kind === 'name') return b.a.symbols.get(e) ?? null;
  return e.kind === 'field' ? (b.a.symbols.get(e.name) ?? null) : null;
}
