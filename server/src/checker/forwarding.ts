// An engine that stands in front of others: what it does not do itself is asked of the one that is current.
import type { Engine } from './engine.ts';

/** What it does itself. */
interface Own extends Pick<Engine, 'run' | 'stepGraph'> {
  readonly bytes?: () => number;
  readonly statesSoFar?: () => number;
  readonly release?: () => void;
}

export function forwarding(current: () => Engine, own: Own): Engine {
  return {
    run: own.run,
    get states() {
      return current().states;
    },
    get statesSoFar() {
      return own.statesSoFar === undefined ? (current().statesSoFar ?? current().states) : own.statesSoFar();
    },
    get expanded() {
      return current().expanded;
    },
    get transitions() {
      return current().transitions;
    },
    get depth() {
      return current().depth;
    },
    get bytes() {
      return own.bytes === undefined ? current().bytes : own.bytes();
    },
    get hits() {
      return current().hits;
    },
    get races() {
      return current().races;
    },
    decode: (state, into) => current().decode(state, into),
    get slot() {
      return current().slot?.bind(current());
    },
    parent: (state) => current().parent(state),
    successors: (state) => current().successors(state),
    get stepInto() {
      return current().stepInto?.bind(current());
    },
    get stepGraph() {
      return own.stepGraph ?? current().stepGraph?.bind(current());
    },
    release: own.release ?? (() => current().release?.()),
  };
}
