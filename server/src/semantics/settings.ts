// Blocks of settings: which device they are of, and a number for each setting, given or standard.
import { codes } from '../base/codes.ts';
import type { Span } from '../base/span.ts';
import { nearest } from '../base/nearest.ts';
import type * as tree from '../syntax/tree.ts';
import type { Analysis } from './analysis.ts';
import { constantIn, currentValue, paramNamed } from './constants.ts';
import { didYouMean, isKind, replacement, resolveValue } from './names.ts';
import type { SettingKind } from './prelude.ts';
import type { DeviceInfo, SettingsInfo } from './program.ts';
import { report } from './report.ts';
import type { Where } from './scope.ts';

export function resolveSettings(a: Analysis): void {
  const known = new Map<string, tree.Settings>();
  for (const { node, where } of a.settingsNodes) {
    const kinds = a.prelude.settings.find((s) => s.keyword === node.keyword)?.settings ?? [];
    const device = node.of === null ? null : deviceNamed(a, where, node.of);
    const given = valuesOf(a, where, node, kinds);
    if (node.of !== null && device === null) continue;
    const key = `${node.keyword} ${device?.name ?? ''}`;
    const first = known.get(key);
    if (first !== undefined) {
      const message = device === null ? `there are two \`${node.keyword}\`` : `\`${device.name}\` has two \`${node.keyword}\``;
      report(a.reporter, where.unit, codes.duplicateName, headOf(node), message, {
        related: [{ place: { file: where.unit.path, span: headOf(first) }, message: 'the first one' }],
      });
      continue;
    }
    known.set(key, node);
    a.settings.push({ keyword: node.keyword, device, ...given, node, unit: where.unit });
  }
}

function deviceNamed(a: Analysis, where: Where, name: tree.Name): DeviceInfo | null {
  const entry = resolveValue(a, where, name, isKind('device'));
  return entry?.symbol.kind === 'device' ? entry.symbol.device : null;
}

function headOf(node: tree.Settings): Span {
  return { start: node.start, end: node.of?.end ?? node.start + node.keyword.length };
}

function valuesOf(a: Analysis, where: Where, node: tree.Settings, kinds: readonly SettingKind[]): Pick<SettingsInfo, 'values' | 'upTo' | 'each'> {
  const values = new Map(kinds.map((k) => [k.name, k.standard]));
  const upTo = new Map<string, number>();
  const each = new Set<string>();
  const given = new Map<string, tree.Name>();
  for (const entry of node.entries) {
    const { name, value } = entry;
    const kind = kinds.find((k) => k.name === name.text);
    if (kind === undefined) {
      if (name.text === '') continue;
      const names = kinds.map((k) => k.name);
      // A .config has the prefix.
      const bare = name.text.replace(/^CONFIG_/, '');
      const close = names.includes(bare) ? bare : nearest(name.text, names);
      report(a.reporter, where.unit, codes.unknownField, name, `\`${node.keyword}\` has no \`${name.text}\`${didYouMean(close)}`, {
        fixes: replacement(name, close),
      });
      continue;
    }
    a.symbols.set(name, { kind: 'setting', setting: kind });
    const first = given.get(name.text);
    if (first !== undefined) {
      report(a.reporter, where.unit, codes.duplicateName, name, `\`${name.text}\` is given twice`, {
        related: [{ place: { file: where.unit.path, span: { start: first.start, end: first.end } }, message: 'the first one' }],
      });
    }
    given.set(name.text, name);
    const number = namedValue(a, where, kind, value) ?? (kind.numbers ? numberOf(a, where, kind, value) : noSuchName(a, where, kind, value));
    if (number !== null) values.set(kind.name, number);
    const end = endOf(a, where, kind, entry, number);
    if (end !== null) upTo.set(kind.name, end);
    if (isForEach(a, where, kind, entry, number)) each.add(kind.name);
  }
  const wrong = a.prelude.settings.find((s) => s.keyword === node.keyword)?.wrong(values) ?? null;
  if (wrong !== null) report(a.reporter, where.unit, codes.badRange, given.get(wrong.setting) ?? headOf(node), wrong.message);
  return { values, upTo, each };
}

/** Of an interval: its end; null: there is none. */
function endOf(a: Analysis, where: Where, kind: SettingKind, { value, upTo }: tree.Setting, from: number | null): number | null {
  if (upTo === null) return null;
  if (kind.interval !== true) {
    report(a.reporter, where.unit, codes.badRange, { start: value.start, end: upTo.end }, `\`${kind.name}\` is one value, not an interval`);
    return null;
  }
  const end = numberOf(a, where, kind, upTo);
  if (end === null || from === null || end >= from) return end;
  report(a.reporter, where.unit, codes.badRange, { start: value.start, end: upTo.end }, `\`${kind.name}\` ends (${end}) before it begins (${from})`);
  return null;
}

function isForEach(a: Analysis, where: Where, kind: SettingKind, { value, each }: tree.Setting, number: number | null): boolean {
  if (each === null) return false;
  if (kind.each !== true) {
    report(a.reporter, where.unit, codes.badRange, each, `\`each\` is for how long somebody may be scheduled out, not for \`${kind.name}\``);
    return false;
  }
  const name = Object.entries(kind.names ?? {}).find(([, n]) => n === number)?.[0];
  if (name === undefined) return number !== null;
  // `none` and 0 are the same each time and altogether.
  if (number !== 0) report(a.reporter, where.unit, codes.badRange, { start: value.start, end: each.end }, `\`${kind.name} = ${name}\` has no bound: \`each\` is for a time`);
  return false;
}

function numberOf(a: Analysis, where: Where, kind: SettingKind, value: tree.Expression): number | null {
  const number = constantIn(a, where, value, `\`${kind.name}\``);
  if (number === null) return null;
  if (number >= BigInt(kind.min) && number <= BigInt(kind.max)) return Number(number);
  report(a.reporter, where.unit, codes.badRange, value, `\`${kind.name}\` is between ${BigInt(kind.min)} and ${BigInt(kind.max)}, not ${number}`);
  return null;
}

/** The number that one of its names stands for, or a param whose value is one of them; null where it is something else. */
function namedValue(a: Analysis, where: Where, kind: SettingKind, value: tree.Expression): number | null {
  if (kind.names === null || value.kind !== 'name') return null;
  const param = paramNamed(a, where, value.text);
  const chosen = param?.values[Number(currentValue(a, param) ?? 0n)];
  const text = param === null ? value.text : chosen?.kind === 'name' ? chosen.name : '';
  if (!Object.hasOwn(kind.names, text)) return null;
  if (param !== null) a.symbols.set(value, { kind: 'param', param });
  return kind.names[text];
}

function noSuchName(a: Analysis, where: Where, kind: SettingKind, value: tree.Expression): null {
  if (value.kind === 'hole') return null;
  const names = Object.keys(kind.names ?? {});
  const text = value.kind === 'name' ? value.text : null;
  const param = text === null ? null : paramNamed(a, where, text);
  const close = text === null ? null : nearest(text, names);
  const found = param !== null ? `what \`${param.name}\` can be` : text === null ? 'this' : `\`${text}\``;
  const message = `${found} is no value of \`${kind.name}\`, which is one of ${names.map((n) => `\`${n}\``).join(', ')}${didYouMean(close)}`;
  report(a.reporter, where.unit, codes.unknownParamValue, value, message, value.kind === 'name' && param === null ? { fixes: replacement(value, close) } : {});
  return null;
}
