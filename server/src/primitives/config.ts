// How the kernel is built, where that changes what drivers have to stand: `config { DEBUG_SHIRQ = y }`, as in a .config. What a scenario does not say
// is off.
import type { SettingsKind } from '../semantics/prelude.ts';

export const configSettings: SettingsKind = {
  keyword: 'config',
  settings: [
    { name: 'DEBUG_SHIRQ', doc: '`free_irq` calls the handler once more, behind the last interrupt, if the line is shared (`IRQF_SHARED`): `y` or `n`.', names: { n: 0, y: 1 }, numbers: false, standard: 0, min: 0, max: 1 },
  ],
  wrong: () => null,
};
