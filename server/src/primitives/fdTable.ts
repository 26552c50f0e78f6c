// Where the FDs of a process are kept, and whose the last FD of a file was: for `unload-refused ... by app`.
import { binary, constant, equal, load } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { Emit } from './emit.ts';

/** First slot of the FD table of the agent's process. */
export function fdTable(emit: Emit, agent = emit.agentIndex): number {
  const main = emit.model.mainOf[agent];
  return emit.shared(`FDs of ${emit.model.agentNames[main]}`, emit.model.placeMax, { length: Math.max(1, emit.model.fds), holds: 'place', owner: main }).slot;
}

/** Does the process of `agent` have an FD of that file, or was it the last to have one? */
export function ownsFile(emit: Emit, agent: number, file: number): Expression {
  const first = fdTable(emit, agent);
  let owns: Expression = equal(load(lastOwner(emit, file)), constant(agent + 1));
  for (let k = 0; k < emit.model.fds; k++) owns = binary('||', owns, equal(load(first + k), constant(file)));
  return owns;
}

/** 1 + main agent of the process that had the last FD of a file. */
function lastOwner(emit: Emit, file: number): number {
  const files = emit.model.placesOf('file');
  return emit.shared('last owner of a file', 'agents', { length: Math.max(1, files.count) }).slot + file - files.base;
}

/** The file's last FD may be this one: remembers whose it was. */
export function remember(emit: Emit, file: Expression): Statement[] {
  const files = emit.model.placesOf('file');
  const main = emit.model.mainOf[emit.agentIndex];
  return Array.from({ length: files.count }, (_, f): Statement => ({
    op: 'if', condition: equal(file, constant(files.base + f)), then: [{ op: 'set', slot: lastOwner(emit, files.base + f), value: constant(main + 1) }], else: [],
  }));
}


/** First slot of what the agent's process has mapped. */
export function mapTable(emit: Emit, agent = emit.agentIndex): number {
  const main = emit.model.mainOf[agent];
  return emit.shared(`mappings of ${emit.model.agentNames[main]}`, emit.model.placeMax, { length: Math.max(1, emit.model.fds), holds: 'place', owner: main }).slot;
}
