// Which register an offset is, by generation. Bits and behaviour are in ptimer.ts.
import type { Generation, GenerationName } from './generation.ts';

/** The addresses that drivers use, on every generation but NV1. */
export const offsets = {
  intr: 0x9100,
  intrEnable: 0x9140,
  numerator: 0x9200,
  denominator: 0x9210,
  clockSource: 0x9220,
  config0: 0x9300,
  config1: 0x9304,
  time0: 0x9400,
  time1: 0x9410,
  alarm: 0x9420,
  timer0: 0x9428,
  privilegeMask: 0x9430,
  intrVector: 0x9440,
  priTimeout: 0x9080,
  grTick: 0x9480,
  clockGating: 0x9600,
  vfTimers: 0x9800,
  usermodeTime0: 0x810080,
  usermodeTime1: 0x810084,
  vfTime0: 0xbb0080,
  vfTime1: 0xbb0084,
  vfPrivTimer: 0xb82300,
  sciOffset0: 0x118df4,
  sciOffset1: 0x118df8,
  secTime0: 0x118f54,
  secTime1: 0x118f58,
} as const;

export type Register =
  | { readonly kind: 'intr' | 'intrEnable' | 'numerator' | 'denominator' | 'clockSource' | 'config0' | 'config1' }
  | { readonly kind: 'time0' | 'time1' | 'alias0' | 'alias1' | 'alarm' | 'privilegeMask' }
  | { readonly kind: 'countdown'; readonly index: number }
  | { readonly kind: 'sciOffset0' | 'sciOffset1' | 'secTime0' | 'secTime1' }
  /** Kept and given back, without any effect on time as drivers read it. */
  | { readonly kind: 'plain'; readonly mask: number; readonly reset: number }
  | { readonly kind: 'constant'; readonly value: number };

/** Virtual functions of a TU102 that have a countdown of their own. The header gives the stride, not the number: assumed. */
const vfTimerCount = 32;

/** The register at a BAR0 offset, or null where none that touches time decodes. */
export function register(g: Generation, offset: number): Register | null {
  if (g.name === 'nv1') return nv1(offset);
  switch (offset) {
    case offsets.intr:
      return { kind: 'intr' };
    case offsets.intrEnable:
      return { kind: 'intrEnable' };
    case offsets.numerator:
    case offsets.denominator:
      if (g.rate === 'config') return null;
      return { kind: offset === offsets.numerator ? 'numerator' : 'denominator' };
    case offsets.clockSource:
      return g.clockSource && g.rate !== 'config' ? { kind: 'clockSource' } : null;
    case offsets.config0:
    case offsets.config1:
      if (g.rate !== 'config') return null;
      return { kind: offset === offsets.config0 ? 'config0' : 'config1' };
    case offsets.time0:
      return { kind: 'time0' };
    case offsets.time1:
      return { kind: 'time1' };
    case offsets.alarm:
      return { kind: 'alarm' };
    case offsets.timer0:
      return g.countdown === 'timer0' ? { kind: 'countdown', index: 0 } : null;
    case offsets.privilegeMask:
      return g.privilegeMask ? { kind: 'privilegeMask' } : null;
    case offsets.intrVector:
      return g.name === 'tu102' || g.name === 'ga100' ? { kind: 'constant', value: 148 } : null;
    case offsets.grTick:
      return g.rate === 'config' ? { kind: 'plain', mask: 0x7, reset: 5 } : null; // 5 is the default rate
    case offsets.clockGating:
      return g.name === 'ga100' ? { kind: 'plain', mask: 0x3, reset: 0 } : null;
    case offsets.priTimeout:
      return g.name === 'gv100' ? { kind: 'plain', mask: 0x80ffffff, reset: 0x80000100 } : null;
    default:
      return alias(g, offset) ?? countdown(g, offset) ?? sci(g, offset);
  }
}

/** Where ALARM_0 is. */
export const alarmOffset = (name: GenerationName | undefined): number => (name === 'nv1' ? 0x101410 : offsets.alarm);

/** Whether an offset lies in the timer's own block. */
export function inTimerBlock(g: Generation, offset: number): boolean {
  const base = g.name === 'nv1' ? 0x101000 : 0x9000;
  return offset >= base && offset < base + 0x1000;
}

/** NV1 has the block at 0x101000 and TIME_HIGH and ALARM elsewhere in it. */
function nv1(offset: number): Register | null {
  switch (offset) {
    case 0x101100:
      return { kind: 'intr' };
    case 0x101140:
      return { kind: 'intrEnable' };
    case 0x101200:
      return { kind: 'numerator' };
    case 0x101210:
      return { kind: 'denominator' };
    case 0x101400:
      return { kind: 'time0' };
    case 0x101404:
      return { kind: 'time1' };
    case 0x101410:
      return { kind: 'alarm' };
    default:
      return null;
  }
}

function alias(g: Generation, offset: number): Register | null {
  const usermode = g.aliases !== 'none';
  const vf = g.aliases === 'vf';
  if ((usermode && offset === offsets.usermodeTime0) || (vf && (offset === offsets.vfTime0 || offset === 0x30080)))
    return { kind: 'alias0' };
  if ((usermode && offset === offsets.usermodeTime1) || (vf && (offset === offsets.vfTime1 || offset === 0x30084)))
    return { kind: 'alias1' };
  return null;
}

function countdown(g: Generation, offset: number): Register | null {
  if (g.countdown !== 'vf' && g.countdown !== 'vf2') return null;
  if (offset === offsets.vfPrivTimer || offset === 0x2300) return { kind: 'countdown', index: 0 };
  if (g.countdown === 'vf2' && (offset === offsets.vfPrivTimer + 4 || offset === 0x2304)) return { kind: 'countdown', index: 1 };
  const i = (offset - offsets.vfTimers) / 4;
  if (g.name === 'tu102' && Number.isInteger(i) && i >= 0 && i < vfTimerCount) return { kind: 'countdown', index: 1 + i };
  return null;
}

function sci(g: Generation, offset: number): Register | null {
  if (!g.sciOffset) return null;
  switch (offset) {
    case offsets.sciOffset0:
      return { kind: 'sciOffset0' };
    case offsets.sciOffset1:
      return { kind: 'sciOffset1' };
    case offsets.secTime0:
      return { kind: 'secTime0' };
    case offsets.secTime1:
      return { kind: 'secTime1' };
    default:
      return null;
  }
}
