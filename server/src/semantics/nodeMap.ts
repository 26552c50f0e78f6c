// What is known of the nodes of a file, above what is known of those of its libraries.

/** A map that can only be asked. */
export interface Lookup<K, V> {
  readonly get: (key: K) => V | undefined;
  readonly has: (key: K) => boolean;
}

export class NodeMap<K, V> implements Lookup<K, V> {
  /** Without what lies below. */
  readonly own = new Map<K, V>();
  private readonly below: Lookup<K, V> | null;

  constructor(below: Lookup<K, V> | null) {
    this.below = below;
  }

  get(key: K): V | undefined {
    return this.own.get(key) ?? this.below?.get(key);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): void {
    this.own.set(key, value);
  }
}
