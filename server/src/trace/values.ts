// Prints the integers of a state in the words of the scenario: places by name, agents, enums, lives. What to print is build.ts's choice.
import type { FieldType, FunctionNames, RootObject, System } from '../system/system.ts';

/** Names the values of fields and lives of one system. */
export interface Printer {
  field(type: FieldType, value: number): string;
  life(root: RootObject, value: number): string;
}

/** The field under which an object's life is printed. An effect on it names the object alone. */
export const LIFE = 'life';

/**
 * The slot that tells whether an object is there: its life; the text of a module; whether a device is gone. Null: it always is.
 * `field` is the index of the field that says so, -1 where no field does.
 */
export function lifeOf(root: RootObject): { readonly slot: number; readonly field: number } | null {
  if (root.life !== null) return { slot: root.life, field: -1 };
  const name = root.view === 'module' ? 'text' : root.view === 'device' ? 'gone' : null;
  const field = root.fields.findIndex((f) => f.name === name);
  return field < 0 ? null : { slot: root.fields[field].slot, field };
}

export function printerOf(system: System, functions: FunctionNames): Printer {
  const agent = (index: number) => system.agents[index]?.name ?? `agent ${index}`;
  const field = (type: FieldType, value: number): string => {
    switch (type.kind) {
      case 'int':
        return value === -1 ? '-1 (all ones)' : String(value);
      case 'bool':
        return value === 0 ? 'false' : 'true';
      case 'place':
        return value === 0 ? 'null' : (system.heap.places[value]?.name ?? `place ${value}`);
      case 'agent':
        return value === 0 ? 'nobody' : agent(value - 1);
      case 'agentMask':
        return maskNames(value, agent);
      case 'function':
        return value === 0 ? 'null' : (functions[value - 1] ?? `function ${value}`);
      case 'enum':
        return type.names[value] ?? String(value);
    }
  };
  return {
    field,
    life(root, value) {
      if (root.view === 'device') return value === 0 ? 'present' : 'unplugged';
      const own = lifeOf(root);
      if (own !== null && own.field >= 0) return moduleText(field(root.fields[own.field].type, value));
      if (value === 0) return 'not allocated';
      return value === 1 ? 'alive' : `${root.view === 'mapping' ? 'unmapped' : 'freed'} by ${agent(value - 2)}`;
    },
  };
}

/** The printed fields of an object in a state; its life, where it has one, is the field `life`. */
export function printObject(root: RootObject, state: readonly number[], printer: Printer): Record<string, string> {
  const printed: Record<string, string> = {};
  const life = lifeOf(root);
  if (life !== null) printed[LIFE] = printer.life(root, state[life.slot]);
  root.fields.forEach((f, i) => {
    if (i !== life?.field) printed[f.name] = printer.field(f.type, state[f.slot]);
  });
  return printed;
}

function moduleText(state: string): string {
  const gone = /^gone \((.+)\)$/.exec(state);
  if (gone !== null) return `unloaded by ${gone[1]}`;
  return state === 'absent' ? 'not loaded' : state;
}

function maskNames(mask: number, agent: (index: number) => string): string {
  if (mask === 0) return 'nobody';
  const names: string[] = [];
  // Division instead of shifts: masks may be wider than 32 bits.
  for (let i = 0, rest = mask; rest > 0; i++, rest = Math.floor(rest / 2)) if (rest % 2 === 1) names.push(agent(i));
  return names.join(', ');
}
