// Checks the statements of functions and programs: scopes, targets, and which statement may stand where. Types of expressions are expressions.ts.
import { codes } from '../base/codes.ts';
import { evaluate } from './constant.ts';
import { valueOfSymbol } from './constants.ts';
import type * as tree from '../syntax/tree.ts';
import { note } from './analysis.ts';
import { complain, declareLocal, inner, type Body } from './body.ts';
import { convert, symbolOf } from './convert.ts';
import { checkLabel, conditionOf, typeOf, valueTypeOf } from './expressions.ts';
import { resolveType } from './resolveType.ts';
import type { Type } from './program.ts';
import { declareThread } from './threads.ts';
import { ERROR, isNumber, join, refTo, same, show, U64, valueOf } from './types.ts';
import { checkWith } from './withGuard.ts';

export function checkBlock(b: Body, block: tree.Block): void {
  checkStatements(inner(b), block);
}

/** The statements of a block and its `undo` sections, in a scope that the caller has made. */
export function checkStatements(b: Body, block: tree.Block): void {
  for (const s of block.statements) checkStatement(b, s);
  for (const section of block.undo) for (const s of section.statements) checkStatement(b, s);
}

/** What an `if` over params and consts selects in this combination; null for every other condition. Its names are resolved: a local may hide a const. */
function selection(b: Body, condition: tree.Expression): boolean | null {
  const value = evaluate(condition, {
    value: (name) => {
      const symbol = b.a.symbols.get(name);
      return symbol === undefined ? null : valueOfSymbol(b.a, symbol);
    },
    refuse: () => {},
    impossible: () => {},
  });
  return value === null ? null : value !== 0n;
}

/** What this combination does not select may name what only another one declares: it is resolved, and not complained about. */
function muted(b: Body, mute: boolean, work: () => void): void {
  const { reporter } = b.a;
  const before = reporter.quiet;
  reporter.quiet = before || mute;
  work();
  reporter.quiet = before;
}

function checkStatement(b: Body, s: tree.Statement): void {
  if (!allowed(b, s)) return;
  switch (s.kind) {
    case 'let':
      return checkLet(b, s);
    case 'assign':
      return checkAssign(b, s);
    case 'expression': {
      const type = typeOf(b, s.value);
      if (b.context === 'hardware' && type.kind !== 'error') requireDevice(b, s.value);
      return;
    }
    case 'if': {
      conditionOf(b, s.condition);
      const chosen = selection(b, s.condition);
      const otherwise = s.else;
      muted(b, chosen === false, () => checkBlock(b, s.then));
      muted(b, chosen === true, () => {
        if (otherwise?.kind === 'block') checkBlock(b, otherwise);
        else if (otherwise !== null) checkStatement(inner(b), otherwise);
      });
      return;
    }
    case 'while':
      conditionOf(b, s.condition);
      return checkBlock({ ...b, inLoop: true }, s.body);
    case 'loop':
      return checkBlock({ ...b, inLoop: true }, s.body);
    case 'for':
      return checkFor(b, s);
    case 'break':
    case 'continue':
      if (!b.inLoop) complain(b, codes.outsideLoop, s, `\`${s.kind}\` outside of a loop`);
      return;
    case 'return':
      return checkReturn(b, s);
    case 'with':
      return checkWith(b, s, checkBlock);
    case 'wait':
      if (b.inAtomic) complain(b, codes.waitInAtomic, s, 'nothing can wait inside `atomic { }`: `wait until` is a step of its own');
      conditionOf({ ...b, asking: true }, s.condition);
      if (s.timeout !== null) convert(b, s.timeout, typeOf(b, s.timeout), U64, 'a timeout');
      if (s.question && b.work !== null) b.work.fallible = true;
      return checkLabel(b, s.goto);
    case 'atomic':
      return checkBlock({ ...b, inAtomic: true }, s.body);
    case 'either':
      for (const arm of s.arms) checkBlock(b, arm);
      return;
    case 'assert':
      return conditionOf({ ...b, asking: true }, s.condition);
    case 'free':
      return checkFree(b, s);
    case 'thread':
      declareThread(b, s.name);
      return checkBlock({ ...b, inLoop: false }, s.body);
    case 'fork':
      return checkBlock({ ...b, inLoop: false }, s.body);
    case 'label':
    case 'hole':
      return;
  }
}

/** Programs of user space make system calls and decide between them; what only the kernel does is refused once, whole. */
function allowed(b: Body, s: tree.Statement): boolean {
  const refuse = (message: string): false => {
    complain(
      b,
      codes.wrongContext,
      { start: s.start, end: s.start + (/^\w+/.exec(b.unit.text.slice(s.start, s.end))?.[0].length ?? 0) },
      message,
    );
    return false;
  };
  switch (b.context) {
    case 'kernel':
      return s.kind === 'thread' || s.kind === 'fork' ? refuse(`\`${s.kind}\` belongs in a process`) : true;
    case 'process':
      switch (s.kind) {
        case 'free':
        case 'with':
        case 'atomic':
        case 'for':
          return refuse(`\`${s.kind}\` is for kernel code: a process makes system calls`);
        case 'return':
          return refuse('a process ends at the end of its block: `return` is for functions');
        default:
          return true;
      }
    case 'hardware': {
      if (s.kind === 'hole' || (s.kind === 'expression' && (s.value.kind === 'call' || s.value.kind === 'hole'))) return true;
      complain(
        b,
        codes.wrongContext,
        s,
        'only events stand in `hardware { }`, each of which may come at any moment: `unplug(dev)`, `interrupt(dev)`',
      );
      return false;
    }
    case 'constant':
      return true;
  }
}

/** Hardware events happen to one device, which the file declares. */
function requireDevice(b: Body, e: tree.Expression): void {
  const device = e.kind === 'call' ? e.arguments[0] : undefined;
  if (device === undefined || symbolOf(b, device)?.kind === 'device') return;
  const kind = b.a.types.get(device)?.kind;
  // Anything else has been reported already.
  if (kind !== 'ref' && kind !== 'null') return;
  complain(b, codes.wrongContext, device, 'an event happens to a device: write the name of one that this file declares');
}

function checkLet(b: Body, s: Extract<tree.Statement, { kind: 'let' }>): void {
  const value = valueTypeOf(b, s.value);
  if (s.type === null) {
    const local = declareLocal(b, s.name, value.kind === 'list' ? listIsNoValue(b, s.value, value) : value);
    if (value.kind === 'null') note(b.a, local, value);
    return;
  }
  const named = resolveType(b.a, b, s.type);
  const declared = named.kind === 'struct' ? refTo(named.struct) : named;
  convert(b, s.value, value, declared, `\`${s.name.text}\``);
  declareLocal(b, s.name, declared);
}

function listIsNoValue(b: Body, e: tree.Expression, type: Type): Type {
  complain(b, codes.typeMismatch, e, `a \`${show(type)}\` cannot be copied: walk it with \`for\``);
  return ERROR;
}

function checkAssign(b: Body, s: Extract<tree.Statement, { kind: 'assign' }>): void {
  const target = targetOf(b, s.target);
  const value = valueTypeOf(b, s.value);
  if (target === null) return;
  if (s.operator !== '=') {
    const wrong = [
      { e: s.target, type: target.type },
      { e: s.value, type: value },
    ].find(({ type }) => type.kind !== 'error' && !isNumber(type));
    if (wrong !== undefined) complain(b, codes.typeMismatch, wrong.e, `\`${s.operator}\` wants a number, found \`${show(wrong.type)}\``);
    return;
  }
  if (target.holder !== null) note(b.a, target.holder, value);
  if (target.type.kind === 'list' || (target.type.kind === 'struct' && !target.type.struct.primitive)) {
    complain(
      b,
      codes.notAssignable,
      s.target,
      `${target.name} is ${target.type.kind === 'list' ? 'a list' : `an embedded \`${show(target.type)}\``}, which is not assigned as a whole`,
    );
    return;
  }
  // A field of a primitive type can be null, as the pointer that it is in C.
  if (target.type.kind === 'struct' && value.kind === 'null') return;
  convert(b, s.value, value, target.type, target.name);
}

interface Target {
  readonly type: Type;
  readonly name: string;
  /** The declaration, whose type may be inferred from what is assigned. */
  readonly holder: { type: Type } | null;
}

/** What is assigned to; null after a report. */
function targetOf(b: Body, e: tree.Expression): Target | null {
  const type = typeOf(b, e);
  if (e.kind === 'hole' || (type.kind === 'error' && symbolOf(b, e) === null)) return null;
  const symbol = symbolOf(b, e);
  switch (symbol?.kind) {
    case 'local':
      return { type, name: `\`${symbol.local.name}\``, holder: symbol.local };
    case 'variable':
      return { type, name: `\`${symbol.variable.name}\``, holder: symbol.variable };
    case 'field': {
      const object = e.kind === 'field' ? symbolOf(b, e.object) : null;
      if (object?.kind === 'ops') {
        complain(b, codes.notAssignable, e, `\`${object.ops.name}\` is constant: its entries are given where it is declared`);
        return null;
      }
      return { type, name: `\`${symbol.field.struct.name}.${symbol.field.name}\``, holder: null };
    }
    case undefined:
      complain(b, codes.notAssignable, e, 'only variables and fields can be assigned');
      return null;
    default:
      complain(b, codes.notAssignable, e, `\`${b.unit.text.slice(e.start, e.end)}\` cannot be assigned: only variables and fields can`);
      return null;
  }
}

function checkFor(b: Body, s: Extract<tree.Statement, { kind: 'for' }>): void {
  const list = typeOf(b, s.list);
  if (list.kind !== 'list' && list.kind !== 'error')
    complain(b, codes.typeMismatch, s.list, `\`for\` walks a list, and this is \`${show(list)}\``);
  const scope = inner({ ...b, inLoop: true });
  declareLocal(scope, s.name, list.kind === 'list' ? refTo(list.of) : ERROR);
  checkBlock(scope, s.body);
}

function checkReturn(b: Body, s: Extract<tree.Statement, { kind: 'return' }>): void {
  const { work } = b;
  const value = s.value === null ? null : valueTypeOf(b, s.value);
  if (s.value?.kind === 'name') checkErrno(b, s.value);
  if (work === null || s.value === null || value === null) return;
  const { info } = work;
  if (work.fixedReturn) {
    if (info.returns.kind !== 'void') convert(b, s.value, value, info.returns, `\`${info.name}\` returns`);
    else complain(b, codes.typeMismatch, s.value, `\`${info.name}\` returns nothing`);
    return;
  }
  work.returnsValue = true;
  const joined = join(work.returned, value);
  if (joined === null) {
    convert(b, s.value, value, work.returned, `\`${info.name}\` returns`);
  } else if (!same(joined, work.returned)) {
    work.returned = joined;
    b.a.changed = true;
  }
}

/** `return ENODEV`: what the kernel numbers is an error only with its sign. */
function checkErrno(b: Body, name: tree.Name): void {
  const symbol = b.a.symbols.get(name);
  if (b.context !== 'kernel' || symbol?.kind !== 'constant' || symbol.node !== null || !/^E[A-Z]/.test(symbol.name)) return;
  complain(b, codes.positiveErrno, name, `\`${name.text}\` is positive, which is no error: did you mean \`-${name.text}\`?`, {
    fixes: [{ title: `Change to \`-${name.text}\``, edits: [{ span: { start: name.start, end: name.start }, text: '-' }] }],
  });
}

function checkFree(b: Body, s: Extract<tree.Statement, { kind: 'free' }>): void {
  const type = typeOf(b, s.value);
  const value = valueOf(type);
  if (type.kind === 'struct')
    complain(b, codes.typeMismatch, s.value, `an embedded \`${show(type)}\` is not freed by itself: free what contains it`);
  else if (value.kind !== 'ref' && value.kind !== 'null' && value.kind !== 'error')
    complain(b, codes.typeMismatch, s.value, `\`free\` wants a reference, found \`${show(type)}\``);
}
