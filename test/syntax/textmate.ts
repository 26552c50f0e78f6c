// Enough of a TextMate engine to see which scopes a grammar gives: match, begin/end, captures, includes, \G. One line at a time, the
// leftmost rule wins, the end of the enclosing rule before the rules inside it. The patterns are those that JavaScript and Oniguruma
// read alike.
import assert from 'node:assert/strict';

export interface Rule {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly captures?: Readonly<Record<string, Rule>>;
  readonly beginCaptures?: Readonly<Record<string, Rule>>;
  readonly endCaptures?: Readonly<Record<string, Rule>>;
  readonly patterns?: readonly Rule[];
}

export interface Grammar extends Rule {
  readonly repository: Readonly<Record<string, Rule>>;
}

interface Frame {
  readonly rule: Rule;
  /** Where `begin` ended on this line; -1 on later lines. */
  anchor: number;
}

/** For each offset, the scopes there, outermost first. */
export function scopes(grammar: Grammar, text: string): string[][] {
  const result: string[][] = Array.from({ length: text.length }, () => []);
  const stack: Frame[] = [{ rule: grammar, anchor: -1 }];
  let offset = 0;
  for (const line of text.split('\n')) {
    tokenize(grammar, line, stack, (start, end, scope) => {
      for (let i = start; i < end; i++) result[offset + i].push(scope);
    });
    for (const frame of stack) frame.anchor = -1;
    offset += line.length + 1;
  }
  return result;
}

function tokenize(grammar: Grammar, line: string, stack: Frame[], paint: (start: number, end: number, scope: string) => void): void {
  let at = 0;
  for (let steps = 0; at <= line.length; steps++) {
    assert(steps < 10_000, `the grammar does not get on in ${line}`);
    const top = stack[stack.length - 1];
    const candidates: { readonly m: RegExpExecArray; readonly rule: Rule; readonly ends: boolean }[] = [];
    const end = top.rule.end === undefined ? null : exec(top.rule.end, line, at, top.anchor);
    if (end !== null) candidates.push({ m: end, rule: top.rule, ends: true });
    for (const rule of flatten(grammar, top.rule.patterns ?? [])) {
      const m = exec(rule.match ?? rule.begin ?? '', line, at, top.anchor);
      if (m !== null) candidates.push({ m, rule, ends: false });
    }
    const best = candidates.reduce<(typeof candidates)[number] | null>((b, c) => (b === null || c.m.index < b.m.index ? c : b), null);
    const until = best === null ? line.length : best.m.index;
    paintFrames(stack, at, until, paint);
    if (best === null) return;
    const { m, rule, ends } = best;
    const stop = m.index + m[0].length;
    paintFrames(ends ? stack.slice(0, -1) : stack, m.index, stop, paint);
    if (rule.name !== undefined) paint(m.index, stop, rule.name);
    captures(m, (ends ? rule.endCaptures : rule.match !== undefined ? rule.captures : rule.beginCaptures) ?? {}, paint);
    if (ends) stack.pop();
    else if (rule.match === undefined) stack.push({ rule, anchor: stop });
    at = stop;
    if (at >= line.length && m[0].length === 0 && !ends) return;
    if (at >= line.length && stack[stack.length - 1].rule.end === undefined) return;
  }
}

function paintFrames(stack: readonly Frame[], start: number, end: number, paint: (start: number, end: number, scope: string) => void): void {
  for (const { rule } of stack.slice(1)) {
    if (rule.name !== undefined) paint(start, end, rule.name);
    if (rule.contentName !== undefined) paint(start, end, rule.contentName);
  }
}

function captures(m: RegExpExecArray, rules: Readonly<Record<string, Rule>>, paint: (start: number, end: number, scope: string) => void): void {
  for (const [n, rule] of Object.entries(rules)) {
    const range = m.indices?.[Number(n)];
    if (range !== undefined && rule.name !== undefined) paint(range[0], range[1], rule.name);
  }
}

function exec(source: string, line: string, at: number, anchor: number): RegExpExecArray | null {
  if (source.startsWith('\\G')) {
    if (anchor !== at) return null;
    const sticky = new RegExp(source.slice(2), 'yd');
    sticky.lastIndex = at;
    return sticky.exec(line);
  }
  const regex = new RegExp(source, 'gd');
  regex.lastIndex = at;
  return regex.exec(line);
}

function flatten(grammar: Grammar, rules: readonly Rule[]): readonly Rule[] {
  return rules.flatMap((rule) => {
    if (rule.include === undefined) return rule.match === undefined && rule.begin === undefined ? flatten(grammar, rule.patterns ?? []) : [rule];
    const included = grammar.repository[rule.include.slice(1)];
    assert(included !== undefined, `no rule ${rule.include}`);
    return flatten(grammar, [included]);
  });
}
