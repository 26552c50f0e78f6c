// `object.name`: fields of structs, members of modules (`nova.timer_fops`) and of enums. The type of the object is expressions.ts's.
import { codes } from '../base/codes.ts';
import { nearest } from '../base/nearest.ts';
import type * as tree from '../syntax/tree.ts';
import { noteUse } from './analysis.ts';
import { complain, findLocal, type Body } from './body.ts';
import { absentField, FIELDS } from './kernelNames.ts';
import { didYouMean, replacement, resolveMember, resolveTypeName } from './names.ts';
import type { StructInfo, Symbol, Type } from './program.ts';
import { reportOnce } from './report.ts';
import { findType, findValue } from './scope.ts';
import { embeds, ERROR, show, valueOf } from './types.ts';

type FieldExpression = Extract<tree.Expression, { kind: 'field' }>;

/** What `module.name` or `enum.name` stands for. Undefined: the expression is an ordinary field; null: a mistake, reported. */
export function qualified(b: Body, e: FieldExpression): Symbol | null | undefined {
  if (e.object.kind !== 'name' || findLocal(b, e.object.text) !== null) return undefined;
  const values = findValue(b.a.scopes, b, e.object.text, () => true);
  if (values.length === 1 && values[0].symbol.kind === 'module') {
    b.a.symbols.set(e.object, values[0].symbol);
    const member = resolveMember(b.a, b, values[0].symbol.module, e.name);
    if (member !== null && ['function', 'variable', 'ops'].includes(member.symbol.kind)) noteUse(b.a, b.module, member.module);
    return member?.symbol ?? null;
  }
  if (values.length > 0) return undefined;
  const types = findType(b.a.scopes, b, e.object.text);
  if (types.length !== 1 || types[0].symbol?.kind !== 'enum') return undefined;
  resolveTypeName(b.a, b, e.object);
  const info = types[0].symbol.enum;
  const index = info.members.indexOf(e.name.text);
  if (index < 0) {
    const close = nearest(e.name.text, info.members);
    if (e.name.text !== '')
      complain(b, codes.unknownName, e.name, `enum \`${info.name}\` has no \`${e.name.text}\`${didYouMean(close)}`, {
        fixes: replacement(e.name, close),
      });
    return null;
  }
  const symbol: Symbol = { kind: 'enumMember', enum: info, index };
  b.a.symbols.set(e.name, symbol);
  return symbol;
}

/** The type of a field of an object of type `object`. */
export function fieldType(b: Body, e: FieldExpression, object: Type): Type {
  const value = valueOf(object);
  if (value.kind === 'error' || e.name.text === '') return ERROR;
  if (value.kind !== 'ref') {
    complain(b, codes.unknownField, e.name, `\`${show(object)}\` has no fields`);
    return ERROR;
  }
  if (value.to === null) {
    complain(b, codes.unknownField, e.name, `an \`any\` has no fields: cast it with \`as\` to what it points to`);
    return ERROR;
  }
  const field = value.to.fields.find((f) => f.name === e.name.text);
  if (field !== undefined) {
    b.a.symbols.set(e.name, { kind: 'field', field });
    if (b.context === 'process' && !b.asking && !isKernelMemory(b, e.object))
      complain(b, codes.wrongContext, e, 'a process cannot read kernel memory: only system calls reach it');
    return field.type;
  }
  if (value.to === b.a.unknownStruct || lacksFields(b, value.to)) return ERROR;
  const names = value.to.fields.map((f) => f.name);
  const habit = FIELDS.get(e.name.text) ?? null;
  const close = habit !== null && names.includes(habit) ? habit : nearest(e.name.text, names);
  const holder = close === null ? containerWith(b, value.to, e.name.text) : null;
  const hint = holder === null ? absentField(value.to.name, e.name.text) || didYouMean(close) : `: \`${holder.name}\`, which contains one, does (\`as ${holder.name}\`)`;
  const message = `\`${value.to.name}\` has no field \`${e.name.text}\`${hint}`;
  const key = `field ${value.to.name}.${e.name.text}`;
  reportOnce(b.a.reporter, b.unit, key, codes.unknownField, e.name, message, { fixes: replacement(e.name, close) });
  return ERROR;
}

/** That a process cannot read it has been said. */
function isKernelMemory(b: Body, e: tree.Expression): boolean {
  const name = e.kind === 'field' ? e.name : e;
  if (name.kind !== 'name') return false;
  const kind = b.a.symbols.get(name)?.kind;
  return kind === 'variable' || kind === 'field';
}

/** A syntax error may have taken some of its fields away. */
export function lacksFields(b: Body, struct: StructInfo): boolean {
  if (struct.node === null || struct.unit === null) return false;
  return b.a.reporter.broken.get(struct.unit.path)?.incomplete.has(struct.node) === true;
}

/** `misc.bar` where the driver's struct, which embeds a miscdevice, has the `bar`: a forgotten container_of. */
function containerWith(b: Body, struct: StructInfo, field: string): StructInfo | null {
  return b.a.structs.find((s) => s.unit === b.unit && embeds(s, struct) && s.fields.some((f) => f.name === field)) ?? null;
}
