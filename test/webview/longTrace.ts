// A trace as long as they get: three agents that take turns under a lock, for what has to stay smooth and what must not overlap.
import type { Trace } from '../../server/src/trace/trace.ts';
import { parseTrace } from '../trace/notation.ts';

export function longTrace(steps: number): Trace {
  const agents = ['app#1', 'app#2', 'admin'];
  const lines: string[] = [];
  for (let i = 0; lines.filter((l) => !l.startsWith(' ')).length < steps - 1; i++) {
    const agent = agents[i % 3];
    const waiting = `  ${agents[(i + 1) % 3]} waits for timer_dev.lock`;
    lines.push(`${agent} process! | ioctl(fd${i}) | call`);
    lines.push(`${agent} syscall vfs_ioctl* | fget(fd${i}) | acquire | file#0.refs: ${i} -> ${i + 1}`);
    lines.push(`${agent} syscall vfs_ioctl* | calls timer_fops.ioctl() | call`);
    lines.push(`${agent} syscall vfs_ioctl* timer_fops.ioctl@nova | mutex_lock(t.lock) | acquire | timer_dev#0.lock.owner: nobody -> ${agent}`, waiting);
    lines.push(`${agent} syscall vfs_ioctl* timer_fops.ioctl@nova | t.count = t.count + 1 | | timer_dev#0.count: ${i} -> ${i + 1}`, waiting);
    lines.push(`${agent} syscall vfs_ioctl* timer_fops.ioctl@nova timer_read@nova | readl(t.bar, 0x9400)`, waiting);
    lines.push(`${agent} syscall vfs_ioctl* timer_fops.ioctl@nova | mutex_unlock(t.lock) | release | timer_dev#0.lock.owner: ${agent} -> nobody`);
    lines.push(`${agent} syscall vfs_ioctl* timer_fops.ioctl@nova | returns from timer_fops.ioctl() | return`);
  }
  const body = lines.slice(0, lines.length);
  return parseTrace(
    [
      'verdict assertion agent=admin object=timer_dev instance=timer_dev#0 by=app',
      'message the count of `timer_dev` went over its limit while admin was inside `timer_fops.ioctl`',
      'initial timer_dev#0 life=alive count=0 lock.owner=nobody',
      'initial file#0 life=alive refs=0',
      'initial nova life=live refs=1',
      ...agents.map((a) => `lane process ${a}`),
      'lane module nova',
      'lane file file#0 - -',
      'lane memory timer_dev#0 - -',
      ...body,
      'admin syscall vfs_ioctl* timer_fops.ioctl@nova | assert t.count < 100, "too many" | violation',
    ].join('\n'),
  );
}
