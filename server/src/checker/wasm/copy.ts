// Copies states in generated code.
import type { Code } from './emit.ts';

/** Copies a state between the addresses in two locals. */
export function copyWords(code: Code, from: number, to: number, words: number): void {
  let w = 0;
  for (; w + 4 <= words; w += 4)
    code
      .get(to)
      .get(from)
      .load128(4 * w)
      .store128(4 * w);
  for (; w + 2 <= words; w += 2)
    code
      .get(to)
      .get(from)
      .load64(4 * w)
      .store64(4 * w);
  for (; w < words; w++)
    code
      .get(to)
      .get(from)
      .load(4 * w)
      .store(4 * w);
}
