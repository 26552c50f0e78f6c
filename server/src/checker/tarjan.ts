// Tarjan's algorithm on a graph in flat arrays, with its own stack: the cyclic strongly connected components of the nodes that are alive.

/**
 * Nodes are 0..first.length-2; edges of v are `to[first[v]] .. to[first[v + 1] - 1]`, negative ones lead out. Components of one node count
 * only with an edge to itself. Each is ascending, and they are ordered by their first node. Yields every few milliseconds.
 */
export function* cyclicComponents(first: Int32Array, to: Int32Array, alive: Uint8Array): Generator<void, readonly Int32Array[]> {
  const n = first.length - 1;
  const index = new Int32Array(n);
  const low = new Int32Array(n);
  const onStack = new Uint8Array(n);
  const next = first.slice(0, n);
  const stack: number[] = [];
  const work: number[] = [];
  /** Number of each node's component, from 1 on, and their sizes. */
  const component = new Int32Array(n);
  const sizes: number[] = [];
  let counter = 0;
  let steps = 0;
  const enter = (v: number): void => {
    index[v] = ++counter;
    low[v] = counter;
    stack.push(v);
    onStack[v] = 1;
    work.push(v);
  };
  for (let root = 0; root < n; root++) {
    if ((root & 0xfffff) === 0xfffff) yield;
    if (alive[root] === 0 || index[root] !== 0) continue;
    enter(root);
    while (work.length > 0) {
      if ((++steps & 0xffff) === 0) yield;
      const v = work[work.length - 1];
      if (next[v] < first[v + 1]) {
        const w = to[next[v]++];
        if (w < 0 || alive[w] === 0) continue;
        if (index[w] === 0) enter(w);
        else if (onStack[w] !== 0 && index[w] < low[v]) low[v] = index[w];
        continue;
      }
      work.pop();
      if (work.length > 0) {
        const caller = work[work.length - 1];
        if (low[v] < low[caller]) low[caller] = low[v];
      }
      if (low[v] !== index[v]) continue;
      const cyclic = stack[stack.length - 1] !== v || hasLoop(first, to, v);
      let size = 0;
      for (let m = -1; m !== v; size++) {
        if ((++steps & 0xffff) === 0) yield;
        m = stack.pop() ?? v;
        onStack[m] = 0;
        if (cyclic) component[m] = sizes.length + 1;
      }
      if (cyclic) sizes.push(size);
    }
  }
  return yield* members(component, sizes);
}

/** Ascending members of each component, by the first of them. */
function* members(component: Int32Array, sizes: readonly number[]): Generator<void, readonly Int32Array[]> {
  const byNumber = new Map<number, { readonly nodes: Int32Array; count: number }>();
  for (let v = 0; v < component.length; v++) {
    if ((v & 0xfffff) === 0xfffff) yield;
    const number = component[v];
    if (number === 0) continue;
    let c = byNumber.get(number);
    if (c === undefined) byNumber.set(number, (c = { nodes: new Int32Array(sizes[number - 1]), count: 0 }));
    c.nodes[c.count++] = v;
  }
  return [...byNumber.values()].map((c) => c.nodes);
}

function hasLoop(first: Int32Array, to: Int32Array, v: number): boolean {
  for (let e = first[v]; e < first[v + 1]; e++) if (to[e] === v) return true;
  return false;
}
