// FD tables and what is deferred to a task's return to user space. Everything else about files is Lifeline, in vfs.lifeline.
import { binary, constant, equal, load, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { Emit, PrimitiveRoom, Value } from './emit.ts';
import { fdTable, mapTable, remember } from './fdTable.ts';
import { actsFor, holderOfFile } from './module.ts';
import { INT, int, operation } from './operation.ts';

const source = 'fs/file.c';
const ENXIO = 6;

function fileResult(emit: Emit): number {
  return emit.temporaryFor({ kind: 'ref', to: emit.struct('file') });
}

/** Puts a place into the first free entry of a table. */
function install(emit: Emit, first: number, place: Expression): Value {
  const result = emit.temporary(emit.model.fds);
  let body: Statement[] = [emit.fdsFull()];
  for (let k = emit.model.fds - 1; k >= 0; k--) {
    body = [{ op: 'if', condition: equal(load(first + k), zero), then: [{ op: 'set', slot: first + k, value: place }, { op: 'set', slot: result, value: constant(k) }], else: body }];
  }
  emit.step({ body });
  return int(load(result));
}

/** Takes the first entry that is not free into `result`. */
function takeFirst(first: number, length: number, result: number): Statement[] {
  let body: Statement[] = [];
  for (let k = length - 1; k >= 0; k--) {
    body = [{ op: 'if', condition: binary('!=', load(first + k), zero), then: [{ op: 'set', slot: result, value: load(first + k) }, { op: 'set', slot: first + k, value: zero }], else: body }];
  }
  return body;
}

export const files: PrimitiveRoom = {
  operations: [
    operation('fd_install(file: any) -> int', { summary: 'Puts an open file into the FD table of the process; returns its number.', source }, (emit, [file]) => {
      return install(emit, fdTable(emit), file.expression);
    }),
    operation('fd_file(fd: int) -> ref file', { summary: 'The file behind an FD of this process; null where there is none.', source }, (emit, [fd]) => {
      const result = fileResult(emit);
      const first = fdTable(emit);
      const body: Statement[] = Array.from({ length: emit.model.fds }, (_, k): Statement => ({ op: 'if', condition: equal(fd.expression, constant(k)), then: [{ op: 'set', slot: result, value: load(first + k) }], else: [] }));
      emit.step({ body });
      return emit.value(load(result), 'file');
    }),
    operation('fd_remove(fd: int) -> ref file', { summary: 'Takes an FD out of the table; returns the file that it was of.', source }, (emit, [fd]) => {
      const result = fileResult(emit);
      const first = fdTable(emit);
      const body: Statement[] = Array.from({ length: emit.model.fds }, (_, k): Statement => ({
        op: 'if', condition: equal(fd.expression, constant(k)), else: [],
        then: [{ op: 'set', slot: result, value: load(first + k) }, { op: 'set', slot: first + k, value: zero }],
      }));
      emit.step({ body: [...body, ...remember(emit, load(result))] });
      return emit.value(load(result), 'file');
    }),
    operation('fd_take_any() -> ref file', { summary: 'Takes the first FD out of the table; null where it is empty. For exit.', source }, (emit) => {
      const result = fileResult(emit);
      const first = fdTable(emit);
      emit.step({ body: [...takeFirst(first, emit.model.fds, result), ...remember(emit, load(result))] });
      return emit.value(load(result), 'file');
    }),
    operation('open_in_classes(file: any, name: string) -> int', { summary: 'Lets each kind of character device look the name up, until one knows it (or all returned -ENXIO).', source: 'fs/char_dev.c' }, (emit, [file, name]) => {
      const result = emit.temporaryFor(INT);
      const classes = emit.candidateNumbers('char_class.open');
      emit.compute([{ op: 'set', slot: result, value: constant(-ENXIO) }]);
      const from = (i: number): void => {
        if (i >= classes.length) return;
        const opened = emit.callFunction(constant(classes[i]), 'char_class.open', [emit.value(file.expression, 'file'), name]);
        emit.compute([{ op: 'set', slot: result, value: opened.expression }]);
        emit.branch(equal(load(result), constant(-ENXIO)), () => from(i + 1));
      };
      from(0);
      return int(load(result));
    }),
    operation('fork_files(child: int)', { summary: 'Gives the child of a fork every FD, and a copy of every mapping, of the process that forks.', source: 'kernel/fork.c' }, (emit, [child]) => {
      const agent = emit.constantOf(child) ?? 0;
      const from = fdTable(emit);
      const to = fdTable(emit, agent);
      const files = emit.struct('file');
      const body: Statement[] = [];
      for (let k = 0; k < emit.model.fds; k++) {
        body.push({ op: 'set', slot: to + k, value: load(from + k) });
        const count = emit.embedded({ place: load(from + k), struct: files }, 'count');
        const slot = emit.hidden(count, 'count');
        body.push({ op: 'if', condition: binary('!=', load(from + k), zero), then: [emit.write(slot, plus(emit.read(slot), constant(1)))], else: [] });
      }
      emit.step({ body });
      if (!emit.uses('map_install')) return;
      for (let k = 0; k < emit.model.fds; k++) {
        const here = mapTable(emit) + k;
        emit.branch(binary('!=', load(here), zero), () => {
          const copy = emit.callNamed('dup_vma', [{ expression: load(here), type: { kind: 'ref', to: emit.struct('vm_area') } }]);
          emit.compute([{ op: 'set', slot: mapTable(emit, agent) + k, value: copy.expression }]);
        });
      }
    }),
    operation('map_install(vma: any) -> int', { summary: 'Puts a mapping into the address space of the process; returns its number.', source: 'mm/mmap.c' }, (emit, [vma]) => install(emit, mapTable(emit), vma.expression)),
    operation('map_area(map: int) -> any', { summary: 'The mapping with that number; null where there is none.', source: 'mm/mmap.c' }, (emit, [map]) => {
      const result = emit.temporary(emit.model.placeMax, 'place');
      const first = mapTable(emit);
      emit.step({ body: Array.from({ length: emit.model.fds }, (_, k): Statement => ({ op: 'if', condition: equal(map.expression, constant(k)), then: [{ op: 'set', slot: result, value: load(first + k) }], else: [] })) });
      return { expression: load(result), type: { kind: 'ref', to: null } };
    }),
    operation('map_remove(map: int) -> any', { summary: 'Takes a mapping out of the address space.', source: 'mm/mmap.c' }, (emit, [map]) => {
      const result = emit.temporary(emit.model.placeMax, 'place');
      const first = mapTable(emit);
      emit.step({ body: Array.from({ length: emit.model.fds }, (_, k): Statement => ({
        op: 'if', condition: equal(map.expression, constant(k)), else: [],
        then: [{ op: 'set', slot: result, value: load(first + k) }, { op: 'set', slot: first + k, value: zero }],
      })) });
      return { expression: load(result), type: { kind: 'ref', to: null } };
    }),
    operation('map_take_any() -> any', { summary: 'Takes the first mapping out of the address space; null where it is empty. For exit.', source: 'mm/mmap.c' }, (emit) => {
      if (!emit.uses('map_install')) return { expression: zero, type: { kind: 'ref', to: null } };
      const result = emit.temporary(emit.model.placeMax, 'place');
      emit.step({ body: takeFirst(mapTable(emit), emit.model.fds, result) });
      return { expression: load(result), type: { kind: 'ref', to: null } };
    }),
    operation('task_work_add(file: ref file)', { summary: 'Has __fput() run for the file when this task returns to user space (a worker does it for a kernel context).', source: 'fs/file_table.c' }, (emit, [file]) => {
      const slots = emit.deferredSlots();
      let body: Statement[] = [emit.fdsFull()];
      for (let k = slots.length - 1; k >= 0; k--) body = [{ op: 'if', condition: equal(load(slots[k]), zero), then: [{ op: 'set', slot: slots[k], value: file.expression }], else: body }];
      emit.step({ body });
    }),
    operation('opens_file(file: ref file)', { summary: 'As acts_for_file, for a file that this process is about to have the first FD of.', source }, (emit, [file]) => emit.compute([
      ...remember(emit, file.expression), { op: 'set', slot: actsFor(emit), value: holderOfFile(emit, file.expression) },
    ])),
    operation('acts_for_file(file: ref file)', { summary: 'Module references that this context takes from here on belong to the file.', source }, (emit, [file]) => emit.compute([{ op: 'set', slot: actsFor(emit), value: holderOfFile(emit, file.expression) }])),
    operation('acts_for_itself()', { summary: 'Module references that this context takes from here on are its own.', source }, (emit) => emit.compute([{ op: 'set', slot: actsFor(emit), value: zero }])),
  ],
};
