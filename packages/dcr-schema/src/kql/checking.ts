/** What the checks of one transformation share: its tokens, its `let` names, and what was found. */
import type { TransformCode } from './codes.ts';
import type { Range, TokenTree } from './token-tree.ts';
import type { TransformFinding, ValueType } from './transform-report.ts';

/** A column on its way through the query. */
export interface FlowColumn {
  readonly type: ValueType | undefined;
  /** Where the text makes the column; absent for one that comes in. */
  readonly unit?: number;
}

/** By exact name, in the order of the output; absent when they cannot be told. */
export type Columns = ReadonlyMap<string, FlowColumn> | undefined;

/** The columns of the statement being checked, which its steps change in place. */
export type OwnColumns = Map<string, FlowColumn> | undefined;

/** What a `let` stands for. */
export type LetValue =
  | { readonly kind: 'value'; readonly type: ValueType | undefined }
  | { readonly kind: 'function' }
  | { readonly kind: 'table'; readonly columns: Columns };

/** One text being checked. */
export interface Checking extends Findings {
  readonly tree: TokenTree;
  readonly input: Columns;
  readonly lets: Map<string, LetValue>;
  /** How many columns have been gone through one by one. */
  readonly effort: { columnCount: number };
}

/** Where findings are gathered: one for each code and name, and no more than is read. */
export interface Findings {
  readonly list: TransformFinding[];
  /** Whether this would be news. Asked first where the finding takes work to write. */
  wants(code: TransformCode, name: string): boolean;
  report(finding: TransformFinding, name?: string): void;
  /** Takes this as said, since another finding tells it. */
  pass(code: TransformCode, name: string): void;
}

/** What comes out of a step; `broken` after a mistake of syntax, which ends the statement. */
export type StageOutcome = { readonly columns: OwnColumns } | 'broken';

/** A part of the text being checked, and where it lies when it is empty. */
export interface Part {
  readonly range: Range;
  /** Of the word it belongs to. */
  readonly unit: number;
}

/** Findings told of one text; more would only repeat the first. Own choice. */
const FINDINGS_MAX = 100;

/** Columns gone through for one text; a real one goes through some hundreds. Own choice. */
const EFFORT_MAX = 1_000_000;

/** Whether columns may be gone through once more: no text makes that take long. */
export function mayGoThrough(
  { effort }: Checking,
  columns: Columns,
): columns is ReadonlyMap<string, FlowColumn> {
  effort.columnCount += columns?.size ?? 0;
  return columns !== undefined && effort.columnCount <= EFFORT_MAX;
}

/** An empty list of findings. */
export function createFindings(): Findings {
  const list: TransformFinding[] = [];
  const said = new Set<string>();
  const wants = (code: TransformCode, name: string): boolean => {
    return list.length < FINDINGS_MAX && !said.has(`${code} ${name}`);
  };
  const pass = (code: TransformCode, name: string): void => {
    said.add(`${code} ${name}`);
  };
  const report = (finding: TransformFinding, name?: string): void => {
    if (list.length >= FINDINGS_MAX) return;
    if (name !== undefined) {
      if (!wants(finding.code, name)) return;
      pass(finding.code, name);
    }
    list.push(finding);
  };
  return { list, wants, report, pass };
}
