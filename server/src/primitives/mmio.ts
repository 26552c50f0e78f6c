// I/O mappings: they end with iounmap(), and answer all ones once the device is gone.
import { binary, choose, constant, equal, load, zero } from '../system/expression.ts';
import type { Expression, Sample, Statement, Wait } from '../system/system.ts';
import { deviceOf, isGone } from './bar.ts';
import { deviceIndex } from './device.ts';
import type { Emit, PrimitiveRoom, Target, Value } from './emit.ts';
import { operation, u32 } from './operation.ts';
import { ptimerName, readPtimer, writePtimer } from './ptimer.ts';
import { register, setRegister } from './registers.ts';

const source = 'arch/x86/mm/ioremap.c, lib/pci_iomap.c';
const ALL_ONES = 0xffffffff;

/** The mapping still stands, but the binding that made it has ended. */
function zombie(emit: Emit, bar: Target): Statement[] {
  const origin = emit.origin(bar);
  if (origin === null) return [];
  return [{
    op: 'if', condition: binary('>', origin, constant(emit.model.devices.length)), else: [],
    then: [emit.report('zombie-access', `{agent} uses \`${emit.textOf(bar.argument ?? 0)}\` after the remove() of the binding that mapped it`, bar.place)],
  }];
}

/** What an access takes, in a scenario with a clock: the next thing of this agent that takes time waits for it. */
function timed(emit: Emit, gone: Expression): { readonly guard?: Expression; readonly wait?: Wait; readonly after: readonly Statement[] } {
  const { clock } = emit;
  if (clock === null) return { after: [] };
  const { mmio, deadMmio } = clock.costs;
  const which = (end: 'least' | 'most'): Expression => choose(gone, constant(deadMmio[end]), constant(mmio[end]));
  return { guard: clock.idle, wait: clock.wait, after: clock.takes(which('least'), which('most'), Math.max(mmio.most, deadMmio.most)) };
}

function read(emit: Emit, [value, offset]: readonly Value[], mask: number): Value {
  const bar = emit.target(value);
  const result = emit.temporary(ALL_ONES);
  const at = emit.constantOf(offset);
  let content: Expression = zero;
  if (at !== null) emit.model.devices.forEach((_, i) => { content = choose(equal(deviceOf(emit, bar), constant(i + 1)), readPtimer(emit, i, at) ?? register(emit, i, at), content); });
  const seen = binary('&', content, constant(mask));
  const { after, ...waits } = timed(emit, isGone(emit, bar));
  const what = at === null || !emit.model.ptimers.some((p) => p !== null) ? null : ptimerName(at);
  const given = choose(isGone(emit, bar), constant(mask), seen);
  const sample: Sample | null = what === null ? null : { what, value: given, shown: seen, base: 16 };
  emit.step({ ...waits, ...(sample === null ? {} : { sample }), uses: [bar], body: [...zombie(emit, bar), { op: 'set', slot: result, value: given }, ...after] });
  return u32(load(result));
}

function write(emit: Emit, bar: Target, content: Expression, offset: number | null): void {
  const body: Statement[] = [];
  if (offset !== null) {
    const value = binary('&', content, constant(ALL_ONES));
    emit.model.devices.forEach((_, i) => body.push({
      op: 'if', condition: binary('&&', equal(deviceOf(emit, bar), constant(i + 1)), equal(load(emit.model.gone + i), zero)),
      then: writePtimer(emit, i, offset, value) ?? [setRegister(emit, i, offset, value)], else: [],
    }));
  }
  const { after, ...waits } = timed(emit, isGone(emit, bar));
  emit.step({ ...waits, uses: [bar], body: [...zombie(emit, bar), ...body, ...after] });
}

const readDoc = { summary: 'Reads a register: what was last written to it, 0 before; all ones once the device is gone.', contexts: 'Any.', source: 'include/asm-generic/io.h' };
const writeDoc = { summary: 'Writes a register; lost once the device is gone.', contexts: 'Any.', source: 'include/asm-generic/io.h' };

function map(emit: Emit, dev: Value): Value {
  const into = emit.temporary(emit.model.placeMax, 'place');
  emit.allocate('mmio', into, (place) => {
    const target = { place, struct: emit.struct('mmio') };
    return [emit.write(emit.hidden(target, 'device'), deviceIndex(emit, dev.expression))];
  });
  return emit.value(load(into), 'mmio');
}


export const mmio: PrimitiveRoom = {
  types: [{
    name: 'mmio', handle: true, doc: { summary: 'void __iomem *: a mapping of device registers.', source },
    fields: [{ name: 'device', max: 'device' }], pooled: { view: 'mapping', leak: 'mapping' }, gone: { kind: 'unmapped-mmio', verb: 'unmapped' },
  }],
  operations: [
    operation('pci_iomap(dev: any, bar: int) -> ref mmio', { summary: 'Maps a BAR.', guarantees: 'Accesses work until iounmap, whether the device answers or not.', source }, (emit, [dev]) => map(emit, dev), { allocates: ['mmio'] }),
    operation('ioremap(dev: any) -> ref mmio', { summary: 'Maps the registers of a device.', source }, (emit, [dev]) => map(emit, dev), { allocates: ['mmio'] }),
    operation('iounmap(bar: ref mmio)', { summary: 'Ends the mapping; an access in flight or later faults.', contexts: 'Process context.', source }, (emit, [bar]) => emit.release(emit.target(bar), `\`${emit.textOf(0)}\``)),
    operation('pci_iounmap(dev: any, bar: ref mmio)', { summary: 'Ends the mapping; an access in flight or later faults.', contexts: 'Process context.', source }, (emit, [, bar]) => emit.release(emit.target(bar), `\`${emit.textOf(1)}\``)),
    ...([['readl', ALL_ONES], ['readw', 0xffff], ['readb', 0xff], ['ioread32', ALL_ONES]] as const).map(([name, mask]) =>
      operation(`${name}(bar: ref mmio, offset: u32) -> u32`, readDoc, (emit, args) => read(emit, args, mask))),
    ...['writel', 'writew', 'writeb'].map((name) => operation(`${name}(value: u32, bar: ref mmio, offset: u32)`, writeDoc, (emit, [value, bar, offset]) => write(emit, emit.target(bar, 1), value.expression, emit.constantOf(offset)))),
    operation('iowrite32(value: u32, bar: ref mmio, offset: u32)', writeDoc, (emit, [value, bar, offset]) => write(emit, emit.target(bar, 1), value.expression, emit.constantOf(offset))),
  ],
};
