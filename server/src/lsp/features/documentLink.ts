// textDocument/documentLink: message-ids of citations lead to the archive.
import type { DocumentLink } from 'vscode-languageserver';
import { walk } from '../../syntax/visit.ts';
import { spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';
import { loreLink } from './hover.ts';

export function documentLink(document: Document): DocumentLink[] {
  const links: DocumentLink[] = [];
  walk(document.first.file, (node) => {
    if (node.kind !== 'cite') return true;
    if (node.id !== '') links.push({ range: spanRange(document.map, node.idSpan), target: loreLink(node.id) });
    return false;
  });
  return links;
}
