// Text of the `lifeline:` documents, which are on no disk: shipped libraries, and the pages of verdicts.
import { libraryText } from '../analysis.ts';
import { shippedLibrary } from '../export/places.ts';
import { verdictPage } from '../export/verdictPages.ts';

export function virtualText(uri: string): string | null {
  if (shippedLibrary(uri) !== null) return libraryText(uri);
  const kind = /^lifeline:\/verdict\/([a-z-]+)\.md$/.exec(uri)?.[1];
  return kind === undefined ? null : verdictPage(kind);
}

export function verdictUri(kind: string): string {
  return `lifeline:/verdict/${kind}.md`;
}

/** The first paragraph of a verdict's page; null: no such verdict. */
export function verdictSummary(kind: string): string | null {
  const page = verdictPage(kind);
  if (page === null) return null;
  const paragraphs = page.split(/\n\s*\n/).map((p) => p.trim());
  return paragraphs.find((p) => p !== '' && !p.startsWith('#')) ?? null;
}
