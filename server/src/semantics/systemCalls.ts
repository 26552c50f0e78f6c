// Which functions of the libraries are system calls: user space enters the kernel with one, and the kernel has its own functions behind them.
import type { FunctionInfo } from './program.ts';

/** By the library that has them. */
export const SYSTEM_CALLS: Readonly<Record<string, readonly string[]>> = {
  vfs: ['open', 'close', 'read', 'write', 'ioctl', 'poll', 'dup', 'mmap', 'munmap', 'load', 'send_fd', 'recv_fd'],
  kernel: ['rmmod', 'rmmod_wait', 'insmod', 'nanosleep'],
  driver_core: ['bind', 'unbind'],
};

/** What kernel code calls instead, where there is something. */
const INSIDE: Readonly<Record<string, string>> = {
  unbind: '`device_release_driver(dev)` unbinds', nanosleep: '`msleep(10)` and `fsleep(10us)` sleep', rmmod: 'a module is not unloaded by its own code',
  munmap: '`unmap_mapping_range(file)` takes pages away', close: '`fput(file)` drops a reference',
};

export function onlyForProcesses(name: string): string {
  const instead = Object.hasOwn(INSIDE, name) ? `; inside the kernel ${INSIDE[name]}` : '';
  return `\`${name}\` is a system call: only a process can make it${instead}`;
}

export function isSystemCall({ name, unit, module }: FunctionInfo): boolean {
  const library = unit.library ? (unit.file.header?.name.text ?? '') : '';
  return module === null && Object.hasOwn(SYSTEM_CALLS, library) && SYSTEM_CALLS[library].includes(name);
}
