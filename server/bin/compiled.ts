// A bundle together with what the host has compiled of it: a process that has just begun would compile all that it runs.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

export interface Bundle {
  /** Runs it as `require` would. */
  readonly run: () => void;
  /** Keeps what is compiled by now, for later processes. */
  readonly keep: () => void;
}

type Module = (exports: object, require: NodeJS.Require, module: { exports: object }, file: string, folder: string) => void;

const before = '(function (exports, require, module, __filename, __dirname) {';
const after = '\n})';

/** `file` is an absolute path of ASCII text. Without compiled code that fits it, and this host and its flags, it is compiled as ever. */
export function openBundle(file: string): Bundle {
  const source = readFileSync(file);
  const cachedData = keptFor(source, keptFile(file));
  const script = new Script(before + source.toString('latin1') + after, {
    filename: file,
    columnOffset: -before.length,
    ...(cachedData !== null && { cachedData }),
  });
  return {
    run() {
      const module = { exports: {} };
      (script.runInThisContext() as Module)(module.exports, createRequire(file), module, file, path.dirname(file));
    },
    keep() {
      const written = `${keptFile(file)}.${process.pid}`;
      // The host would believe code that was written in part: it appears when it is on the disk.
      writeFileSync(written, Buffer.concat([host(), source, script.createCachedData()]), { flush: true });
      renameSync(written, keptFile(file));
    },
  };
}

function keptFile(bundle: string): string {
  return bundle.replace(/\.js$/, '.compiled');
}

/** The host asks for no more than a bundle of the same length; so the file begins with the bundle of which the code was made. */
function keptFor(source: Buffer, file: string): Buffer | null {
  const made = Buffer.concat([host(), source]);
  try {
    const kept = readFileSync(file);
    return made.equals(kept.subarray(0, made.length)) ? kept.subarray(made.length) : null;
  } catch {
    return null;
  }
}

function host(): Buffer {
  return Buffer.from(`${process.version} ${process.arch} ${cachedDataVersionTag()}\n`);
}
