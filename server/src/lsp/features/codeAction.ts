// textDocument/codeAction: the mends that messages propose, and what can be done about a finding.
import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from 'vscode-languageserver';
import type { Diagnostic as Finding } from '../../base/diagnostic.ts';
import type { Shown } from '../checking.ts';
import { spanRange, textEdit } from '../convert.ts';
import type { DiagnosticData } from '../diagnostics.ts';
import type { Document } from '../documents.ts';
import { locatedGroups, locatedRanges } from '../located.ts';
import { commands } from '../protocol.ts';

export function codeAction(
  document: Document,
  range: Range,
  given: readonly Diagnostic[],
  shown: Shown | null,
  runnable: boolean,
): CodeAction[] {
  const start = document.map.offset(range.start);
  const end = document.map.offset(range.end);
  const touched = (span: { readonly start: number; readonly end: number }) => span.start <= end && start <= span.end;
  const actions = (document.analysis.program.diagnostics.get(document.uri) ?? [])
    .filter((d) => touched(d.span))
    .flatMap((d) => fixes(document, d, given));
  if (shown === null || shown.changes.length > 0) return actions;
  for (const { of: group } of locatedGroups(document, shown).filter((l) => touched(l.span))) {
    const diagnostics = given.filter((d) => (d.data as DiagnosticData | undefined)?.violation === group.number);
    const { kind, function: name } = group.violation;
    if (!group.expected && group.everywhere) {
      actions.push({
        title: `Add \`expect ${kind} in ${name}\``,
        kind: CodeActionKind.QuickFix,
        diagnostics,
        edit: edit(document, appended(document, `expect ${kind} in ${name}`)),
      });
    }
    if (!runnable) continue;
    actions.push({
      title: `Show the trace of this ${kind}`,
      kind: CodeActionKind.QuickFix,
      diagnostics,
      command: { title: 'Show trace', command: commands.showTrace, arguments: [document.uri, group.number] },
    });
  }
  for (const { of, span } of locatedRanges(shown.result.expects, shown).filter((l) => l.of.met === false && touched(l.span))) {
    const diagnostics = given.filter((d) => d.code === 'unmet-expect');
    actions.push({
      title: `Remove \`expect ${of.text}\``,
      kind: CodeActionKind.QuickFix,
      diagnostics,
      edit: edit(document, { span: wholeLine(document, span), text: '' }),
    });
  }
  return actions;
}

function fixes(document: Document, finding: Finding, given: readonly Diagnostic[]): CodeAction[] {
  const diagnostics = given.filter((d) => d.code === finding.code && d.message === finding.message);
  return (finding.fixes ?? []).map((fix, i) => ({
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics,
    isPreferred: i === 0 && finding.fixes?.length === 1,
    edit: { changes: { [document.uri]: fix.edits.map((e) => textEdit(document.map, e)) } },
  }));
}

function edit(
  document: Document,
  change: { readonly span: { readonly start: number; readonly end: number }; readonly text: string },
): CodeAction['edit'] {
  return { changes: { [document.uri]: [{ range: spanRange(document.map, change.span), newText: change.text }] } };
}

/** A line of its own at the end of the file. */
function appended(
  document: Document,
  line: string,
): { readonly span: { readonly start: number; readonly end: number }; readonly text: string } {
  const end = document.text.length;
  return { span: { start: end, end }, text: `${document.text.endsWith('\n') ? '' : '\n'}${line}\n` };
}

/** The line, if nothing else stands on it. */
function wholeLine(
  document: Document,
  span: { readonly start: number; readonly end: number },
): { readonly start: number; readonly end: number } {
  const start = document.text.lastIndexOf('\n', span.start - 1) + 1;
  const newline = document.text.indexOf('\n', span.end);
  const end = newline < 0 ? document.text.length : newline + 1;
  const others = document.text.slice(start, span.start) + document.text.slice(span.end, end);
  return others.trim() === '' ? { start, end } : span;
}
