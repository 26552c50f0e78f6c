// The files that are open in the editor: their text as it is there, their versions, and what analysis says of them, memoised.
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Analysis, analyse, type Files } from '../analysis.ts';
import { LineMap } from '../base/span.ts';

export interface Document {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly map: LineMap;
  readonly analysis: Analysis;
  /** The files that `use` brought in, by path: with the text, all that the analysis depends on. */
  readonly reads: () => Readonly<Record<string, string>>;
}

export class Documents implements Files {
  private readonly open = new Map<string, TextDocument>();
  private readonly memo = new Map<string, Document>();
  private readonly disk: Files;

  constructor(disk: Files) {
    this.disk = disk;
  }

  opened(uri: string, languageId: string, version: number, text: string): void {
    this.open.set(uri, TextDocument.create(uri, languageId, version, text));
    this.forget();
  }

  changed(uri: string, version: number, changes: TextDocumentContentChangeEvent[]): void {
    const document = this.open.get(uri);
    if (document === undefined) return;
    TextDocument.update(document, changes, version);
    this.forget();
  }

  closed(uri: string): void {
    this.open.delete(uri);
    this.forget();
  }

  /** Drops what was concluded from files: any of them may be used by another. */
  forget(): void {
    this.memo.clear();
  }

  uris(): readonly string[] {
    return [...this.open.keys()];
  }

  isOpen(uri: string): boolean {
    return this.open.has(uri);
  }

  /** Null: not open. */
  get(uri: string): Document | null {
    const known = this.memo.get(uri);
    if (known !== undefined) return known;
    const document = this.open.get(uri);
    if (document === undefined) return null;
    const text = document.getText();
    let analysis: Analysis | null = null;
    const reads: Record<string, string> = {};
    const files: Files = {
      read: (path) => {
        const read = this.read(path);
        if (read !== null) reads[path] = read;
        return read;
      },
    };
    const made: Document = {
      uri,
      version: document.version,
      text,
      map: new LineMap(text),
      // Most notifications ask for no more than text and version.
      get analysis() {
        analysis ??= analyse(uri, text, files);
        return analysis;
      },
      reads() {
        void made.analysis;
        return reads;
      },
    };
    this.memo.set(uri, made);
    return made;
  }

  /** As analysis wants it: what is open goes before what is on disk. Shipped libraries are not asked for here. */
  read(path: string): string | null {
    return this.open.get(path)?.getText() ?? this.disk.read(path);
  }
}
