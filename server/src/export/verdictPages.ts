// The page of each verdict, as `lifeline explain` prints it and editors open it. The first paragraph says when it holds.
import { VERDICTS, type VerdictKind } from '../base/verdicts.ts';

/** Markdown; null: there is no such verdict. */
export function verdictPage(kind: string): string | null {
  if (!Object.hasOwn(VERDICTS, kind)) return null;
  const known = kind as VerdictKind;
  return `# ${known}\n\n${MEANING[known]}\n\nSeverity: ${VERDICTS[known]}, unless an \`expect ${known}\` covers it: then it is information.\n`;
}

const MEANING: Readonly<Record<VerdictKind, string>> = {
  'use-after-free': 'An access through a reference to an object that was freed.',
  'use-after-unload': 'A step in, a call into, a return to, or an access to static data of a module whose text is gone.',
  'unmapped-mmio': '`readl` or `writel` on a mapping that was unmapped.',
  'double-free': 'An object is freed that was freed already.',
  'refcount-underflow': 'A reference is put that nobody holds: the count goes below 0.',
  'refcount-resurrect': 'A reference is taken on an object whose count had reached 0: its release has begun.',
  'null-deref': 'An access through a reference that is null.',
  'bad-cast': '`as T` on a pointer that leads to no `T` and to nothing embedded in one.',
  uninitialised: 'A work, a timer or another object that wants to be initialised is used before it was.',
  deadlock:
    'A system call or kernel context is stuck, and no step of the environment can ever let it finish: a cycle of waits, or a wait for an event that nobody will produce any more.',
  livelock:
    'One call or callback can take steps for ever and never return, although everybody who can go on does: a poll loop on a device that is gone.',
  'sleep-in-atomic': 'An operation that may sleep is called under a spinlock, in an RCU read section, or in interrupt or timer context.',
  'lock-imbalance': 'A lock is released that its caller does not hold, or a call ends with a lock still held.',
  'self-deadlock':
    'A context waits for itself: it takes a lock that it holds, flushes the work that it runs in, or deletes its own timer synchronously.',
  'data-race': 'Two agents can each be about to make a plain access to the same field, one of them a write. Marked accesses do not race.',
  'unload-refused': '`rmmod` returned -EWOULDBLOCK because somebody holds the module; the message names each holder.',
  'unload-blocked':
    '`rmmod` is inside the kernel and, with the environment stopped, can never finish; the message names the step of user space or hardware that would free it.',
  'unbind-blocked':
    '`unbind`, or the `remove` of an unplug, is inside the kernel and, with the environment stopped, can never finish; the message names the step that would free it.',
  'close-blocked':
    '`close` or `exit` is inside the kernel and, with the environment stopped, can never finish; the message names the step that would free it.',
  leak: 'Every process has exited and everything is settled, and there is still an object, mapping or registration to which nothing leads, or a reference whose owner has ended.',
  'torn-read': 'A value was returned that the counter had at no instant of the call.',
  'time-backwards': 'A later read of the clock returned an earlier time.',
  'missed-deadline': 'A deadline passed without the answer that was due by then.',
  'timer-after-shutdown': 'A timer is armed or runs after it was shut down.',
  'zombie-access':
    'Driver code used a mapping that still stands after the `remove` of the binding that made it had returned. Nothing was freed, and nothing there answers.',
  'late-callback':
    'A call from outside into a driver started after `remove` had returned, and was handed an object of that binding. A fact of the design, not an error: the driver has to deal with it.',
  assertion: 'An `assert` of the scenario or of a library does not hold.',
  'bound-reached':
    'The exploration met a limit of the scenario: a pool, a recursion depth or the range of an integer. What lies beyond was not looked at.',
};
