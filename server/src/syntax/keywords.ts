// Every word that the grammar knows, with one line for completion and hover, and where it can stand. The parser looks words up here,
// the TextMate grammar is tested against it. Names of types, primitives and verdicts are not keywords.

/** `file` and `module`: begins a declaration there. `table`: begins an entry of `ops` or `driver`. `clause`: goes on what `after` began. */
export type Where = 'file' | 'module' | 'table' | 'statement' | 'value' | 'type' | 'clause';

export interface Keyword {
  readonly word: string;
  readonly where: readonly Where[];
  /** For clauses: the words that begin what it belongs to. */
  readonly after: readonly string[];
  readonly doc: string;
}

export const KEYWORDS: readonly Keyword[] = [
  at(['file'], 'scenario', 'Names the file and says in a line what happens in it: `scenario naked_misc "..."`. Stands first.'),
  at(['file'], 'library', 'Names a file that models a subsystem for scenarios to `use`. Stands first.'),
  at(['file'], 'use', 'Makes a shipped library (`use misc`) or a file beside this one (`use "./my_core.lifeline"`) known here.'),
  at(['file'], 'cite', 'Names a mail by its message-id: `cite <20250227142349.GD39591@nvidia.com>`.'),
  at(['file'], 'claim', 'Ties a statement in the thread, with its citation and quoted lines, to the `expect`s that decide it.'),
  at(['file'], 'expect', 'Says that a verdict is reachable, or with `no` that it is not: `expect use-after-free in f of T by app when cond`.'),
  at(['file'], 'assume', 'States how user space behaves: `assume app closes on POLLHUP`. Verdicts then hold under the assumption.'),
  at(['file'], 'interleaving', 'Takes the CPU table of a commit message as it is pasted, and asks whether it can happen.'),
  at(['file'], 'param', 'Opens a design space: every combination of parameter values is checked. `param fence in {none, srcu}`.'),
  at(['file'], 'module', 'A kernel module: its text and static data are gone once it is unloaded.'),
  at(['file'], 'device', 'A device, and the drivers that match it: `device gpu: pci_dev binds nova.timer_driver`.'),
  at(['file'], 'process', 'A user-space process; its top-level statements are system calls. `process app x3 { }` makes three identical ones.'),
  at(['file'], 'hardware', 'Events that may come at any moment or never: `unplug(dev)`, `interrupt(dev)`, `sets(dev, offset, value)`.'),
  at(['file'], 'time', 'What operations cost, and how long an agent may be scheduled out: `time { mmio = 300ns..1us; preempt = 4us each }`.'),
  at(['file'], 'ptimer', 'The timer of a device (NVIDIA PTIMER), and how it counts: `ptimer of gpu { counter = 0; grain = 32 }`.'),
  at(['file'], 'config', 'How the kernel is built, as in a .config: `config { DEBUG_SHIRQ = y }`.'),
  at(['file', 'module'], 'const', 'A constant: `const LIMIT = 4`.'),
  at(['file', 'module'], 'enum', 'A type of named values: `enum state { idle, busy }`.'),
  at(['file', 'module'], 'struct', 'A struct of kernel memory. `struct T[8] { }` raises the limit of its pool, `struct a = b` names a type anew.'),
  at(['file', 'module'], 'ops', 'A const table of operations in the static data of its module, null where nothing is given.'),
  at(['file', 'module'], 'driver', 'A table of driver callbacks: `probe`, `remove` and what its bus calls.'),
  at(['file', 'module'], 'fn', 'A function. Outside a module it is core kernel text, which is never unloaded.'),
  at(['file', 'module'], 'guard', 'Declares a pair for `with`: `guard drm_dev_enter, drm_dev_exit` calls the second on every way out.'),
  at(['module'], 'init', 'Runs when the module is loaded.'),
  at(['module'], 'exit', 'Runs when the module is unloaded; its text and data are gone afterwards.'),
  at(['file', 'module', 'statement'], 'let', 'A variable: local in a function, static data in a module.'),
  at(['file', 'module', 'table', 'statement'], 'if', 'Around declarations it selects by parameters, in a function by any condition.'),
  at(['statement'], 'while', 'Repeats as long as a condition holds; each turn is a step.'),
  at(['statement'], 'loop', 'Repeats until `break` or `return`; each turn is a step.'),
  at(['statement'], 'for', 'Walks a list: `for f in d.files { }`. Each link that is followed is a touch.'),
  at(['statement'], 'break', 'Leaves the innermost loop.'),
  at(['statement'], 'continue', 'Goes to the next turn of the innermost loop.'),
  at(['statement'], 'return', 'Leaves the function; one without `return` returns 0.'),
  at(['statement'], 'with', 'A scope guard: `with mutex_lock(m) { }` releases on every way out. One that can fail takes `?` or an `else`.'),
  at(['statement'], 'wait', '`wait until cond [killable | interruptible] [timeout 2s]?` sleeps until the condition holds.'),
  at(['statement'], 'atomic', 'One step, whatever is in it; nothing waits inside.'),
  at(['statement'], 'either', 'Any of its blocks may run: `either { return -ENOMEM } or { }`.'),
  at(['statement'], 'assert', 'Must hold whenever it is reached: `assert cond, "why"`. One step.'),
  at(['statement'], 'free', 'Frees an object; later accesses are `use-after-free`.'),
  at(['statement'], 'thread', 'A thread of this process, from here on: it shares variables and FDs.'),
  at(['statement'], 'fork', 'A child process, from here on, with a copy of the variables and the FDs.'),
  at(['statement'], 'undo', '`undo label:` begins a section that `expr? goto label` runs, and the sections below it. They stand last in a function.'),
  at(['value'], 'new', 'Allocates a zeroed object: `new timer_dev`.'),
  at(['value'], 'null', 'The reference that leads nowhere.'),
  at(['value'], 'true', 'A `bool`.'),
  at(['value'], 'false', 'A `bool`.'),
  at(['value'], 'as', 'Casts a pointer to a struct, or to the struct around what it points to (`container_of`). Checked, and no access.'),
  at(['type'], 'ref', 'A pointer, which may be null: `ref T`, or `ref any` for `void *`.'),
  at(['type'], 'list', 'A `struct list_head` of objects: `list T`.'),
  clause('else', ['if', 'with'], 'What happens otherwise. Stands on the line of the `}` before it.'),
  clause('or', ['either'], 'Another block that may run instead. Stands on the line of the `}` before it.'),
  clause('goto', ['?'], '`call()? goto label` keeps the error and goes to the `undo` section of that name.'),
  clause('until', ['wait'], 'Before the condition of a `wait`.'),
  clause('killable', ['wait'], 'A fatal signal ends the wait.'),
  clause('interruptible', ['wait'], 'Any signal ends the wait, with -ERESTARTSYS.'),
  clause('timeout', ['wait'], 'The wait ends after this time at the latest: `timeout 2s`.'),
  clause('in', ['for', 'param', 'expect'], 'The list to walk, the values of a parameter, or the function that an expectation speaks of.'),
  clause('no', ['expect'], 'The verdict must not be reachable.'),
  clause('of', ['expect', 'ptimer'], 'A type, module or device that the verdict is about; the device that has the timer.'),
  clause('by', ['expect'], 'The other side: who freed it, holds it, or has to act.'),
  clause('when', ['expect'], 'Speaks of a part of the design space only: `when fence == srcu`.'),
  clause('each', ['preempt'], 'So much each time, for each agent: `preempt = 4us each`.'),
  clause('binds', ['device'], 'The drivers that match the device.'),
  clause('unbound', ['device'], 'The device is not probed at the start.'),
  clause('unloaded', ['module'], 'The module is not loaded at the start.'),
  clause('closes', ['assume'], 'The process closes its FDs; its steps up to `close` are system steps.'),
  clause('on', ['assume'], 'From the moment that `poll` would report the event.'),
];

/**
 * Words that cannot name a variable, a function or a type. All others are keywords only where the grammar looks for them, and these
 * too can be fields and entries of tables.
 */
export const RESERVED: ReadonlySet<string> = new Set([
  'let', 'if', 'else', 'while', 'for', 'break', 'continue', 'return', 'with', 'assert', 'free', 'undo', 'goto', 'new', 'as', 'null', 'true', 'false',
]);

const BY_WORD = new Map(KEYWORDS.map((k) => [k.word, k]));

export function keyword(word: string): Keyword | null {
  return BY_WORD.get(word) ?? null;
}

/** The words that can begin something there, or (for `clause`) all that go on something. */
export function keywordsAt(where: Where): readonly string[] {
  return KEYWORDS.filter((k) => k.where.includes(where)).map((k) => k.word);
}

function at(where: readonly Where[], word: string, doc: string): Keyword {
  return { word, where, after: [], doc };
}

function clause(word: string, after: readonly string[], doc: string): Keyword {
  return { word, where: ['clause'], after, doc };
}
