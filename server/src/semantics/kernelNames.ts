// Names that kernel developers type by habit and that are written otherwise here, each with how.
export const VALUES: ReadonlyArray<readonly [names: string, written: string]> = [
  ['THIS_MODULE', 'a module is written by its name, as in `owner = nova`'],
  ['NULL', 'it is written `null`'],
  ['kmalloc kzalloc kcalloc kvmalloc kvzalloc vmalloc kmalloc_obj kzalloc_obj', '`new T` allocates and zeroes; a failure is `either { return -ENOMEM } or { }`'],
  ['vfree kvfree kfree_sensitive', '`free t` frees'],
  ['container_of', 'a cast does it, as in `m as timer_dev`'],
  ['pci_get_drvdata dev_get_drvdata platform_get_drvdata auxiliary_get_drvdata', 'it is the field `drvdata`, as in `dev.drvdata as timer_dev`'],
  ['pci_set_drvdata dev_set_drvdata platform_set_drvdata auxiliary_set_drvdata', 'it is the field `drvdata`, as in `dev.drvdata = t`'],
  ['list_add_rcu list_add_tail_rcu', '`list_add` publishes its entry in one step'],
  ['list_del_rcu', 'an entry that is off its list and still leads on is not modelled: publish one object in a variable, as in `WRITE_ONCE(head, null)` before `synchronize_rcu()`'],
  ['list_first_entry list_first_entry_or_null', 'a walk that ends at once does it, as in `for x in d.list { found = x; break }`'],
  ['smp_mb smp_rmb smp_wmb barrier mb rmb wmb', 'memory is sequentially consistent: leave it out'],
  ['alloc_chrdev_region register_chrdev_region unregister_chrdev_region class_create device_create device_destroy', 'the library `cdev` makes the node with `cdev_add(d.cdev, "name")`: leave it out'],
  ['pci_enable_device pci_disable_device pcim_enable_device pci_set_master pci_request_regions pci_release_regions', 'it touches nothing that is modelled: leave it out'],
  ['INIT_LIST_HEAD init_rwsem spin_lock_init mutex_init rwlock_init init_waitqueue_head mutex_destroy', '`new` and static data are ready: leave it out'],
  ['DEFINE_MUTEX DEFINE_SPINLOCK DECLARE_RWSEM DEFINE_SRCU DECLARE_WAIT_QUEUE_HEAD', 'a variable has its type, as in `let lock: mutex`'],
  ['WARN_ON WARN_ON_ONCE WARN BUG_ON BUG', 'what must hold is asserted, as in `assert t.count == 0, "why"`'],
  ['printk pr_info pr_err pr_warn pr_debug dev_info dev_err dev_warn dev_dbg dev_err_probe', 'messages touch nothing: leave it out'],
  ['IS_ERR PTR_ERR IS_ERR_OR_NULL', 'a call that can fail takes `?`, as in `pci_iomap(dev, 0)?`'],
  ['GFP_KERNEL GFP_ATOMIC', 'allocations have no flags'],
  ['copy_to_user copy_from_user get_user put_user', 'data of user space is not modelled: leave it out'],
  ['jiffies get_jiffies_64', '`ktime_get()` is now, in ns, and what arms takes the delay alone, as in `mod_timer(t, 10ms)`'],
  ['ktime_get_boottime ktime_get_real jiffies_to_msecs time_after time_before', 'times are nanoseconds, and `ktime_get()` is now'],
  ['HZ msecs_to_jiffies usecs_to_jiffies ns_to_ktime ms_to_ktime us_to_ktime', 'a duration is written with its unit, as in `10ms`'],
  ['cpu_relax cpu_relax_long', 'each turn of a loop is a step already: leave it out'],
  ['from_timer timer_container_of', 'a cast does it, as in `t as timer_dev`'],
  ['to_delayed_work', 'a cast does it, as in `w as timer_dev`'],
  ['wait_event wait_event_interruptible wait_event_killable wait_event_timeout', 'write `wait until d.ready`, with `interruptible`, `killable` or `timeout 10ms` behind it'],
  ['readl_poll_timeout readx_poll_timeout', '`read_poll_timeout` of the library `nova_timer` waits for a register'],
  ['exit _exit do_exit', 'a program ends behind its last statement, and `?` behind a call that failed ends it early, as in `open("/dev/timer")?`'],
  ['fault', 'it is not in this version'],
  ['device_initialize', 'a device is ready, with one reference: leave it out; `c.dev.release = f` is what the last `put_device` calls'],
  ['sizeof', '`new T` knows the size, also in `devm_kzalloc(dev, new T) as T`'],
  ['flags', '`spin_lock_irqsave(d.lock)` keeps them by itself: leave it out'],
  ['switch case', 'write `if ... else if ...`'],
];

/** Fields that have another name here. */
export const FIELDS: ReadonlyMap<string, string> = new Map([['private_data', 'private'], ['driver_data', 'drvdata'], ['f_op', 'ops']]);

/** Fields of the kernel's types that there are none of here, each with what is written instead. */
const ABSENT: ReadonlyArray<readonly [type: string, names: string, written: string]> = [
  ['device', 'irq', 'the line is the device itself, as in `request_irq(dev, handler, t)`'],
  ['device_driver', 'name id_table of_match_table', '`device gpu: pci_dev binds nova.timer_driver` says what a driver is for: leave it out'],
];

/** What there is instead of a field or entry of a type, as the end of a message; empty for others. */
export function absentField(type: string, name: string): string {
  const found = ABSENT.find(([of, names]) => of === type && names.split(' ').includes(name));
  return found === undefined ? '' : `: ${found[2]}`;
}

export const TYPES: ReadonlyArray<readonly [names: string, written: string]> = [
  ['work_struct', '`work`'],
  ['workqueue_struct', '`workqueue`'],
  ['spinlock_t raw_spinlock_t', '`spinlock`'],
  ['rwlock_t', '`rwlock`'],
  ['rw_semaphore', '`rwsem`'],
  ['srcu_struct', '`srcu`'],
  ['wait_queue_head_t wait_queue_head', '`wait_queue`'],
  ['refcount_t', '`refcount`'],
  ['atomic_t atomic_long_t atomic64_t', '`atomic`'],
  ['list_head', '`list T`'],
  ['uint8_t __u8', '`u8`'],
  ['uint16_t __u16 __le16 __be16', '`u16`'],
  ['uint32_t __u32 __le32 __be32', '`u32`'],
  ['uint64_t __u64 __le64 __be64', '`u64`'],
  ['size_t ssize_t long short char', '`int`, `u32` or `u64`'],
  ['ktime_t', '`u64`, in nanoseconds'],
  ['void', '`any` for a pointer; nothing for what is not returned'],
];

/** What to write instead of a name of the kernel's, as the end of a sentence; null for other names. */
export function writtenInstead(name: string, what: 'name' | 'type'): string | null {
  const found = (what === 'name' ? VALUES : TYPES).find(([names]) => names.split(' ').includes(name));
  if (found === undefined) return null;
  return what === 'name' ? `\`${name}\` is not known here: ${found[1]}` : `the type \`${name}\` is written ${found[1]} here`;
}
