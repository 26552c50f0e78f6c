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
  // ---- names and types ----
  unknownName: {
    code: 'unknown-name',
    title: 'A name that nothing has',
    severity: 'error',
    explanation: 'Names are declared in the same module, in the same file, or in a library that the file uses; those of the kernel\'s own primitives are built in. The message proposes the nearest name, or the library that declares this one.',
  },
  unknownType: {
    code: 'unknown-type',
    title: 'A type that nothing declares',
    severity: 'error',
    explanation: 'A type is `bool`, `int`, `u8` to `u64`, `any`, `module`, a primitive such as `mutex`, or a `struct` or `enum` of this file or of a library that it uses.',
  },
  unknownField: {
    code: 'unknown-field',
    title: 'A field that the struct does not have',
    severity: 'error',
    explanation: 'Fields are those that the `struct` declares. A pointer to an embedded struct becomes one to its container by `as`, as container_of does; an `any` has no fields until it is cast.',
  },
  unknownLibrary: {
    code: 'unknown-library',
    title: 'A library that does not exist',
    severity: 'error',
    explanation: '`use misc` names a library that comes with Lifeline, `use "./my_core.lifeline"` a file beside this one.',
  },
  ambiguousName: {
    code: 'ambiguous-name',
    title: 'A name that two declarations have',
    severity: 'error',
    explanation: 'The nearest declaration of a name counts: own module, own file, then libraries. Where two are equally near, write which: `nova.timer_fops`.',
  },
  duplicateName: {
    code: 'duplicate-name',
    title: 'A name that is declared twice',
    severity: 'error',
    explanation: 'In one block, struct or module a name is declared once. An inner block may declare it anew, as in C.',
  },
  notConstant: {
    code: 'not-constant',
    title: 'A value that is only known when code runs',
    severity: 'error',
    explanation: 'Conditions around declarations, ranges and limits are computed from params, consts and numbers; static data (`ops`, the initial value of a variable) from those and from names of static data. A division by zero has no value.',
  },
  cannotInfer: {
    code: 'cannot-infer',
    title: 'A type that nothing tells',
    severity: 'error',
    explanation: 'Inside functions types are inferred, and so are a scenario\'s parameters: from calls, and from where a function is passed as a pointer. What nothing calls has to say its types, and so have the parameters of library functions.',
  },
  typeMismatch: {
    code: 'type-mismatch',
    title: 'A value of one type where another is wanted',
    severity: 'error',
    explanation: 'Numbers and booleans convert into each other as in C, an embedded struct is its own address, and any reference is an `any`. Back from `any`, or from an embedded struct to its container, goes only `as`.',
  },
  wrongArgumentCount: {
    code: 'wrong-argument-count',
    title: 'Too many or too few arguments',
    severity: 'error',
    explanation: 'A call gives one argument for each parameter. A method of an `ops` may leave out the last parameters of its type.',
  },
  notCallable: {
    code: 'not-callable',
    title: 'Something called that is no function',
    severity: 'error',
    explanation: 'Functions, operations of the kernel, and fields or variables that hold function pointers can be called.',
  },
  notAValue: {
    code: 'not-a-value',
    title: 'A name that stands for no value',
    severity: 'error',
    explanation: 'Types, labels and operations that are built in are no values: they cannot be stored or passed on.',
  },
  notAssignable: {
    code: 'not-assignable',
    title: 'A target that cannot be assigned',
    severity: 'error',
    explanation: 'Variables, parameters and fields can be assigned. Constants, `ops` instances and functions cannot, and an embedded struct is changed field by field.',
  },
  wrongContext: {
    code: 'wrong-context',
    title: 'A construct in the wrong hands',
    severity: 'error',
    explanation: 'A process makes system calls and cannot touch kernel memory; kernel code makes none; `hardware` is made of events; `bound`, `gone`, `loaded` and `alive` ask the model, which a module cannot do.',
  },
  waitInAtomic: {
    code: 'wait-in-atomic',
    title: 'A wait inside an atomic block',
    severity: 'error',
    explanation: '`atomic { }` is one step, and nothing can wait inside it. `wait until` is a step of its own, taken when its condition holds.',
  },
  impossibleCast: {
    code: 'impossible-cast',
    title: 'A cast that can never succeed',
    severity: 'error',
    explanation: '`x as T` casts a pointer to a `T`, or to a struct that is embedded in a `T` (container_of). Nothing else that a pointer can hold becomes one.',
  },
  unknownLabel: {
    code: 'unknown-label',
    title: 'A `goto` to a section that is not there',
    severity: 'error',
    explanation: '`expr? goto unmap` goes to the section `undo unmap:` at the end of the same function.',
  },
  notAGuard: {
    code: 'not-a-guard',
    title: '`with` without something to release',
    severity: 'error',
    explanation: '`with` takes a call whose release is known: a lock, a read section, or a pair that a library declares with `guard enter, exit`.',
  },
  unhandledFailure: {
    code: 'unhandled-failure',
    title: 'A `with` that can fail and does not say what then',
    severity: 'error',
    explanation: 'Where taking the guard can fail, the block runs only if it did not: write `?` before the `{` to return the error, or an `else`.',
  },
  outsideLoop: {
    code: 'outside-loop',
    title: '`break` or `continue` outside of a loop',
    severity: 'error',
    explanation: 'They leave or repeat the innermost `while`, `loop` or `for` of the same function.',
  },
  unknownVerdict: {
    code: 'unknown-verdict',
    title: '`expect` of a verdict that does not exist',
    severity: 'error',
    explanation: 'The verdicts have fixed names, such as `use-after-free` or `unload-refused`.',
  },
  unknownParamValue: {
    code: 'unknown-param-value',
    title: 'A value that the param does not take',
    severity: 'error',
    explanation: 'Beside a param in `==` or `!=`, a name stands for one of the values in its braces.',
  },
  badAssumption: {
    code: 'bad-assumption',
    title: 'Something that cannot be assumed',
    severity: 'error',
    explanation: '`assume app closes on POLLHUP` and `assume app closes` are what can be assumed of a process.',
  },
  badRange: {
    code: 'bad-range',
    title: 'A range or limit that holds nothing',
    severity: 'error',
    explanation: 'The first bound of a range is not greater than its last; a limit of objects is between 1 and 4096.',
  },
  tooManyValues: {
    code: 'too-many-values',
    title: 'A design space that is too large',
    severity: 'error',
    explanation: 'A param takes at most 256 values, and all params of a file together at most 4096 combinations: each is explored by itself.',
  },
  positiveErrno: {
    code: 'positive-errno',
    title: 'An error that is returned as a success',
    severity: 'warning',
    explanation: 'Kernel functions return errors as negative numbers: `return -ENODEV`. A positive one is no failure for `?` and for the libraries, which go on as if the call had worked.',
  },
  recursive: {
    code: 'recursive',
    title: 'A definition that leads back to itself',
    severity: 'error',
    explanation: 'A const, another name for a type, and what a struct embeds must end somewhere. To point back, use `ref`.',
  },
  noPtimer: {
    code: 'no-ptimer',
    title: 'A read of a time that no device has',
    severity: 'warning',
    explanation: 'Without `ptimer of DEVICE { }` TIME_0 and TIME_1 are registers like any other: they hold what was last written to them, and 0 before. A routine that waits on such a time never sees it pass.',
  },
  bareTimeout: {
    code: 'bare-timeout',
    title: 'A time-out without a unit',
    severity: 'warning',
    explanation: "`wait until c timeout 10` times out after 10 ns. C's wait_event_timeout() would take 10 for jiffies, so the unit is better said: `timeout 10ms`.",
  },
  neverProbed: {
    code: 'never-probed',
    title: 'A driver that no device binds',
    severity: 'warning',
    explanation: 'A driver probes the devices that say so: `device gpu: pci_dev binds nova.timer_driver`. Without one nothing of the driver runs but registering it, and everything holds of what does not happen.',
  },
  neverRegistered: {
    code: 'never-registered',
    title: 'An `open` of a name that nobody registers',
    severity: 'warning',
    explanation: '`open("/dev/timer")` finds what was registered as `"timer"`. Another name is -ENXIO in every run, and what the process would do with the file never happens.',
  },
  noHeader: {
    code: 'no-header',
    title: 'A file that does not say what it is',
    severity: 'error',
    explanation: 'A file is a scenario or a library, and says so first: `scenario unplug "an ioctl across unplug"`, `library my_core`. Only comments stand before that line.',
  },
  nothingRuns: {
    code: 'nothing-runs',
    title: 'A file in which nothing runs',
    severity: 'error',
    explanation: 'A file that is checked begins with `scenario NAME` and has a `process`, `hardware`, or a module with an `init`: without any there is no interleaving to look at, and everything would hold.',
  },
  notChecked: {
    code: 'not-checked',
    title: 'Something that this version cannot check',
    severity: 'error',
    explanation: 'The line means something, but this version does not take it into account: a result that ignored it would be wrong.',
  },
  badDuration: {
    code: 'bad-duration',
    title: 'A duration that cannot be counted',
    severity: 'error',
    explanation: 'In a scenario with a clock, what sleeps, delays and arms counts down, in whole nanoseconds, from at most 2^50 of them: 13 days. A scenario that is scaled down says the same with less.',
  },
  notOneStep: {
    code: 'not-one-step',
    title: 'A condition that takes more than one step',
    severity: 'error',
    explanation: '`wait until` and `assert` look at their whole condition in one step: fields, variables, comparisons, operations that only look (`kref_read`, `completion_done`), and functions that are a single return of such an expression.',
  },
  brokenLibrary: {
    code: 'broken-library',
    title: 'A library with an error',
    severity: 'error',
    explanation: 'A file that uses a library is checked only when the library has no errors of its own. The message says where the first one is.',
  },
} as const satisfies Record<string, Code>;
