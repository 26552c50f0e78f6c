// The libraries that ship with Lifeline, embedded as text, and how `use` finds one.
import cdev from '../../library/cdev.lifeline';
import devres from '../../library/devres.lifeline';
import driverCore from '../../library/driver_core.lifeline';
import fenced from '../../library/fenced.lifeline';
import kernel from '../../library/kernel.lifeline';
import misc from '../../library/misc.lifeline';
import netdev from '../../library/netdev.lifeline';
import novaTimer from '../../library/nova_timer.lifeline';
import pci from '../../library/pci.lifeline';
import registration from '../../library/registration.lifeline';
import revocable from '../../library/revocable.lifeline';
import uverbs from '../../library/uverbs.lifeline';
import vfs from '../../library/vfs.lifeline';
import watchdog from '../../library/watchdog.lifeline';
import type { Libraries, Source } from '../semantics/units.ts';
import { parse } from '../syntax/parser.ts';

const texts: Readonly<Record<string, string>> = { cdev, devres, driver_core: driverCore, fenced, kernel, misc, netdev, nova_timer: novaTimer, pci, registration, revocable, uverbs, vfs, watchdog };

const PREFIX = 'lifeline:/library/';
const SUFFIX = '.lifeline';

export function libraryNames(): readonly string[] {
  return Object.keys(texts);
}

/** By name (`misc`) or by path (`lifeline:/library/misc.lifeline`); null where none is shipped. */
export function libraryText(name: string): string | null {
  const bare = name.startsWith(PREFIX) && name.endsWith(SUFFIX) ? name.slice(PREFIX.length, -SUFFIX.length) : name;
  return Object.hasOwn(texts, bare) ? texts[bare] : null;
}

export function libraryPath(name: string): string {
  return PREFIX + name + SUFFIX;
}

const parsed = new Map<string, Source>();

/** Shipped libraries by name, files beside the one that uses them by `./path`. */
export function librariesIn(read: (path: string) => string | null): Libraries {
  const own = new Map<string, Source | null>();
  return (name, from) => {
    if (!name.startsWith('.')) {
      const known = parsed.get(name);
      if (known !== undefined) return known;
      const text = libraryText(name);
      if (text === null) return null;
      const source = sourceOf(libraryPath(name), text);
      parsed.set(name, source);
      return source;
    }
    const path = beside(from, name);
    const known = own.get(path);
    if (known !== undefined) return known;
    const text = read(path);
    const source = text === null ? null : sourceOf(path, text);
    own.set(path, source);
    return source;
  };
}

function sourceOf(path: string, text: string): Source {
  const { file, errors } = parse(text);
  return { path, text, file, errors };
}

/** `./x.lifeline` seen from a file, as path or URI. */
function beside(from: string, name: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of name.split('/')) {
    if (part === '.') continue;
    if (part === '..' && parts.length > 0) parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
