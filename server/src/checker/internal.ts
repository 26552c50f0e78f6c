// What the checker throws when a system breaks its own contract: a bug in us, never something that a user wrote.

/** Ends with an error that names the culprit. */
export function internal(message: string): never {
  throw new Error(`internal error in the checker: ${message}`);
}
