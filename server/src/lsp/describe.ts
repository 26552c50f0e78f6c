// What a symbol is, in words: the line that hover, completion and signature help show, and its documentation in Markdown.
import type { PrimitiveDoc, PrimitiveFunction } from '../semantics/prelude.ts';
import type { FunctionInfo, OpsInfo, ParamInfo, ParamValue, Symbol } from '../semantics/program.ts';
import { show } from '../semantics/types.ts';

export interface Description {
  /** One line of Lifeline. */
  readonly code: string;
  /** Markdown; empty without any. */
  readonly doc: string;
}

export function describe(s: Symbol): Description {
  switch (s.kind) {
    case 'struct':
      return { code: `${s.struct.primitive ? 'type' : 'struct'} ${s.struct.name}`, doc: s.struct.node?.doc ?? '' };
    case 'field':
      return { code: `${s.field.struct.name}.${s.field.name}: ${show(s.field.type)}`, doc: s.field.node?.doc ?? '' };
    case 'enum':
      return { code: `enum ${s.enum.name} { ${s.enum.members.join(', ')} }`, doc: s.enum.node.doc ?? '' };
    case 'enumMember':
      return { code: `${s.enum.name}: ${s.enum.members[s.index]} = ${s.index}`, doc: '' };
    case 'module':
      return { code: `module ${s.module.name}`, doc: [s.module.node.doc ?? '', moduleUses(s.module.uses.map((m) => m.name))].filter((t) => t !== '').join('\n\n') };
    case 'function':
      return { code: functionCode(s.function), doc: functionDoc(s.function) };
    case 'primitive':
      return { code: primitiveCode(s.primitive), doc: primitiveDoc(s.primitive.doc) };
    case 'variable':
      return { code: `${s.variable.module === null ? '' : `${s.variable.module.name}.`}${s.variable.name}: ${show(s.variable.type)}`, doc: s.variable.node.doc ?? '' };
    case 'local':
      return { code: `${s.local.name}: ${show(s.local.type)}`, doc: '' };
    case 'ops':
      return { code: `${s.ops.node.keyword} ${s.ops.name}: ${s.ops.struct.name}`, doc: opsDoc(s.ops) };
    case 'device':
      return { code: `device ${s.device.name}: ${s.device.struct.name}`, doc: s.device.node.doc ?? '' };
    case 'process':
      return { code: `process ${s.process.name}${s.process.count > 1 ? ` x${s.process.count}` : ''}`, doc: s.process.node.doc ?? '' };
    case 'thread':
      return { code: `thread ${s.name}`, doc: `A thread of \`${s.process.name}\`.` };
    case 'param':
      return { code: `param ${s.param.name} in {${values(s.param)}}`, doc: s.param.node.doc ?? '' };
    case 'paramValue':
      return { code: `${s.param.name} = ${valueText(s.param.values[s.index])}`, doc: `A value of \`param ${s.param.name}\`.` };
    case 'constant':
      return { code: `const ${s.name} = ${s.value}`, doc: s.node?.doc ?? s.doc };
    case 'label':
      return { code: `undo ${s.name}:`, doc: 'Runs when a call before it fails with `? goto`, and goes on through the sections below it.' };
  }
}

export function functionCode(f: FunctionInfo): string {
  const parameters = f.parameters.map((p) => `${p.name}: ${show(p.type)}`).join(', ');
  const returns = f.returns.kind === 'void' ? '' : ` -> ${show(f.returns)}`;
  return `fn ${f.name}(${parameters})${returns}`;
}

export function primitiveCode(p: PrimitiveFunction): string {
  return `fn ${p.name}(${p.parameters.map((x) => `${x.name}: ${x.type}${x.optional === true ? ' (optional)' : ''}`).join(', ')})${p.returns === 'void' ? '' : ` -> ${p.returns}`}`;
}

export function primitiveDoc(doc: PrimitiveDoc): string {
  const lines = [doc.summary];
  if (doc.guarantees !== undefined) lines.push(`**Guarantees:** ${doc.guarantees}`);
  if (doc.blocksOn !== undefined) lines.push(`**Blocks on:** ${doc.blocksOn}`);
  if (doc.contexts !== undefined) lines.push(`**Contexts:** ${doc.contexts}`);
  if (doc.source !== '') lines.push(`**Models:** \`${doc.source}\``);
  return lines.join('\n\n');
}

function functionDoc(f: FunctionInfo): string {
  const doc = 'doc' in f.node ? (f.node.doc ?? '') : '';
  const where = f.module !== null ? `In module \`${f.module.name}\`.` : f.unit.library ? 'Core kernel: never unloaded.' : '';
  return [doc, where].filter((t) => t !== '').join('\n\n');
}

function opsDoc(ops: OpsInfo): string {
  const where = ops.module === null ? '' : `Static data of module \`${ops.module.name}\`.`;
  return [ops.node.doc ?? '', where].filter((t) => t !== '').join('\n\n');
}

function moduleUses(names: readonly string[]): string {
  return names.length === 0 ? '' : `Uses symbols of ${names.map((n) => `\`${n}\``).join(', ')}: cannot be loaded without.`;
}

function values(param: ParamInfo): string {
  return param.values.map(valueText).join(', ');
}

export function valueText(value: ParamValue): string {
  return value.kind === 'name' ? value.name : String(value.value);
}
