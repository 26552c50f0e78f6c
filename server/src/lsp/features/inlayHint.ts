// textDocument/inlayHint: behind each `param`, how many combinations the file asks for.
import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver';
import type { Document } from '../documents.ts';

export function inlayHint(document: Document, range: Range): InlayHint[] {
  const { paramInfos } = document.first.program;
  const last = paramInfos.at(-1);
  if (last === undefined) return [];
  const position = document.map.position(last.node.end);
  if (position.line < range.start.line || position.line > range.end.line) return [];
  const combinations = paramInfos.reduce((n, p) => n * p.values.length, 1);
  return [
    {
      position,
      label: `${combinations} combinations`,
      kind: InlayHintKind.Type,
      paddingLeft: true,
      tooltip: 'Every combination of the parameters is explored.',
    },
  ];
}
