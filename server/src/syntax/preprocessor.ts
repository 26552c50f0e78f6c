// Lines of C's preprocessor, which the lexer takes as a whole: there is none here.

/** A line of the preprocessor, which there is none of. */
export function preprocessor(line: string): string {
  const directive = /^#\s*(\w*)/.exec(line)?.[1] ?? '';
  switch (directive) {
    case 'include':
      return '`#include` is written `use` here, and names libraries: `use driver_core, pci`';
    case 'define':
      return '`#define` is written `const` here: `const LIMIT = 4`';
    case 'if': case 'ifdef': case 'ifndef': case 'else': case 'elif': case 'endif':
      return `there is no \`#${directive}\`: \`if fence == srcu { }\` around declarations selects, by params`;
    default:
      return 'there is no preprocessor';
  }
}
