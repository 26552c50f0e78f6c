// Gives every declaration its type: fields, variables, parameters and results as far as they are written or follow from an ops type.
// What is inferred from bodies is functions.ts.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import type { Analysis, Work } from './analysis.ts';
import { constantIn } from './constants.ts';
import { typeInstances } from './instances.ts';
import type { FieldInfo, StructInfo, Type } from './program.ts';
import { report } from './report.ts';
import { parameterType, resolveType, typeOfEntry } from './resolveType.ts';

import { assignable, embeds, ERROR, show } from './types.ts';
import type { Mutable } from './units.ts';

export function typeDeclarations(a: Analysis): void {
  for (const scope of a.scopes.units.values()) for (const entry of scope.own.types.values()) typeOfEntry(a, entry);
  for (const tables of a.scopes.modules.values()) for (const entry of tables.types.values()) typeOfEntry(a, entry);
  for (const struct of a.structs) typeStruct(a, struct);
  for (const struct of a.structs) refuseRecursion(a, struct);
  refuseHuge(a);
  for (const variable of a.variables) {
    const { node } = variable;
    if (node.type !== null) variable.type = resolveType(a, variable, node.type);
    else a.open.add(variable);
  }
  for (const work of a.works) typeSignature(a, work);
  typeInstances(a, (ops, index, field) => typeMethod(a, ops.methods[index].work, field?.type ?? ERROR));
}

function typeStruct(a: Analysis, struct: Mutable<StructInfo>): void {
  const where = a.structWheres.get(struct);
  const node = struct.node;
  if (where === undefined || node === null) return;
  if (node.capacity !== null) {
    const capacity = constantIn(a, where, node.capacity, 'a limit');
    if (capacity !== null && (capacity < 1n || capacity > 4096n))
      report(a.reporter, where.unit, codes.badRange, node.capacity, `a limit is between 1 and 4096, not ${capacity}`);
    else if (capacity !== null) struct.capacity = Number(capacity);
  }
  const fields = new Map<string, FieldInfo>();
  for (const f of node.fields) {
    const info: FieldInfo = { name: f.name.text, type: resolveType(a, where, f.type), struct, node: f };
    a.symbols.set(f.name, { kind: 'field', field: info });
    if (f.name.text === '') continue;
    const first = fields.get(f.name.text);
    if (first === undefined) fields.set(f.name.text, info);
    else {
      report(a.reporter, where.unit, codes.duplicateName, f.name, `struct \`${struct.name}\` has two fields \`${f.name.text}\``, {
        related: [
          { place: { file: where.unit.path, span: { start: first.node.name.start, end: first.node.name.end } }, message: 'the first one' },
        ],
      });
    }
  }
  struct.fields = [...fields.values()];
}

/** A struct that holds itself would never end. */
function refuseRecursion(a: Analysis, struct: Mutable<StructInfo>): void {
  if (!embeds(struct, struct) || struct.unit === null) return;
  const guilty = struct.fields.find((f) => f.type.kind === 'struct' && (f.type.struct === struct || embeds(f.type.struct, struct)));
  if (guilty === undefined) return;
  report(
    a.reporter,
    struct.unit,
    codes.recursive,
    guilty.node.type,
    `\`${struct.name}\` would contain itself: write \`ref ${guilty.type.kind === 'struct' ? guilty.type.struct.name : struct.name}\``,
    {
      fixes: [
        { title: 'Make it a `ref`', edits: [{ span: { start: guilty.node.type.start, end: guilty.node.type.start }, text: 'ref ' }] },
      ],
    },
  );
  // Layouts walk embedded fields: a cycle must not survive.
  struct.fields = struct.fields.map((f) => (f === guilty ? { ...f, type: ERROR } : f));
}

/** No object has more parts than this: each is an object of its own to whoever explores. */
const maxParts = 256;

function refuseHuge(a: Analysis): void {
  const parts = new Map<StructInfo, number>();
  const count = (struct: StructInfo, depth = 0): number => {
    const known = parts.get(struct);
    if (known !== undefined) return known;
    if (depth > maxParts) return depth;
    let all = 1;
    for (const { type } of struct.fields) if (type.kind === 'struct' && all <= maxParts) all += count(type.struct, depth + 1);
    parts.set(struct, all);
    return all;
  };
  // In the order of the file from the last, so that a chain is counted from its end.
  for (const struct of [...a.structs].reverse()) {
    if (count(struct) <= maxParts || struct.unit === null || struct.node === null) continue;
    report(a.reporter, struct.unit, codes.badRange, struct.node.name, `\`${struct.name}\` contains more than ${maxParts} structs`);
    struct.fields = [];
    parts.set(struct, 1);
  }
}

function typeSignature(a: Analysis, work: Work): void {
  const { info, where, written } = work;
  written.parameters.forEach((p, i) => {
    const local: Mutable<{ type: Type }> = info.parameters[i];
    if (p.type !== null) local.type = parameterType(resolveType(a, where, p.type));
    else a.open.add(local);
  });
  const seen = new Map<string, tree.Name>();
  for (const { name } of written.parameters) {
    if (name.text !== '' && seen.has(name.text))
      report(a.reporter, where.unit, codes.duplicateName, name, `two parameters are called \`${name.text}\``);
    seen.set(name.text, name);
  }
  if (written.returns !== null) {
    work.fixedReturn = true;
    info.returns = parameterType(resolveType(a, where, written.returns));
  }
}

/** A method takes the types of the field that it fills in, where it does not write its own. */
function typeMethod(a: Analysis, work: Work, field: Type): void {
  const { info, where, written } = work;
  if (field.kind !== 'fn') {
    // Already reported: nothing is inferred for it.
    for (const p of info.parameters) a.open.delete(p);
    return;
  }
  written.parameters.forEach((p, i) => {
    const wanted = field.parameters[i];
    const local: Mutable<{ type: Type }> = info.parameters[i];
    if (wanted === undefined) {
      if (i === field.parameters.length) tooMany(a, work, p, field.parameters.length);
      a.open.delete(local);
    } else if (p.type === null) {
      a.open.delete(local);
      local.type = wanted;
    } else if (!assignable(wanted, local.type)) {
      report(
        a.reporter,
        where.unit,
        codes.typeMismatch,
        p.type,
        `\`${p.name.text}\` is \`${show(wanted)}\` here, not \`${show(local.type)}\``,
      );
    }
  });
  if (written.returns !== null && field.returns.kind !== 'void' && !assignable(info.returns, field.returns)) {
    report(
      a.reporter,
      where.unit,
      codes.typeMismatch,
      written.returns,
      `\`${info.shortName}\` returns \`${show(field.returns)}\` here, not \`${show(info.returns)}\``,
    );
  }
  if (written.returns === null) {
    work.fixedReturn = true;
    info.returns = field.returns;
  }
}

function tooMany(a: Analysis, work: Work, p: tree.Parameter, count: number): void {
  report(
    a.reporter,
    work.where.unit,
    codes.wrongArgumentCount,
    p,
    `\`${work.info.shortName}\` is called with ${count === 1 ? 'one argument' : `${count} arguments`} here`,
  );
}
