// Every diagnostic that a file's text can give, by name: its stable code, its title, how bad it is, and why it is reported.
// The pages of the documentation are made from here. What an exploration finds has its names in checker/verdict.ts.
import type { Severity } from './diagnostic.ts';

export interface Code {
  /** Stable, kebab-case: what the editor and the JSON show. */
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
  /** A few sentences for somebody who has just met it: what the rule is, and what to write instead. */
  readonly explanation: string;
}

export const codes = {
  // ---- syntax ----
  unexpectedCharacter: {
    code: 'unexpected-character',
    title: 'A character that means nothing here',
    severity: 'error',
    explanation: 'Names are letters, digits and underscores, as in C. Strings stand in double quotes. Anything else belongs in a comment, a string, a quoted line of a claim, or an interleaving table.',
  },
  unclosedString: {
    code: 'unclosed-string',
    title: 'A string that does not end on its line',
    severity: 'error',
    explanation: 'A string begins and ends with `"` on one line. Inside it, `\\"` is a quote, `\\\\` a backslash, `\\n` a newline and `\\t` a tab.',
  },
  unclosedComment: {
    code: 'unclosed-comment',
    title: 'A comment that never ends',
    severity: 'error',
    explanation: 'A comment that begins with `/*` ends with `*/`; such comments do not nest.',
  },
  badNumber: {
    code: 'bad-number',
    title: 'A number that is not one',
    severity: 'error',
    explanation: 'Numbers are decimal (`1_000`) or hexadecimal (`0x9400`), at most 64 bits. A duration is a decimal number and a unit: `2s`, `10ms`, `5us`, `32ns`.',
  },
  syntax: {
    code: 'syntax',
    title: 'Something is missing, or stands where it cannot',
    severity: 'error',
    explanation: 'The message names what was expected and what was found. A statement ends at the end of its line, at `;` or at `}`; a line goes on only inside `( )` and `[ ]`, or after a binary operator or a comma at its end.',
  },
  unclosedBrace: {
    code: 'unclosed-brace',
    title: 'A `{` without its `}`, or a `}` without its `{`',
    severity: 'error',
    explanation: 'Braces pair up. Where they do not, indentation is taken as what was meant, so that one forgotten brace gives one message at the place that it was forgotten.',
  },
  misspeltKeyword: {
    code: 'misspelt-keyword',
    title: 'A word that looks like a keyword',
    severity: 'error',
    explanation: 'The word stands where only a declaration or a statement can stand, and is close to one that the language has. The file is read as if the keyword stood there.',
  },
  foreignSyntax: {
    code: 'foreign-syntax',
    title: 'C or Rust that Lifeline writes differently',
    severity: 'error',
    explanation: 'Lifeline keeps the names of the kernel, not all of its syntax: fields are reached with `.` alone, an embedded struct is its own address, `n += 1` counts up, `let` declares a local variable and `fn` a function. The message has the spelling.',
  },
  misplaced: {
    code: 'misplaced',
    title: 'A construct that cannot stand here',
    severity: 'error',
    explanation: 'Each declaration has its place: `scenario` or `library` first; modules, devices, processes, claims and parameters in the file itself; `init` and `exit` in a module; `undo` sections last in a function.',
  },
  lineBreak: {
    code: 'line-break',
    title: 'A line that ends too early',
    severity: 'error',
    explanation: '`{` stands on the line of what it belongs to, `else` and `or` on the line of the `}` before them: a newline ends a statement.',
  },
  unclearPrecedence: {
    code: 'unclear-precedence',
    title: 'Operators that C and Rust group differently',
    severity: 'error',
    explanation: 'C reads `a & b == c` as `a & (b == c)`, Rust as `(a & b) == c`, and neither means `a < b < c` as it looks. Lifeline asks for the parentheses.',
  },
  tooDeep: {
    code: 'too-deep',
    title: 'Nested too deeply',
    severity: 'error',
    explanation: 'Blocks, parentheses, operators and types nest up to a limit, so that no file can exhaust the stack. What follows is not read.',
  },
} as const satisfies Record<string, Code>;
