// Walking the tree without knowing its kinds: children, everything below a node, the nodes around an offset.
import type { Span } from '../base/span.ts';
import type { Block, Declaration, Expression, Field, File, Header, Name, OpsEntry, Parameter, Path, Quote, Setting, Statement, Type, Undo } from './tree.ts';

export type Node =
  | File | Header | Declaration | Field | OpsEntry | Setting | Parameter | Quote | Type | Block | Undo | Statement | Expression | Name | Path;

/** Trees do not change, and those of libraries are walked for every combination of params. */
const known = new WeakMap<Node, readonly Node[]>();

/** The nodes directly below, in the order of the text. */
export function children(node: Node): readonly Node[] {
  let below = known.get(node);
  if (below === undefined) {
    const found: Node[] = [];
    collect(node, found);
    if (found.some((child, i) => i > 0 && child.start < found[i - 1].start)) found.sort((a, b) => a.start - b.start);
    below = found;
    known.set(node, below);
  }
  return below;
}

/** Visits the node and everything below it, parents first, in the order of the text. `enter` returns false to leave out what is below. */
export function walk(node: Node, enter: (node: Node, parent: Node | null) => unknown, parent: Node | null = null): void {
  if (enter(node, parent) === false) return;
  for (const child of children(node)) walk(child, enter, node);
}

const flat = new WeakMap<Node, readonly Node[]>();

/** A node and everything below it, as `walk` meets them, for trees that are gone through again and again. */
export function everyNode(root: Node): readonly Node[] {
  let nodes = flat.get(root);
  if (nodes === undefined) {
    const met: Node[] = [];
    walk(root, (node) => met.push(node));
    nodes = met;
    flat.set(root, nodes);
  }
  return nodes;
}

/**
 * The nodes around an offset, outermost (the file) first. A node that ends at the offset counts where none goes on past it, as a
 * cursor behind a word is still at that word.
 */
export function pathAt(file: File, offset: number): readonly Node[] {
  const path: Node[] = [file];
  for (;;) {
    let next: Node | null = null;
    for (const child of children(path[path.length - 1])) {
      if (child.start <= offset && offset < child.end) {
        next = child;
        break;
      }
      if (child.end === offset && child.start <= offset) next = child;
    }
    if (next === null) return path;
    path.push(next);
  }
}

export function nodeAt(file: File, offset: number): Node {
  const path = pathAt(file, offset);
  return path[path.length - 1];
}

export function contains(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** Every object in the tree with a kind and a place is a node; those without a place (the values of a parameter) only hold some. */
function collect(holder: object, into: Node[]): void {
  for (const value of Object.values(holder)) {
    if (Array.isArray(value)) collect(value, into);
    else if (typeof value === 'object' && value !== null && 'kind' in value) {
      if ('start' in value) into.push(value as Node);
      else collect(value, into);
    }
  }
}
