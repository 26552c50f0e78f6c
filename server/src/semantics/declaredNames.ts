// The names that a file declares for others, without analysing it: for suggesting a library that is not used yet.
import type * as tree from '../syntax/tree.ts';

export function declaredNames(file: tree.File): ReadonlySet<string> {
  const names = new Set<string>();
  collect(file.declarations, names);
  names.delete('');
  return names;
}

function collect(declarations: readonly tree.Declaration[], names: Set<string>): void {
  for (const d of declarations) {
    switch (d.kind) {
      case 'const':
      case 'struct':
      case 'ops':
      case 'fn':
      case 'variable':
        names.add(d.name.text);
        break;
      case 'enum':
        names.add(d.name.text);
        for (const member of d.members) names.add(member.text);
        break;
      case 'module':
        names.add(d.name.text);
        collect(d.declarations, names);
        break;
      case 'ifDeclaration':
        collect(d.then, names);
        collect(d.else, names);
        break;
      default:
    }
  }
}
