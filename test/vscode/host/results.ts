// What the suite tells the script that started it.

export interface Result {
  readonly title: string;
  readonly ms: number;
  /** The stack, when the test failed. */
  readonly error: string | null;
}
