// errno values, as the kernel numbers them, and flags that the model does not look at.

const numbers = {
  EPERM: 1, ENOENT: 2, ESRCH: 3, EINTR: 4, EIO: 5, ENXIO: 6, EBADF: 9, EAGAIN: 11, EWOULDBLOCK: 11, ENOMEM: 12, EACCES: 13, EFAULT: 14, EBUSY: 16, EEXIST: 17,
  ENODEV: 19, EINVAL: 22, ENOTTY: 25, ENOSPC: 28, EPIPE: 32, ERANGE: 34, EDEADLK: 35, ENOSYS: 38, EPROTO: 71, EOVERFLOW: 75, EOPNOTSUPP: 95, ESHUTDOWN: 108,
  ETIMEDOUT: 110, ECONNREFUSED: 111, EHOSTDOWN: 112, EALREADY: 114, EINPROGRESS: 115, ESTALE: 116, ECANCELED: 125, ERESTARTSYS: 512, EPROBE_DEFER: 517,
} as const;

export const constants: ReadonlyArray<{ readonly name: string; readonly value: bigint; readonly doc: string }> = [
  ...Object.entries(numbers).map(([name, value]) => ({ name, value: BigInt(value), doc: `errno ${value} (include/uapi/asm-generic/errno.h)` })),
  { name: 'GFP_KERNEL', value: 0n, doc: 'An allocation that may sleep.' },
  { name: 'GFP_ATOMIC', value: 1n, doc: 'An allocation that may not sleep.' },
  { name: 'HRTIMER_NORESTART', value: 0n, doc: 'The hrtimer is done.' },
  { name: 'HRTIMER_RESTART', value: 1n, doc: 'The hrtimer is queued again.' },
  { name: 'HRTIMER_MODE_ABS', value: 0n, doc: 'The time is an instant.' },
  { name: 'HRTIMER_MODE_REL', value: 1n, doc: 'The time is a distance from now.' },
  { name: 'CLOCK_MONOTONIC', value: 1n, doc: 'The clock that ktime_get() reads.' },
  { name: 'IRQ_NONE', value: 0n, doc: 'The interrupt was not from this device.' },
  { name: 'IRQ_HANDLED', value: 1n, doc: 'The interrupt was handled.' },
  { name: 'IRQ_WAKE_THREAD', value: 2n, doc: 'The thread of the handler is to go on.' },
  { name: 'IRQF_SHARED', value: 0x80n, doc: 'The line has other handlers, too: with `config { DEBUG_SHIRQ = y }`, `free_irq` calls this one once more.' },
  { name: 'IRQF_ONESHOT', value: 0x2000n, doc: 'The line stays masked until the thread has run.' },
  { name: 'VM_FAULT_SIGBUS', value: 2n, doc: 'The access ends in SIGBUS.' },
];
