// What the functions of random programs are made of: templates by what they are about. `{}` is a body, `{*}` goes on in the same block, `$p` is
// an object to work on, `$n` a new local, `$N` one that is the `$p` of the bodies, `$g` a jump to the undo section, `$t` and `$d` the driver's own object
// and its device. A line that names what a place does not have is left out there.
export type Family =
  | 'plain'
  | 'memory'
  | 'mutex'
  | 'spinlock'
  | 'rwlock'
  | 'rwsem'
  | 'srcu'
  | 'rcu'
  | 'kref'
  | 'refcount'
  | 'atomic'
  | 'completion'
  | 'waits'
  | 'work'
  | 'workqueue'
  | 'timer'
  | 'kthread'
  | 'list'
  | 'marked'
  | 'numbers'
  | 'module'
  | 'device'
  | 'gate'
  | 'sleep';

export const templates: Readonly<Record<Family, readonly string[]>> = {
  plain: [
    'n = 1',
    'n = n ^ 1',
    'n = (n + 1) % 3',
    'flag = !flag',
    'flag = true',
    'let $n = n',
    'if n == 0 {} else {}',
    'if flag {}',
    'if which {} else {}',
    'while n == 1 {}',
    'while !flag {}',
    'loop {\n if flag { break }\n{*}\n}',
    'either {} or {}',
    'atomic { n = n ^ 1; flag = n == 0 }',
    'assert n != 2',
    'assert !flag, "why"',
    'return 1',
    'helper()?$g',
    'let $n = helper()',
    'if helper() < 0 {}',
  ],
  memory: [
    'obj = new item',
    '$p.val = 1',
    'let $n = $p.val',
    '$p.val = $p.val ^ 1',
    'free $p',
    'obj = null',
    'let $N: ref item = obj\nif $N != null {}',
    'let $N = new item\n{*}\nfree $N',
    'let $N = new item\n{*}',
    'obj = $p',
    '$p.next = obj',
    'let $N = $p.next\nif $N != null {}',
    'if obj == null {} else {}',
  ],
  mutex: [
    'with mutex_lock(lock) {}',
    'with mutex_lock(other) {}',
    'with mutex_lock_interruptible(lock)? {}',
    'with mutex_lock_killable(other)? {}',
    'with mutex_trylock(lock) {} else {}',
    'mutex_lock(lock)\n{*}\nmutex_unlock(lock)',
    'mutex_unlock(lock)',
    'mutex_lock_interruptible(lock)?$g\n{*}\nmutex_unlock(lock)',
    'with mutex_lock($p.it_lock) {}',
  ],
  spinlock: [
    'with spin_lock(spin) {}',
    'with spin_lock_irqsave(spin) {}',
    'with spin_trylock(spin) {} else {}',
    'spin_lock(spin)\n{*}\nspin_unlock(spin)',
    'spin_lock_irq(spin)\n{*}\nspin_unlock_irq(spin)',
    'with spin_lock_bh($p.it_spin) {}',
  ],
  rwlock: [
    'with write_lock_irqsave(rw) {}',

    'with read_lock(rw) {}',
    'with write_lock(rw) {}',
    'with read_lock_irqsave(rw) {}',
    'with write_lock_bh(rw) {}',
    'read_lock(rw)\n{*}\nread_unlock(rw)',
  ],
  rwsem: [
    'with down_read(sem) {}',
    'with down_write(sem) {}',
    'with down_read_trylock(sem) {} else {}',
    'down_write(sem)\n{*}\nup_write(sem)',
    'down_read(sem)\n{*}\nup_read(sem)',
    'up_write(sem)',
  ],
  srcu: [
    'cleanup_srcu_struct(dom)',

    'with srcu_read_lock(dom) {}',
    'synchronize_srcu(dom)',
    'let $N = srcu_dereference(obj, dom)\nif $N != null {}',
    'rcu_assign_pointer(obj, null)',
    'synchronize_srcu_expedited(dom)',
    'let $n = srcu_read_lock(dom)\n{*}\nsrcu_read_unlock(dom, $n)',
    'let $N = obj\nrcu_assign_pointer(obj, null)\nsynchronize_srcu(dom)\nif $N != null { free $N }',
  ],
  rcu: [
    'with rcu_read_lock() {}',
    'synchronize_rcu()',
    'rcu_barrier()',
    'call_rcu(head, on_head)',
    'call_rcu($p.it_head, on_rcu)',
    'kfree_rcu($p, $p.it_head)',
    'rcu_assign_pointer(obj, null)',
    'let $N = rcu_dereference(obj)\nif $N != null {}',
    'rcu_read_lock()\n{*}\nrcu_read_unlock()',
    'rcu_read_unlock()',
    'rcu_assign_pointer(obj, $p)',
  ],
  kref: [
    'kref_init($p.it_ref)',

    'kref_get($p.it_ref)',
    'kref_put($p.it_ref, it_release)',
    'if kref_get_unless_zero($p.it_ref) {}',
    'kref_put_mutex($p.it_ref, it_release_locked, lock)',
    'let $n = kref_read($p.it_ref)',
  ],
  refcount: [
    'refcount_inc(refs)',
    'if refcount_dec_and_test(refs) {}',
    'if refcount_inc_not_zero(refs) {}',
    'refcount_dec(refs)',
    'refcount_set(refs, 1)',
    'let $n = refcount_read(refs)',
  ],
  atomic: [
    'atomic_inc(cnt)',
    'atomic_dec(cnt)',
    'atomic_set(cnt, 1)',
    'if atomic_dec_and_test(cnt) {}',
    'if atomic_read(cnt) > 0 {} else {}',
    'wait until atomic_read(cnt) > 0',
    'wait until atomic_read(cnt) == 0 interruptible?',
    'assert atomic_read(cnt) != 2',
  ],
  completion: [
    'init_completion(done)',

    'complete(done)',
    'complete_all(done)',
    'wait_for_completion(done)',
    'wait_for_completion_interruptible(done)?$g',
    'if wait_for_completion_timeout(done, 1s) == 0 {}',
    'reinit_completion(done)',
    'wait_for_completion_killable(done)?',
    'if completion_done(done) {}',
  ],
  waits: [
    'wait until flag',
    'wait until flag interruptible?$g',
    'wait until n == 1 killable?',
    'wait until flag timeout 1s?',
    'wait until n != 0 && !flag interruptible timeout 2s?',
    'wake_up(queue)',
    'flag = true',
    'WRITE_ONCE(n, 1)',
    'wait until READ_ONCE(flag)',
  ],
  work: [
    'schedule_work(job)',
    'flush_work(job)',
    'cancel_work_sync(job)',
    'cancel_work(job)',
    'INIT_WORK(job, on_job)',
    'disable_work_sync(job)',
    'enable_work(job)',
    'if work_pending(job) {}',
    'INIT_WORK($p.it_job, on_item)\nschedule_work($p.it_job)',
    'cancel_work_sync($p.it_job)',
    'INIT_DELAYED_WORK(later, on_job)',
    'schedule_delayed_work(later, 1s)',
    'cancel_delayed_work_sync(later)',
  ],
  workqueue: [
    'wq = alloc_workqueue("wq")',
    'queue_work(wq, job)',
    'INIT_WORK(job, on_job)',
    'flush_workqueue(wq)',
    'destroy_workqueue(wq)',
    'cancel_work_sync(job)',
    'drain_workqueue(wq)',
  ],
  timer: [
    'mod_timer(alarm, 1s)',
    'timer_delete(alarm)',
    'timer_delete_sync(alarm)',
    'timer_shutdown_sync(alarm)',
    'timer_setup(alarm, on_alarm)',
    'add_timer(alarm)',
    'if timer_pending(alarm) {}',
    'timer_setup($p.it_timer, on_item_alarm)\nmod_timer($p.it_timer)',
    'timer_shutdown($p.it_timer)',
  ],
  kthread: [
    'get_task_struct(thread)',
    'put_task_struct(thread)',
    'if kthread_should_stop() {}',

    'thread = kthread_run(on_thread, null)',
    'kthread_stop(thread)',
    'if thread != null { kthread_stop(thread); thread = null }',
    'let $n = kthread_run(on_thread, obj)\n{*}\nkthread_stop($n)',
  ],
  list: [
    'list_add($p, items)',
    'list_del($p, items)',
    'for $N in items {}',
    'let $N = list_first(items)\nif $N != null {}',
    'if list_empty(items) {} else {}',
    'list_add_tail($p, items)',
    'let $N = new item\nlist_add($N, items)\n{*}',
    'for $N in items {\n list_del($N, items)\nfree $N\nbreak\n}',
    'for $N in items {\n if $N.val == 1 { continue }\n{*}\n}',
  ],
  marked: [
    'let $n = READ_ONCE(n)',
    'WRITE_ONCE(n, 1)',
    'let $N = READ_ONCE(obj)\nif $N != null {}',
    'let $N = xchg(obj, null)\nif $N != null {}',
    'smp_store_release(flag, true)',
    'if smp_load_acquire(flag) {}',
    'WRITE_ONCE($p.val, 1)',
    'let $n = READ_ONCE($p.val)',
    'if rcu_access_pointer(obj) == null {}',
    'WRITE_ONCE(obj, new item)',
    'let $n = xchg(n, 2)',
  ],
  numbers: [
    'small = small + 1',
    'small += 255',
    'small -= 1',
    'small = ~small',
    'small = small << 3',
    'small = small >> 1',
    'wide = wide - 1',
    'wide = ~wide',
    'wide |= 1 << 31',
    'few = few ^ 1',
    'word = word - 1',
    'word = word * 3',
    'word = word & 7',
    'n = n - 1',
    'n = -n',
    'n = small % 5',
    'small = wide',
    'wide = small',
    'word = wide',
    'n = small',
    'mode = idle',
    'mode = busy',
    'if mode == busy {} else {}',
    'if small > 1 {}',
    'if wide > word {} else {}',
    'few = small & 3',
    'assert small != 3',
    'assert wide != 0xffffffff',
    'if small == 0 || word == 0 {}',
    'let $n = wide\nwide = $n + small',
    'wide = 0',
    'small = 0',
    'word = 0',
    'n = wide & 1',
    'if n / 2 == 0 {}',
    'if (n | small) >= 2 && few != 1 {}',
    'while few < 2 { few += 1 }',
  ],
  module: [
    'if try_module_get($m) {}',
    'module_put($m)',
    '__module_get($m)',
    'if try_module_get($m) {\n{*}\nmodule_put($m)\n}',
    'let $n = module_refcount($m)',
  ],
  device: [
    'let $n = readl($t.bar, 0)',
    'writel(1, $t.bar, 0)',
    'if readl($t.bar, 0) == 0xffffffff {}',
    '$t.ticks = $t.ticks ^ 1',
    'request_irq($d, on_irq, $t)?',
    'free_irq($d, $t)',
    'synchronize_irq($d)',
    'with device_lock($d) {}',
    'iounmap($t.bar)',
    'if device_gone($d) {}',
    'get_device($d)',
    'put_device($d)',
    'let $n = readl($t.bar, 0)\nif $n == 1 { return -EIO }',
  ],
  gate: [
    'with gate_enter(gate)? {}',
    'with gate_enter(gate)? {}',
    'with gate_enter(gate) {} else {}',
    'gate.closed = true',
    'with mutex_lock(gate.way) { gate.closed = !gate.closed }',
    'if gate_enter(gate) == 0 {\n{*}\ngate_exit(gate) }',
  ],
  sleep: ['msleep(10)', 'udelay(1)', 'cond_resched()', 'might_sleep()'],
};

export const families = Object.keys(templates) as Family[];

/** A template with what its bodies hold. */
export interface Statement {
  readonly template: string;
  readonly bodies: ReadonlyArray<readonly Statement[]>;
}

/** What there is at a place. */
export interface Place {
  /** An expression for what statements work on: a `ref item`, or an FD. */
  readonly pointer: string | null;
  /** The function returns an int. */
  readonly returns: boolean;
  readonly undo: boolean;
  /** The driver's object, its device, and the module around; null where there is none. */
  readonly own: string | null;
  readonly device: string | null;
  readonly module: string | null;
  /** Functions that may not be named here, so that none calls itself. */
  readonly without: readonly string[];
  /** Numbers locals. */
  readonly fresh: () => string;
}

export function bodiesOf(template: string): number {
  return template.split(/\{\*?\}/).length - 1;
}

export function render(body: readonly Statement[], place: Place): string {
  return body
    .map((s) => renderOne(s, place))
    .filter((t) => t !== '')
    .join('\n');
}

function renderOne({ template, bodies }: Statement, place: Place): string {
  if (!place.returns && /\?(?! *null)|return \S/.test(template)) return '';
  if (/\$t/.test(template) && place.own === null) return '';
  if (/\$d/.test(template) && place.device === null) return '';
  if (/\$m/.test(template) && place.module === null) return '';
  if (place.without.some((name) => new RegExp(`\\b${name}\\b`).test(template))) return '';
  if (/\$p/.test(template) && place.pointer === null) return '';
  // Static objects are not freed.
  if (template === 'free $p' && place.pointer === 'one') return '';
  const local = /\$n/i.test(template) ? place.fresh() : '';
  const inside: Place = { ...place, pointer: /\$N/.test(template) ? local : place.pointer };
  const parts = template.split(/(\{\*?\})/);
  let at = 0;
  return parts
    .map((part) => {
      if (part === '{}') return `{\n${render(bodies[at++] ?? [], inside)}\n}`;
      if (part === '{*}') return render(bodies[at++] ?? [], inside);
      return part
        .replaceAll('$p', place.pointer ?? '')
        .replaceAll('$n', local)
        .replaceAll('$N', local)
        .replaceAll('$g', place.undo ? ' goto out' : '')
        .replaceAll('$t', place.own ?? '')
        .replaceAll('$d', place.device ?? '')
        .replaceAll('$m', place.module ?? '');
    })
    .join('');
}
