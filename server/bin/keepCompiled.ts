// node keepCompiled.js BUNDLE ARGUMENT ...: runs a bundle with these arguments, and keeps what has been compiled of it by the end. Part of the build.
import path from 'node:path';
import process from 'node:process';
import { openBundle } from './compiled.ts';
import { optimiseLess } from './optimiseLess.ts';

optimiseLess();
const bundle = openBundle(path.resolve(process.argv[2] ?? ''));
process.argv.splice(1, 1);
process.on('exit', () => bundle.keep());
bundle.run();
