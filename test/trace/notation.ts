// Traces as tests write them down: one line per step, short enough to be read beside the picture that is made of it. Not a format of the product.
//
//   verdict use-after-free agent=app object=timer_dev instance=timer_dev#0 by=admin
//   message `t` was freed ...
//   key 17 freed here by admin
//   initial timer_dev#0 life=alive bar=1
//   lane memory timer_dev#0 - 17
//   app syscall vfs_ioctl* timer_fops.ioctl@nova | readl(t.bar) | violation | timer_dev#0.bar: 1 -> 0; nova.refs: 1 -> 0
//     admin waits for misc_mtx
//   end admin waits for misc_mtx
//   assumed a read takes 32 ns
//   instant roll-over 4294967296 TIME_0 rolls over
//   sample 3 app TIME_0 0xffffffe0 wrong
//   at 3 4294967264
//
// `*` marks a frame of a shipped library, `@nova` the module whose text it is in; `!` after the context an environment step.
import type { Place } from '../../server/src/base/span.ts';
import type { ClockInstant, ClockSample, Effect, Lane, Trace, TraceStep, TraceVerdict } from '../../server/src/trace/trace.ts';

export function parseTrace(text: string): Trace {
  const initial: Record<string, Record<string, string>> = {};
  const steps: TraceStep[] = [];
  const lanes: Lane[] = [];
  const keys: Array<{ step: number; message: string }> = [];
  const clock = { assumed: [] as string[], instants: [] as ClockInstant[], samples: [] as ClockSample[] };
  const times = new Map<number, string>();
  const waitsAtEnd: Array<{ agent: string; what: string }> = [];
  let verdict: TraceVerdict | null = null;
  let message = '';
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (/^\s/.test(line)) {
      const wait = /^\s+(.+?) waits for (.+)$/.exec(line);
      const last = steps[steps.length - 1];
      if (wait === null || last === undefined) throw new Error(`notation: ${line}`);
      steps[steps.length - 1] = { ...last, waiting: [...last.waiting, { agent: wait[1], what: wait[2] }] };
    } else if (words[0] === 'verdict') {
      const of = (name: string) => new RegExp(` ${name}=("[^"]*"|\\S+)`).exec(line)?.[1].replace(/"/g, '') ?? null;
      verdict = { kind: words[1], message: '', agent: of('agent') ?? '', object: of('object'), instance: of('instance'), by: of('by')?.split(',') ?? [], waitsFor: of('waitsFor'), at: placeOf(0, false), keys };
    } else if (words[0] === 'message') message = line.slice('message '.length);
    else if (words[0] === 'key') keys.push({ step: Number(words[1]), message: words.slice(2).join(' ') });
    else if (words[0] === 'assumed') clock.assumed.push(words.slice(1).join(' '));
    else if (words[0] === 'instant') clock.instants.push({ kind: words[1] as ClockInstant['kind'], time: words[2], text: words.slice(3).join(' ') });
    else if (words[0] === 'sample') clock.samples.push({ step: Number(words[1]), time: '', agent: words[2], what: words[3], value: words[4], wrong: words[5] === 'wrong' });
    else if (words[0] === 'at') times.set(Number(words[1]), words[2]);
    else if (words[0] === 'initial') initial[words[1]] = Object.fromEntries([...line.matchAll(/ ([\w.]+)=("[^"]*"|\S+)/g)].map((m) => [m[1], m[2].replace(/"/g, '')]));
    else if (words[0] === 'lane') {
      const bounds = words.slice(-2).map((w) => (/^\d+$/.test(w) ? Number(w) : w === '-' ? null : undefined));
      const bounded = bounds[0] !== undefined && bounds[1] !== undefined;
      const id = words.slice(2, bounded ? -2 : undefined).join(' ');
      lanes.push({ id, kind: words[1] as Lane['kind'], title: words[1] === 'process' ? id : id.replace(/#\d+$/, ''), from: bounded ? (bounds[0] ?? null) : null, to: bounded ? (bounds[1] ?? null) : null });
    } else if (words[0] === 'end') {
      const wait = /^end (.+?) waits for (.+)$/.exec(line);
      if (wait !== null) waitsAtEnd.push({ agent: wait[1], what: wait[2] });
    } else steps.push(stepOf(line, steps.length));
  }
  if (verdict === null) throw new Error('notation: no verdict');
  const timeOf = (step: number): string => [...times].filter(([s]) => s <= step).at(-1)?.[1] ?? '0';
  const timed = clock.instants.length + clock.samples.length > 0;
  return {
    initial,
    steps: steps.map((s) => ({ ...s, time: timeOf(s.index) })),
    lanes,
    verdict: { ...verdict, message },
    clock: timed ? { ...clock, samples: clock.samples.map((s) => ({ ...s, time: timeOf(s.step) })) } : null,
    end: { enabled: [], waiting: waitsAtEnd, stands: [] },
  };
}

function stepOf(line: string, index: number): TraceStep {
  const [head, text, event = '', effects = ''] = line.split(/ \|(?= |$)/).map((p) => p.trim());
  const parts = /^(.+?) (process|syscall|work|timer|irq|rcu|kthread|hardware|clock)(!?)((?: \S+)*)$/.exec(head);
  if (parts === null || text === undefined) throw new Error(`notation: ${line}`);
  const [, agent, context, bang, frames] = parts;
  const named = frames.trim() === '' ? [] : frames.trim().split(' ');
  const stack = [agent.replace(/#\d+$/, ''), ...named].map((f, k, all) => {
    const library = f.includes('*');
    const last = k === all.length - 1;
    return { function: f.replace(/[*].*|@.*/g, ''), module: /@(\w+)/.exec(f)?.[1] ?? null, at: placeOf(last ? 1000 + index * 10 : 10 * (k + 1), library) };
  });
  const effectList: Effect[] = effects
    .split(';')
    .map((e) => /^\s*(\S+): (.+) -> (.+?)\s*$/.exec(e))
    .filter((m) => m !== null)
    .map((m) => ({ on: m[1], was: m[2], is: m[3] }));
  const innermost = stack[stack.length - 1];
  return {
    index,
    agent,
    context: context as TraceStep['context'],
    function: innermost.function,
    stack,
    at: innermost.at,
    text,
    time: '0',
    effects: effectList,
    event: event === '' ? null : (event as TraceStep['event']),
    environment: bang === '!',
    enabled: [],
    waiting: [],
  };
}

function placeOf(at: number, library: boolean): Place {
  return { file: library ? 'lifeline:/library/vfs.lifeline' : 'scenario.lifeline', span: { start: at, end: at + 5 } };
}
