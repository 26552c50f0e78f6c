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
  const found: Int32Array[] = [];
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
      const members = stack.splice(stack.lastIndexOf(v));
      for (const m of members) onStack[m] = 0;
      if (members.length > 1 || hasLoop(first, to, v)) found.push(Int32Array.from(members).sort());
    }
  }
  return found.sort((a, b) => a[0] - b[0]);
}

function hasLoop(first: Int32Array, to: Int32Array, v: number): boolean {
  for (let e = first[v]; e < first[v + 1]; e++) if (to[e] === v) return true;
  return false;
}
