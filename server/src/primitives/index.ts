// All primitives: what the resolver sees of them (the prelude), and what lowering does with them.
import type { Prelude } from '../semantics/prelude.ts';
import { access } from './access.ts';
import { completion } from './completion.ts';
import { device } from './device.ts';
import type { ContextRoom, Operation, PrimitiveRoom } from './emit.ts';
import { constants } from './errno.ts';
import { files } from './files.ts';
import { hrtimer, hrtimerContext } from './hrtimer.ts';
import { irq, irqContext } from './irq.ts';
import { irqThread, irqThreadContext } from './irqThread.ts';
import { kthread, kthreadContext } from './kthread.ts';
import { list } from './list.ts';
import { mmio } from './mmio.ts';
import { model } from './model.ts';
import { module } from './module.ts';
import { mutex } from './mutex.ts';
import { alarms } from './alarms.ts';
import { clock, timeSettings } from './clock.ts';
import { configSettings } from './config.ts';
import { ptimerSettings } from './ptimer.ts';
import { rcu, rcuContext } from './rcu.ts';
import { refcount } from './refcount.ts';
import { rwlock } from './rwlock.ts';
import { rwsem } from './rwsem.ts';
import { sleep } from './sleep.ts';
import { spinlock } from './spinlock.ts';
import { srcu } from './srcu.ts';
import { timer, timerContext } from './timer.ts';
import { timeReads } from './timeReads.ts';
import type { PrimitiveTypeDefinition } from './types.ts';
import { waits } from './waits.ts';
import { work, workContext } from './work.ts';

const rooms: readonly PrimitiveRoom[] = [module, device, mutex, spinlock, rwlock, rwsem, refcount, completion, srcu, rcu, access, list, mmio, timeReads, waits, alarms, clock, files, work, timer, hrtimer, irq, irqThread, kthread, sleep, model];

export const primitiveTypes: ReadonlyMap<string, PrimitiveTypeDefinition> = new Map(rooms.flatMap((r) => r.types ?? []).map((t) => [t.name, t]));
export const operations: ReadonlyMap<string, Operation> = new Map(rooms.flatMap((r) => r.operations).map((o) => [o.name, o]));
export const contexts: readonly ContextRoom[] = [workContext, timerContext, hrtimerContext, irqContext, irqThreadContext, rcuContext, kthreadContext];

export const prelude: Prelude = {
  types: [...primitiveTypes.values()],
  functions: [...operations.values()],
  constants,
  settings: [timeSettings, ptimerSettings, configSettings],
  implicitLibraries: ['kernel', 'vfs'],
};
