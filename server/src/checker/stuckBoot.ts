// The finding for a scenario that never starts: a module's init or a device's probe that does not return.
import type { System } from '../system/system.ts';
import type { Boot } from './boot.ts';
import { internal } from './internal.ts';
import { checkedFile, positionOf } from './position.ts';
import { locationOf } from './reference.ts';
import type { Finding } from './verdict.ts';

export function stuckBoot(system: System, { kind, state, path }: NonNullable<Boot['stuck']>): Finding {
  const boot = system.boot ?? internal('boot is stuck without a boot agent');
  const { stack, call, wait } = locationOf(system, state, boot);
  const { name, locations } = system.agents[boot];
  const at = positionOf(checkedFile(system), stack, call === null ? locations[0].stack[0].at : system.calls[call].at);
  const where = stack.length > 0 ? ` in ${stack[stack.length - 1].function}` : '';
  const message =
    kind === 'deadlock'
      ? `the scenario never starts: ${name} waits${where} for ${wait?.what ?? 'a step that never becomes possible'}`
      : `the scenario never starts: ${name} goes round${where} for ever`;
  const object = call === null ? null : system.calls[call].object;
  return { kind, at, stack, agent: name, object, instance: null, by: [], waitsFor: null, message, path };
}
