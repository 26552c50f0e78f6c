// Generates the hash by which states are found. Universal in its upper half, and the same in each build.
import { type Code, Op } from './emit.ts';

/** Leaves the upper 32 bits of a hash of the words at a local's address. */
export function emitHash(code: Code, words: number, load: (word: number) => void, h: number): void {
  const next = constants();
  code.i64(next());
  for (let w = 0; w < words; w++) {
    load(w);
    code.i64(next()).op(Op.mul64).op(Op.add64);
  }
  // The sum is universal in its upper half; the rest spreads sets that are regular in many words.
  code.tee(h).i64(32n).op(Op.shrU64).get(h).op(Op.xor64).i64(next()).op(Op.mul64).i64(32n).op(Op.shrU64).op(Op.wrap);
}

/** Odd 64-bit constants, the same every time (splitmix64). */
export function constants(seed = 0x1f83d9abfb41bd6bn): () => bigint {
  let state = seed;
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return (z ^ (z >> 31n)) | 1n;
  };
}
