// The verdict kinds of the language with their severities. What each means is said in docs/verdicts, and decided in checker/.

export const VERDICTS = {
  'use-after-free': 'error', 'use-after-unload': 'error', 'unmapped-mmio': 'error', 'double-free': 'error',
  'refcount-underflow': 'error', 'refcount-resurrect': 'error', 'null-deref': 'error', 'bad-cast': 'error', uninitialised: 'error',
  deadlock: 'error', livelock: 'error', 'sleep-in-atomic': 'error', 'lock-imbalance': 'error', 'self-deadlock': 'error',
  'data-race': 'warning', 'unload-refused': 'warning', 'unload-blocked': 'warning', 'unbind-blocked': 'warning', 'close-blocked': 'warning',
  leak: 'warning', 'torn-read': 'error', 'time-backwards': 'error', 'missed-deadline': 'error', 'timer-after-shutdown': 'error',
  'zombie-access': 'warning', 'late-callback': 'information', assertion: 'error', 'bound-reached': 'information',
} as const satisfies Record<string, 'error' | 'warning' | 'information'>;

export type VerdictKind = keyof typeof VERDICTS;
