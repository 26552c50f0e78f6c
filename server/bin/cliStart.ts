// The `lifeline` command begins here. The command itself is cli.ts, of which the build has kept what the host compiles of it.
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { openBundle } from './compiled.ts';
import { optimiseLess } from './optimiseLess.ts';

const bundle = path.join(__dirname, 'cliMain.js');

// Before anything is compiled: what was compiled under other flags is not taken.
optimiseLess();
// Node finds the source maps of modules only.
if (process.sourceMapsEnabled) createRequire(bundle)(bundle);
else openBundle(bundle).run();
