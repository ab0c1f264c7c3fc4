/** The transformations of a rule, and what comes out of its flows. */
import { columnNameProblem } from '../kql/check-column-names.ts';
import { checkTransform } from '../kql/check-transform.ts';
import { TRANSFORM_CODES, type TransformCode } from '../kql/codes.ts';
import type { TransformFinding, TransformInput, TransformTable } from '../kql/transform-report.ts';
import type { DeclarationPart, FlowPart, RuleParts } from '../rule/read-parts.ts';
import { objectOf, textAt } from '../rule/read-values.ts';
import type { Column } from '../rule/rule.ts';
import type { RuleDocument } from '../rule/rule-document.ts';
import { isCustom } from '../rule/stream-index.ts';
import { isExpression } from '../rule/template-expression.ts';
import { pointerTo } from '../rule/text/json-tree.ts';
import { typedColumns } from '../rule/typed-columns.ts';
import { tableOfStream } from '../stream/known-streams.ts';
import { findTable } from '../stream/tables.ts';

export function checkTransforms(parts: RuleParts, document: RuleDocument): void {
  for (const flow of parts.flows) checkFlow(flow, parts, document);
  for (const { members, pointer } of parts.sources) {
    const transform = textAt(members, 'transformKql', pointer);
    if (transform === undefined || isExpression(transform.text)) continue;
    const { findings } = checkTransform(transform.text, {});
    const told = findings.filter(({ code }) => !isAboutOutput(code));
    tell(told, transform.pointer, document);
  }
}

function checkFlow(flow: FlowPart, parts: RuleParts, document: RuleDocument): void {
  const { transformKql, streams, members } = flow;
  const [stream, ...others] = streams;
  // What is wrong with its streams is said; a transformation elsewhere is not seen here.
  if (stream === undefined || others.length > 0 || isExpression(transformKql?.text ?? '')) return;
  if (members.transform !== undefined || members.builtInTransform !== undefined) return;
  if (members.transformKql !== undefined && typeof members.transformKql !== 'string') return;
  const input = inputOf(stream.text, flow, parts, document);
  const hasTable = reachesTable(flow, parts);
  if (transformKql !== undefined) {
    const { findings } = checkTransform(transformKql.text, input);
    const told = findings.filter(({ code }) => hasTable || !isAboutOutput(code));
    const isDeclared = declarationOf(stream.text, parts) !== undefined;
    const certain = isDeclared ? told : told.filter((finding) => !mayBeNewColumn(finding));
    tell(certain, transformKql.pointer, document);
    return;
  }
  if (input.columns === undefined || !hasTable) return;
  for (const { code, message, hint } of checkTransform('source', input).findings) {
    document.report(code, pointerTo(flow.pointer, 'streams'), message, hint);
  }
  if (input.table?.isBuiltIn === false) checkDeclaredNames(stream.text, parts, document);
}

/** Without a transformation the columns of the stream are those of the table. */
function checkDeclaredNames(stream: string, parts: RuleParts, document: RuleDocument): void {
  for (const { name } of declarationOf(stream, parts)?.columns ?? []) {
    const problem = columnNameProblem(name.text);
    if (problem === undefined || isExpression(name.text) || document.isReported(name.pointer))
      continue;
    const hint = 'rename it in transformKql, or leave it out';
    document.report('TRANSFORM_COLUMN_NAME', name.pointer, problem, hint);
  }
}

function declarationOf(stream: string, parts: RuleParts): DeclarationPart | undefined {
  const wanted = stream.toLowerCase();
  return parts.declarations.find((d) => d.stream.toLowerCase() === wanted);
}

/** Azure adds columns to its tables: what is like none of those known here may be one. */
function mayBeNewColumn({ code, hint = '' }: TransformFinding): boolean {
  return code === 'TRANSFORM_COLUMN_UNKNOWN' && !hint.startsWith('did you mean');
}

function isAboutOutput(code: TransformCode): boolean {
  return TRANSFORM_CODES[code].service === 'InvalidTransformOutput';
}

function tell(
  findings: readonly TransformFinding[],
  pointer: string,
  document: RuleDocument,
): void {
  for (const { code, unit, message, hint } of findings) {
    document.reportInside(code, pointer, unit, message, hint);
  }
}

function inputOf(
  stream: string,
  { outputStream }: FlowPart,
  parts: RuleParts,
  document: RuleDocument,
): TransformInput {
  const columns = columnsOf(stream, parts, document);
  const sent = outputStream?.text ?? stream;
  const isKnown = outputStream === undefined || !isExpression(outputStream.text);
  return {
    ...(columns !== undefined && { columns }),
    ...(isKnown && { table: tableOf(sent) }),
  };
}

/** Of these only the columns are known here that agents have values for. */
const PARTLY_KNOWN: readonly string[] = ['W3CIISLog', 'ASimNetworkSessionLogs'];

function tableOf(stream: string): TransformTable {
  const columns = isCustom(stream) ? undefined : builtInColumns(stream);
  return {
    name: tableOfStream(stream),
    isBuiltIn: !isCustom(stream),
    ...(columns !== undefined && { columns }),
  };
}

/** A stream of a built-in table brings the columns of that table. */
function builtInColumns(stream: string): readonly Column[] | undefined {
  const name = tableOfStream(stream);
  const table = PARTLY_KNOWN.includes(name) ? undefined : findTable(name);
  return table && Array.from(table.columns, ([column, type]) => ({ name: column, type }));
}

/** The columns of a declared stream, unless one of them is not known or wrong. */
function columnsOf(
  stream: string,
  parts: RuleParts,
  document: RuleDocument,
): readonly Column[] | undefined {
  const declaration = declarationOf(stream, parts);
  if (declaration === undefined) return isCustom(stream) ? undefined : builtInColumns(stream);
  const { pointer } = declaration;
  const list = objectOf(objectOf(parts.properties.streamDeclarations)[declaration.stream]).columns;
  if (!Array.isArray(list) || isAnyReported(pointer, list.length, document)) return undefined;
  const typed = typedColumns(declaration);
  return typed.length === list.length ? typed : undefined;
}

/** Of a declaration, its columns, and their names and types. */
function isAnyReported(pointer: string, columnCount: number, document: RuleDocument): boolean {
  const list = pointerTo(pointer, 'columns');
  const columns = Array.from({ length: columnCount }, (_, i) => pointerTo(list, i));
  const parts = columns.flatMap((at) => [at, pointerTo(at, 'name'), pointerTo(at, 'type')]);
  return [pointer, list, ...parts].some((at) => document.isReported(at) || document.isUnknown(at));
}

/** Metrics, event hubs and storage take rows as they are. */
function reachesTable({ destinations }: FlowPart, parts: RuleParts): boolean {
  return destinations.some(({ text }) =>
    parts.destinations.some(
      (d) => d.family === 'logAnalytics' && d.name?.text.toLowerCase() === text.toLowerCase(),
    ),
  );
}
