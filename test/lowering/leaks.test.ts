// References whose owner has ended: a module reference for each open that nothing puts.
import { suite } from 'node:test';
import { finds } from './check.ts';

const driver = (release: string): string => `
use misc
module m {
  let dev: miscdevice
  ops fops: file_operations {
    owner = m
    open(file) {
      if !try_module_get(m) { return -ENODEV }
      return 0
    }
${release}
  }
  init { misc_register(dev, "d", fops) }
  exit { misc_deregister(dev) }
}
process app { let fd = open("/dev/d")?; close(fd) }`;

suite('references whose owner has ended', () => {
  finds('a module reference for each open, put never', driver(''), ['leak in fops.open']);
  finds('put in release', driver('    release(file) { module_put(m) }'), []);
  finds('a process that takes one and ends', 'module a { let n: int }\nfn f() { __module_get(a) }\nprocess p { f() }', ['leak in f']);
});
