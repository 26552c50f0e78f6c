// The three assertions of the suite, for both kinds of extension host: a web worker has no node:assert.

export function ok(value: unknown, message: string): asserts value {
  if (!value) throw new Error(message);
}

export function equal<T>(actual: T, expected: T, what = 'value'): void {
  const [a, e] = [JSON.stringify(actual, null, 1), JSON.stringify(expected, null, 1)];
  if (a !== e) throw new Error(`${what}: ${a}\nexpected: ${e}`);
}

export function match(text: string, pattern: RegExp, what = 'text'): void {
  if (!pattern.test(text)) throw new Error(`${what} does not match ${pattern}: ${text}`);
}
