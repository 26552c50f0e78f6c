// What a symbol is, in words: one line of Lifeline and its documentation. Where it is shown is the editor's business.
import type { Prelude, PrimitiveDoc, PrimitiveFunction, SettingKind } from './prelude.ts';
import type { FunctionInfo, ParamInfo, Symbol } from './program.ts';
import { show } from './types.ts';

/** Markdown: the declaration as code, then what its author, or the primitive, says about it. */
export function hoverOf(prelude: Prelude, symbol: Symbol): string {
  const doc = docOf(prelude, symbol);
  return `\`\`\`lifeline\n${declarationOf(symbol)}\n\`\`\`${doc === '' ? '' : `\n\n${doc}`}`;
}

/** What a call of the symbol looks like; null for what is not called. Each parameter is a range of `label`. */
export interface Signature {
  readonly label: string;
  readonly parameters: ReadonlyArray<{ readonly start: number; readonly end: number }>;
  readonly doc: string;
}

export function signatureOf(prelude: Prelude, symbol: Symbol): Signature | null {
  const callable = callableOf(symbol);
  if (callable === null) return null;
  let label = `${callable.name}(`;
  const parameters = callable.parameters.map((p, i) => {
    if (i > 0) label += ', ';
    const start = label.length;
    label += p;
    return { start, end: label.length };
  });
  return { label: `${label})${callable.returns === '' ? '' : ` -> ${callable.returns}`}`, parameters, doc: docOf(prelude, symbol) };
}

interface Callable {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly returns: string;
}

function callableOf(s: Symbol): Callable | null {
  if (s.kind === 'function') return ofFunction(s.function);
  if (s.kind === 'primitive') return ofPrimitive(s.primitive);
  const type = s.kind === 'field' ? s.field.type : s.kind === 'variable' ? s.variable.type : s.kind === 'local' ? s.local.type : null;
  if (type?.kind !== 'fn') return null;
  const name = s.kind === 'field' ? s.field.name : s.kind === 'variable' ? s.variable.name : s.kind === 'local' ? s.local.name : '';
  return { name, parameters: type.parameters.map(show), returns: type.returns.kind === 'void' ? '' : show(type.returns) };
}

function ofFunction(f: FunctionInfo): Callable {
  return {
    name: f.name,
    parameters: f.parameters.map((p) => `${p.name}: ${show(p.type)}`),
    returns: f.returns.kind === 'void' ? '' : show(f.returns),
  };
}

function ofPrimitive(p: PrimitiveFunction): Callable {
  const parameters = p.parameters.map((x) => `${x.name}${x.optional === true ? '?' : ''}: ${x.type}`);
  return { name: p.name, parameters, returns: p.returns === 'void' ? '' : p.returns };
}

/** One line, as it could stand in a file. */
export function declarationOf(s: Symbol): string {
  switch (s.kind) {
    case 'struct':
      return `${s.struct.primitive ? 'type' : 'struct'} ${s.struct.name}${s.struct.capacity === null ? '' : `[${s.struct.capacity}]`}`;
    case 'field':
      return `${s.field.struct.name}.${s.field.name}: ${show(s.field.type)}`;
    case 'enum':
      return `enum ${s.enum.name} { ${s.enum.members.join(', ')} }`;
    case 'enumMember':
      return `${s.enum.name}.${s.enum.members[s.index]}`;
    case 'module':
      return `module ${s.module.name}${s.module.unloaded ? ' unloaded' : ''}`;
    case 'function':
    case 'primitive': {
      const { name, parameters, returns } = s.kind === 'function' ? ofFunction(s.function) : ofPrimitive(s.primitive);
      return `fn ${name}(${parameters.join(', ')})${returns === '' ? '' : ` -> ${returns}`}`;
    }
    case 'variable':
      return `${s.variable.module === null ? '' : `${s.variable.module.name}.`}${s.variable.name}: ${show(s.variable.type)}`;
    case 'local':
      return `${s.local.name}: ${show(s.local.type)}`;
    case 'ops':
      return `${s.ops.node.keyword} ${s.ops.name}: ${s.ops.struct.name}`;
    case 'device': {
      const binds = s.device.binds.map((o) => (o.module === null ? o.name : `${o.module.name}.${o.name}`));
      return `device ${s.device.name}: ${s.device.struct.name}${binds.length === 0 ? '' : ` binds ${binds.join(', ')}`}`;
    }
    case 'process':
      return `process ${s.process.name}${s.process.count > 1 ? ` x${s.process.count}` : ''}`;
    case 'thread':
      return `thread ${s.name}`;
    case 'param':
      return `param ${s.param.name} in ${domainOf(s.param)}`;
    case 'paramValue':
      return `${s.param.name} == ${valueText(s.param, s.index)}`;
    case 'constant':
      return `const ${s.name} = ${s.value}`;
    case 'setting':
      return `${s.setting.name} = ${standardOf(s.setting)}`;
    case 'label':
      return `undo ${s.name}:`;
  }
}

/** What holds where a scenario does not say it. */
function standardOf(s: SettingKind): string {
  const name = Object.entries(s.names ?? {}).find(([, value]) => value === s.standard);
  return name === undefined ? String(BigInt(s.standard)) : name[0];
}

function domainOf(param: ParamInfo): string {
  if (param.node.domain.kind === 'bool') return 'bool';
  if (param.node.domain.kind === 'names') return `{${param.values.map((_, i) => valueText(param, i)).join(', ')}}`;
  return `${valueText(param, 0)}..${valueText(param, param.values.length - 1)}`;
}

function valueText(param: ParamInfo, index: number): string {
  const value = param.values[index];
  return value === undefined ? '?' : value.kind === 'name' ? value.name : String(value.value);
}

/** Markdown; empty where nobody has said anything. */
export function docOf(prelude: Prelude, s: Symbol): string {
  switch (s.kind) {
    case 'struct':
      return s.struct.node !== null
        ? (s.struct.node.doc ?? '')
        : docOfPrimitive(prelude.types.find((t) => t.name === s.struct.name)?.doc ?? NO_DOC);
    case 'field':
      return s.field.node.doc ?? '';
    case 'enum':
      return s.enum.node.doc ?? '';
    case 'module':
      return s.module.node.doc ?? '';
    case 'function':
      return s.function.node.kind === 'fn' || s.function.node.kind === 'method' ? (s.function.node.doc ?? '') : '';
    case 'primitive':
      return docOfPrimitive(s.primitive.doc);
    case 'variable':
      return s.variable.node.doc ?? '';
    case 'ops':
      return s.ops.node.doc ?? '';
    case 'device':
      return s.device.node.doc ?? '';
    case 'process':
      return s.process.node.doc ?? '';
    case 'param':
      return s.param.node.doc ?? '';
    case 'constant':
      return s.node?.doc ?? s.doc;
    case 'setting':
      return s.setting.doc;
    case 'enumMember':
    case 'local':
    case 'thread':
    case 'paramValue':
    case 'label':
      return '';
  }
}

const NO_DOC: PrimitiveDoc = { summary: '', source: '' };

export function docOfPrimitive(doc: PrimitiveDoc): string {
  return [
    doc.summary,
    ...(doc.guarantees === undefined ? [] : [`**Guarantees:** ${doc.guarantees}`]),
    ...(doc.blocksOn === undefined ? [] : [`**Blocks on:** ${doc.blocksOn}`]),
    ...(doc.contexts === undefined ? [] : [`**Contexts:** ${doc.contexts}`]),
    ...(doc.source === '' ? [] : [`**Models:** \`${doc.source}\``]),
  ].join('\n\n');
}
