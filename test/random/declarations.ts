// Everything that the statements of random programs may name, with its declaration: only what a text names is declared in it.

const variables: Readonly<Record<string, string>> = {
  n: 'int',
  flag: 'bool',
  obj: 'ref item',
  one: 'item',
  lock: 'mutex',
  other: 'mutex',
  spin: 'spinlock',
  rw: 'rwlock',
  sem: 'rwsem',
  dom: 'srcu',
  head: 'rcu_head',
  refs: 'refcount',
  cnt: 'atomic',
  done: 'completion',
  queue: 'wait_queue',
  job: 'work',
  later: 'delayed_work',
  wq: 'ref workqueue',
  alarm: 'timer_list',
  thread: 'ref task',
  items: 'list item',
  small: 'u8',
  wide: 'u64',
  word: 'u32',
  few: '0..3',
  mode: 'activity',
  gate: 'gates',
};

const fields: Readonly<Record<string, string>> = {
  val: 'int',
  next: 'ref item',
  it_lock: 'mutex',
  it_spin: 'spinlock',
  it_ref: 'kref',
  it_head: 'rcu_head',
  it_job: 'work',
  it_timer: 'timer_list',
};

/** A guard of the program's own. */
const gates = `struct gates {
way: mutex
closed: bool
}
fn gate_enter(g: ref gates) -> int {
mutex_lock(g.way)
if g.closed {
mutex_unlock(g.way)
return -ENODEV
}
return 0
}
fn gate_exit(g: ref gates) {
mutex_unlock(g.way)
}
guard gate_enter, gate_exit`;

/** Functions that run by themselves, and how they begin. */
export const callbacks: ReadonlyArray<{
  readonly name: string;
  readonly signature: string;
  readonly begins: string;
  readonly returns: boolean;
  readonly object: string | null;
}> = [
  { name: 'helper', signature: '() -> int', begins: '', returns: true, object: null },
  { name: 'on_job', signature: '(w: ref work)', begins: '', returns: false, object: null },
  { name: 'on_item', signature: '(w: ref work)', begins: 'let it = w as item', returns: false, object: 'it' },
  { name: 'on_alarm', signature: '(t: ref timer_list)', begins: '', returns: false, object: null },
  { name: 'on_item_alarm', signature: '(t: ref timer_list)', begins: 'let it = t as item', returns: false, object: 'it' },
  { name: 'on_head', signature: '(h: ref rcu_head)', begins: '', returns: false, object: null },
  { name: 'on_rcu', signature: '(h: ref rcu_head)', begins: 'let it = h as item', returns: false, object: 'it' },
  {
    name: 'on_thread',
    signature: '(data: any) -> int',
    begins: 'while !kthread_should_stop() { cond_resched() }',
    returns: true,
    object: null,
  },
  { name: 'on_irq', signature: '(data: any)', begins: '', returns: false, object: null },
  { name: 'it_release', signature: '(r: ref kref)', begins: 'let it = r as item', returns: false, object: 'it' },
  { name: 'it_release_locked', signature: '(r: ref kref)', begins: 'let it = r as item\nmutex_unlock(lock)', returns: false, object: 'it' },
];

export function names(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text);
}

/** Declarations of what a text names, and the lines that make it ready. */
export function declarationsFor(text: string): { readonly declarations: string; readonly ready: string } {
  const lets = Object.entries(variables).filter(([name]) => names(text, name));
  const withItems = names(text, 'item') || lets.some(([, type]) => /\bitem\b/.test(type));
  const own = Object.entries(fields).filter(([name]) => names(text, name));
  const struct = withItems
    ? [
        `struct item${text.length % 4 === 0 ? '[2]' : ''} {\n${(own.length > 0 ? own : [['val', 'int']]).map(([name, type]) => `${name}: ${type}`).join('\n')}\n}`,
      ]
    : [];
  const others = [
    ...(lets.some(([, type]) => type === 'activity') ? ['enum activity { idle, busy }'] : []),
    ...(lets.some(([, type]) => type === 'gates') ? [gates] : []),
  ];
  const declarations = [...others, ...struct, ...lets.map(([name, type]) => `let ${name}: ${type}`)].join('\n');
  const ready: Array<[string, string]> = [
    ['obj', 'obj = new item'],
    ['job', 'INIT_WORK(job, on_job)'],
    ['later', 'INIT_DELAYED_WORK(later, on_job)'],
    ['alarm', 'timer_setup(alarm, on_alarm)'],
  ];
  return {
    declarations,
    ready: ready
      .filter(([name]) => names(text, name))
      .map(([, line]) => line)
      .join('\n'),
  };
}
