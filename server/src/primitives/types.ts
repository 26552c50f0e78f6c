// What a primitive type keeps in the state: hidden integer fields, one of each per object of the type.
import type { Variable } from '../system/system.ts';
import type { PrimitiveType } from '../semantics/prelude.ts';

export interface HiddenField {
  readonly name: string;
  readonly min?: number;
  /** Largest value; 'agents': number of agents; 'mask': a bit for each agent; 'function', 'place': their numbers. */
  readonly max: number | 'agents' | 'mask' | 'function' | 'place' | 'device';
  readonly holds?: Variable['holds'];
  readonly initial?: number;
  /** Kept when the object is freed: the kernel still has it on a queue. The entry is not used again before it is zero. */
  readonly outlives?: boolean;
  /** 'agents': one element per agent. */
  readonly each?: 'agents';
}

export interface PrimitiveTypeDefinition extends PrimitiveType {
  readonly fields: readonly HiddenField[];
  /** Objects of the type come from a pool that an operation allocates from (mappings, tasks), as `new` does for structs. */
  readonly pooled?: { readonly view: 'mapping' | 'memory' | 'internal'; readonly leak: string | null };
  /** What using an object is after its end, where that is no use-after-free: `unmapped-mmio`, "unmapped". */
  readonly gone?: { readonly kind: 'unmapped-mmio'; readonly verb: string };
  /** A kernel context runs for each object of the type. */
  readonly runs?: 'work' | 'timer' | 'rcu' | 'irq' | 'kthread';
}
