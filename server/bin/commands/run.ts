// The commands by name. `run` takes the arguments after `lifeline` and gives the exit status; it throws only when Lifeline is wrong.
import { nearest } from '../../src/base/nearest.ts';
import { check, wrong } from './check.ts';
import { explain } from './explain.ts';
import { exportModel } from './exportModel.ts';
import { format } from './format.ts';
import { type Exit, exit, type Io } from './io.ts';
import { simulate } from './simulate.ts';
import { timer } from './timer.ts';
import { trace } from './trace.ts';

type Command = (args: readonly string[], io: Io) => Exit | Promise<Exit>;

const commands: Readonly<Record<string, Command>> = { check, trace, format, explain, export: exportModel, timer, simulate };

// Named in the help of other tools and in scripts that run ahead of us: they get an honest answer.
const later: readonly string[] = ['mail', 'mcp'];

export const usage = `lifeline: model-checks the lifetimes in Linux kernel drivers

  lifeline check PATH...     checks scenario files, or every *.lifeline under a folder
      --format text|json|sarif|junit   --param NAME=VALUE   --max-states N   --max-time SECONDS
      --max-memory MIB   --workers N   --no-reduction   --quiet   --no-color
  lifeline trace FILE        prints one counterexample
      --param NAME=VALUE   --violation N   --as text|mail|mermaid|plantuml|svg|itf|json   --width 72
  lifeline simulate FILE     one random run, printed as a trace
      --param NAME=VALUE   --seed S   --steps N
  lifeline format PATH...    formats files; --check only names those that differ
  lifeline explain NAME      the page of a verdict or diagnostic; what hover shows of a primitive or of a
                             function of a library
  lifeline export FILE --to promela|ir [-o OUT]
                             the same transition system for another checker
  lifeline timer FILE [--format text|json]
                             runs the timer emulator on a .vectors.json file
  lifeline lsp --stdio       the language server, for any editor

Exit status: 0 green, 1 red, 2 errors in a file or in the call, 3 nothing red but incomplete, or Ctrl-C.
`;

export async function run(args: readonly string[], io: Io): Promise<Exit> {
  const [name, ...rest] = args;
  if (name === undefined) {
    io.err(usage);
    return exit.wrong;
  }
  if (name === 'help' || name === '--help' || name === '-h') {
    io.out(usage);
    return exit.fine;
  }
  if (name === '--version') {
    io.out(`${io.version}\n`);
    return exit.fine;
  }
  if (Object.hasOwn(commands, name)) {
    if (rest.includes('--help') || rest.includes('-h')) {
      io.out(usage);
      return exit.fine;
    }
    return commands[name](rest, io);
  }
  if (later.includes(name)) return wrong(`this version has no \`${name}\` command yet`, io);
  const near = nearest(name, Object.keys(commands));
  return wrong(`there is no command \`${name}\`${near === null ? '' : `, did you mean \`${near}\`?`} (lifeline help lists them)`, io);
}
