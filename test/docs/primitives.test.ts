// docs/primitives.md is written from the primitives themselves: signature, hover text, kernel source. UPDATE=1 writes it anew.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { access } from '../../server/src/primitives/access.ts';
import { alarms } from '../../server/src/primitives/alarms.ts';
import { clock } from '../../server/src/primitives/clock.ts';
import { completion } from '../../server/src/primitives/completion.ts';
import { device } from '../../server/src/primitives/device.ts';
import type { Operation, PrimitiveRoom } from '../../server/src/primitives/emit.ts';
import { files } from '../../server/src/primitives/files.ts';
import { operations, prelude } from '../../server/src/primitives/index.ts';
import { hrtimer } from '../../server/src/primitives/hrtimer.ts';
import { irq } from '../../server/src/primitives/irq.ts';
import { irqThread } from '../../server/src/primitives/irqThread.ts';
import { kthread } from '../../server/src/primitives/kthread.ts';
import { list } from '../../server/src/primitives/list.ts';
import { mmio } from '../../server/src/primitives/mmio.ts';
import { model } from '../../server/src/primitives/model.ts';
import { module } from '../../server/src/primitives/module.ts';
import { mutex } from '../../server/src/primitives/mutex.ts';
import { rcu } from '../../server/src/primitives/rcu.ts';
import { refcount } from '../../server/src/primitives/refcount.ts';
import { rwlock } from '../../server/src/primitives/rwlock.ts';
import { rwsem } from '../../server/src/primitives/rwsem.ts';
import { sleep } from '../../server/src/primitives/sleep.ts';
import { spinlock } from '../../server/src/primitives/spinlock.ts';
import { srcu } from '../../server/src/primitives/srcu.ts';
import { timeReads } from '../../server/src/primitives/timeReads.ts';
import { timer } from '../../server/src/primitives/timer.ts';
import { waits } from '../../server/src/primitives/waits.ts';
import { work } from '../../server/src/primitives/work.ts';
import type { PrimitiveDoc } from '../../server/src/semantics/prelude.ts';

const page = 'docs/primitives.md';

const groups: ReadonlyArray<readonly [title: string, about: string, rooms: readonly PrimitiveRoom[]]> = [
  ['Modules', 'A module is loaded, GOING while its `exit` runs, and then gone with its text and static data.', [module]],
  ['Locks', '`with LOCK(...) { }` releases on every way out.', [mutex, rwsem, spinlock, rwlock]],
  ['Reference counts and atomics', 'A `kref` or `refcount` that is embedded in a new object holds one reference.', [refcount]],
  ['RCU and SRCU', 'An RCU read section must not sleep, an SRCU read section may.', [rcu, srcu]],
  ['Marked accesses', 'Each is one step, and no data race.', [access]],
  ['Lists', 'A `list T` links objects of type `T`; following a link is a touch.', [list]],
  ['Waiting', 'The statement `wait until` waits for any condition.', [completion, sleep]],
  [
    'Works, timers, threads',
    'Each runs in a kernel context of its own, which the system takes steps for once it is queued, armed or started.',
    [work, timer, hrtimer, kthread],
  ],
  ['Interrupts', 'A line is named by its device.', [irq, irqThread]],
  ['Register access', 'A mapping ends by `iounmap`. Once the device is unplugged, reads are all ones and writes are dropped.', [mmio]],
  ['Time', 'In a scenario with a clock: see [the language](language.md#time). The last of them say what a routine claims; the library `nova_timer` is written with them.', [clock, timeReads, waits, alarms]],
  [
    'Questions to the model',
    'For processes and for `expect`s of a scenario, not for modules: no access, and no step of their own.',
    [model],
  ],
  ['Files and devices', 'What the libraries `vfs` and `driver_core` are made of.', [files, device]],
];

/** What only libraries have a use for: the parts of rmmod, open and unbind. */
const PARTS =
  /^(module_(try_stop|stop|call_exit|call_init|begin_load|loaded)|free_module|binding_.*|match_device|driver_for|starts_unbound|devres_used|booting|device_gone|fd_.*|fork_files|map_.*|open_in_classes|task_work_add|opens_file|acts_for_.*)$/;

test('every primitive is on the page', () => {
  const listed = groups.flatMap(([, , rooms]) => rooms.flatMap((r) => r.operations.map((o) => o.name)));
  assert.deepEqual(listed.toSorted(), [...operations.keys()].sort(), 'a new room of primitives wants a group in this file');
});

test('the page says what the primitives say of themselves', () => {
  const computed = text();
  if (process.env.UPDATE === '1') writeFileSync(page, computed);
  else assert.equal(existsSync(page) ? readFileSync(page, 'utf8') : '', computed, `UPDATE=1 writes ${page} anew`);
});

function text(): string {
  const all = groups.flatMap(([, , rooms]) => rooms.flatMap((r) => r.operations)).filter((o) => PARTS.test(o.name));
  return [
    '# Primitives',
    'What the language has built in: each operation with its guarantee, what it waits for, the contexts it may run in, and the kernel source that it models.',
    'Everything else of the kernel is a library, written in Lifeline itself: see [the language](language.md#libraries).',
    'This page is written by a test from the text that the editor shows on hover.',
    ...groups.flatMap(([title, about, rooms]) =>
      group(
        title,
        about,
        rooms.flatMap((r) => r.types ?? []),
        rooms.flatMap((r) => r.operations).filter((o) => !PARTS.test(o.name)),
      ),
    ),
    ...group(
      'Parts of system calls',
      'What the libraries `kernel`, `driver_core` and `vfs` are made of. A scenario calls `rmmod`, `unbind`, `open` and the like.',
      [],
      all,
    ),
    '## Constants',
    `${prelude.constants
      .filter((c) => /^E[A-Z]/.test(c.name))
      .map((c) => `\`${c.name}\``)
      .join(', ')}: the kernel's numbers.`,
    ...prelude.constants.filter((c) => !/^E[A-Z]/.test(c.name)).map((c) => `\`${c.name}\`: ${c.doc}`),
  ]
    .join('\n\n')
    .concat('\n');
}

function group(
  title: string,
  about: string,
  types: ReadonlyArray<{ readonly name: string; readonly doc: PrimitiveDoc }>,
  listed: readonly Operation[],
): readonly string[] {
  if (types.length + listed.length === 0) return [];
  return [
    `## ${title}`,
    ...(about === '' ? [] : [about]),
    ...types.map((t) => `**Type \`${t.name}\`.** ${t.doc.summary}`),
    ...listed.map((o) => [`### ${o.name}`, `\`\`\`text\n${signature(o)}\n\`\`\``, o.doc.summary, facts(o)].join('\n\n')),
  ];
}

function signature(o: Operation): string {
  const given = o.parameters.map((p) => `${p.name}${p.optional === true ? '?' : ''}: ${p.type}`).join(', ');
  return `${o.name}(${given})${o.returns === 'void' ? '' : ` -> ${o.returns}`}`;
}

function facts(o: Operation): string {
  const { guarantees, blocksOn, contexts, source } = o.doc;
  const fails = o.fails === null ? '' : ', with `?` or `else`, for it may fail';
  return [
    guarantees === undefined ? null : `Guarantees: ${guarantees}`,
    blocksOn === undefined ? null : `Blocks on: ${blocksOn}`,
    contexts === undefined ? null : `Contexts: ${contexts}`,
    o.release === null ? null : `\`with\` releases it by \`${o.release}\`${fails}.`,
    o.where === 'hardware' ? 'Stands in `hardware { }`.' : null,
    `Source: ${source}`,
  ]
    .filter((f) => f !== null)
    .map((f) => `- ${f}`)
    .join('\n');
}
