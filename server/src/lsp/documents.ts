// The files that are open in the editor: their text as it is there, their versions, and what analysis says of them, memoised.
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Analysis, analyse, type FileError, type Files, prelude } from '../analysis.ts';
import { LineMap } from '../base/span.ts';
import { VERDICTS } from '../base/verdicts.ts';
import { librariesIn, libraryNames } from '../check/libraries.ts';
import { analyse as resolve } from '../semantics/analyse.ts';
import { combinations } from '../semantics/parameters.ts';
import type { Program } from '../semantics/program.ts';
import { parse } from '../syntax/parser.ts';
import type * as tree from '../syntax/tree.ts';

export interface Document {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly map: LineMap;
  /** The first combination of its params: what questions at a cursor are answered from, in the time of a keystroke. */
  readonly first: { readonly file: tree.File; readonly program: Program };
  /** Every combination, with all that is wrong in any: takes that many times as long. */
  readonly analysis: Analysis;
  /** All that is wrong in any combination. Null: nobody knows yet, and asking `analysis` takes its time. */
  readonly errors: readonly FileError[] | null;
  /** An exploration has resolved every combination: what it had to say. */
  readonly tell: (errors: readonly FileError[]) => void;
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
    this.forget(uri);
  }

  changed(uri: string, version: number, changes: TextDocumentContentChangeEvent[]): void {
    const document = this.open.get(uri);
    if (document === undefined) return;
    TextDocument.update(document, changes, version);
    this.forget(uri);
  }

  closed(uri: string): void {
    this.open.delete(uri);
    this.forget(uri);
  }

  /** Drops what was concluded from a file, itself or used by another. */
  private forget(uri: string): void {
    for (const other of [uri, ...this.dependents()]) this.memo.delete(other);
  }

  /** Files on disk have changed: any of them may be used. */
  forgetAll(): void {
    this.memo.clear();
  }

  /** Open files that use files beside them; shipped libraries never change. */
  dependents(): readonly string[] {
    return [...this.open].filter(([, document]) => /^\s*use\b.*"\.\.?\//m.test(document.getText())).map(([uri]) => uri);
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
    let first: Document['first'] | null = null;
    let analysis: Analysis | null = null;
    let told: readonly FileError[] | null = null;
    const reads: Record<string, string> = {};
    const read = (path: string) => {
      const found = this.read(path);
      if (found !== null) reads[path] = found;
      return found;
    };
    // Most notifications ask for no more than text and version.
    const made: Document = {
      uri,
      version: document.version,
      text,
      map: new LineMap(text),
      get first() {
        // Without params there is but one combination: nothing is resolved twice.
        first ??= /^\s*param\b/m.test(text) ? firstOf(uri, text, read) : { file: made.analysis.file, program: made.analysis.program };
        return first;
      },
      get analysis() {
        analysis ??= analyse(uri, text, { read });
        return analysis;
      },
      get errors() {
        return analysis?.errors ?? told;
      },
      tell(errors) {
        told = errors;
      },
      reads() {
        void made.first;
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

/** What `analyse` gives, for the first combination only. */
export function firstOf(uri: string, text: string, read: (path: string) => string | null): Document['first'] {
  const { file, errors } = parse(text);
  const [params] = combinations(file);
  const program = resolve(uri, file, text, librariesIn(read), prelude, params ?? {}, {
    errors,
    verdicts: Object.keys(VERDICTS),
    libraryNames,
  });
  return { file, program };
}
