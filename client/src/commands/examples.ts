// The scenarios that “Open Example” offers. Embedded: in a browser the extension has no folder to look into.
import nakedMisc from '../../../scenarios/seed/naked_misc.lifeline';
import cancelUnderLock from '../../../scenarios/seed/oh_cancel_under_lock.lifeline';
import closedFd from '../../../scenarios/seed/oh_closed_fd.lifeline';
import modulePut from '../../../scenarios/seed/oh_module_put.lifeline';
import synchronizeRcu from '../../../scenarios/seed/oh_synchronize_rcu.lifeline';
import waitForFds from '../../../scenarios/seed/s4_wait_for_fds.lifeline';
import fenced from '../../../scenarios/seed/s7_fenced.lifeline';

export interface Example {
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

/** In the order in which they teach. */
export const examples: readonly Example[] = [nakedMisc, closedFd, modulePut, synchronizeRcu, cancelUnderLock, fenced, waitForFds].map(
  (text) => {
    const [, name = '', title = ''] = /^\s*scenario\s+(\w+)(?:\s+"([^"]*)")?/m.exec(text) ?? [];
    return { name, title, text };
  },
);
