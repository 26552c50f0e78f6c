// What each generation of the hardware has: which registers decode, how a written time is loaded, what power-on leaves in them.
// Sources: envytools ptimer.rst, NVIDIA's open-gpu-doc manuals (GV100, TU104, GA100) and published dev_timer.h headers, nouveau.

export const generationNames = [
  'nv1',
  'nv4',
  'nv40',
  'nv41',
  'g84',
  'gk104',
  'gk20a',
  'gm107',
  'gm200',
  'gv100',
  'tu102',
  'ga100',
  'ad102',
  'gh100',
  'gb100',
  'gb10b',
] as const;
export type GenerationName = (typeof generationNames)[number];

/** How a written time takes effect: each half at once, both with the TIME_0 write, or not at all. */
export type WriteLoad = 'halves' | 'trigger' | 'ignored';

export interface Generation {
  readonly name: GenerationName;
  /** Maxwell loads with the TIME_0 write; before it no trigger is documented, so each half counts at once; read-only from Hopper on. */
  readonly writeLoad: WriteLoad;
  /** What sets the rate: NUMERATOR/DENOMINATOR at 0x9200/0x9210, TIMER_CFG0/1 at 0x9300/0x9304, or neither. */
  readonly rate: 'ratio' | 'config' | 'fixed';
  /** CLOCK_SOURCE at 0x9220 (NV41 and later). */
  readonly clockSource: boolean;
  /** The countdown timer: TIMER_0 at 0x9428, one in the virtual function's space, two there, or none. */
  readonly countdown: 'none' | 'timer0' | 'vf' | 'vf2';
  /** TIME writes want bit 4 of 0x9430. */
  readonly privilegeMask: boolean;
  /** Read-only copies of TIME_0/TIME_1, four bytes apart. */
  readonly aliases: 'none' | 'usermode' | 'vf';
  /** The alarm still reaches the PMC interrupt tree. */
  readonly alarmToPmc: boolean;
  /** INTR_0 after reset; null where the manual says it is unknown. */
  readonly intrReset: number | null;
  /** Offset registers in the SCI block replace writes to TIME. */
  readonly sciOffset: boolean;
}

const old: Omit<Generation, 'name'> = {
  writeLoad: 'halves',
  rate: 'ratio',
  clockSource: false,
  countdown: 'none',
  privilegeMask: false,
  aliases: 'none',
  alarmToPmc: true,
  intrReset: null,
  sciOffset: false,
};
const nv41 = { ...old, clockSource: true };
const maxwell = { ...nv41, writeLoad: 'trigger', rate: 'config' } as const;
const gm200 = { ...maxwell, countdown: 'timer0' } as const;
const gv100 = { ...gm200, privilegeMask: true, aliases: 'usermode' } as const;
// TU104's manual is the only one that gives INTR_0 a reset value, and it is "alarm pending".
const tu102 = { ...gv100, countdown: 'vf', aliases: 'vf', intrReset: 1 } as const;
const ga100 = { ...tu102, alarmToPmc: false, intrReset: null } as const;
const gh100 = { ...ga100, writeLoad: 'ignored', privilegeMask: false, countdown: 'vf2', sciOffset: true } as const;

const table: Readonly<Record<GenerationName, Omit<Generation, 'name'>>> = {
  nv1: old,
  nv4: old,
  nv40: old,
  nv41,
  g84: nv41,
  gk104: nv41,
  gk20a: { ...nv41, rate: 'fixed' },
  gm107: maxwell,
  gm200,
  gv100,
  tu102,
  ga100,
  ad102: ga100,
  gh100,
  gb100: gh100,
  // Only a software offset is kept: nothing to write.
  gb10b: { ...gh100, sciOffset: false },
};

export function generation(name: GenerationName): Generation {
  return { name, ...table[name] };
}
