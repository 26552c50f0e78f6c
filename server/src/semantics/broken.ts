// Which parts of a file a syntax error has spoilt: what seems wrong there may only follow from it, and is not worth a second message.
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import type * as tree from '../syntax/tree.ts';

export interface Broken {
  /** Lines with a syntax error, and in a function or program all that stands behind one. */
  readonly spoilt: readonly Span[];
  /** Structs with a syntax error inside, which may lack fields, and functions with one in their parameters. */
  readonly incomplete: ReadonlySet<tree.Declaration | tree.OpsEntry>;
  /** A declaration, or a library, may be missing: names that nothing is close to are not reported. */
  declarations: boolean;
}

export function brokenBy(file: tree.File, text: string, errors: readonly Diagnostic[]): Broken {
  const spoilt: Span[] = [];
  const incomplete = new Set<tree.Declaration | tree.OpsEntry>();
  let declarations = false;
  const places = errors.length === 0 ? { functions: [], structs: [], wholes: [] } : placesIn(file.declarations);
  for (const { span, severity } of errors) {
    if (severity !== 'error') continue;
    const inside = (node: Span): boolean => node.start <= span.start && span.start < node.end;
    const line = lineOf(text, span.start);
    const fn = places.functions.find(inside);
    const struct = places.structs.find(inside);
    const whole = places.wholes.find(inside);
    if (fn !== undefined) {
      spoilt.push({ start: Math.max(line.start, fn.start), end: fn.end });
      const inHead = 'body' in fn && span.start <= fn.body.start;
      if (inHead) incomplete.add(fn);
      declarations ||= inHead || nameless(fn, span);
    } else if (struct !== undefined) {
      spoilt.push(line);
      incomplete.add(struct);
      declarations ||= nameless(struct, span);
    } else {
      spoilt.push(whole ?? line);
      declarations ||= whole === undefined || whole.kind === 'use';
    }
  }
  return { spoilt, incomplete, declarations };
}

/** Others will miss a declaration whose name is the mistake. */
function nameless(node: Span & { readonly name?: tree.Name }, error: Span): boolean {
  if (node.name === undefined) return false;
  return node.name.text === '' || (error.start <= node.name.end && error.end >= node.name.start);
}

function lineOf(text: string, offset: number): Span {
  const end = text.indexOf('\n', offset);
  return { start: text.lastIndexOf('\n', offset - 1) + 1, end: end < 0 ? text.length + 1 : end };
}

interface Places {
  readonly functions: Array<tree.Fn | tree.Init | tree.Exit | tree.Process | tree.Hardware | Method>;
  readonly wholes: Array<tree.Expect | tree.Use>;
  readonly structs: tree.Struct[];
}

type Method = Extract<tree.OpsEntry, { readonly kind: 'method' }>;

function placesIn(declarations: readonly tree.Declaration[], into: Places = { functions: [], wholes: [], structs: [] }): Places {
  for (const d of declarations) {
    switch (d.kind) {
      case 'module':
        placesIn(d.declarations, into);
        break;
      case 'ifDeclaration':
        placesIn(d.then, into);
        placesIn(d.else, into);
        break;
      case 'fn':
      case 'init':
      case 'exit':
      case 'process':
      case 'hardware':
        into.functions.push(d);
        break;
      case 'expect':
      case 'use':
        into.wholes.push(d);
        break;
      case 'claim':
        into.wholes.push(...d.expects);
        break;
      case 'ops':
        bodiesOf(d.entries, into);
        break;
      case 'struct':
        into.structs.push(d);
        break;
      default:
    }
  }
  return into;
}

function bodiesOf(entries: readonly tree.OpsEntry[], into: Places): void {
  for (const entry of entries) {
    if (entry.kind === 'method') into.functions.push(entry);
    if (entry.kind !== 'ifEntries') continue;
    bodiesOf(entry.then, into);
    bodiesOf(entry.else, into);
  }
}
