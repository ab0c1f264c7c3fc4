/** The report of a replay for people. */
import { printable } from '../../host/printable.ts';
import type { Asked } from '../../replay/asked-parts.ts';
import type { FlowReport, InputReport, ReplayReport, TableReport } from '../../replay/report.ts';
import { columns } from '../columns.ts';
import { size } from '../short-texts.ts';
import { againstLines } from './against-text.ts';
import { queryLines } from './query-text.ts';
import { resourceNames } from './short-name.ts';

const SAMPLE_CHARACTERS_MAX = 400;
/** Ten kilobytes. */
const SHOWN_GB_MIN = 0.00001;
/** Channels, facilities and the like that are listed of an input. */
const PARTS_MAX = 12;

const ASKED_TEXTS: Readonly<Record<Asked, string>> = {
  yes: '',
  no: 'no rule asks for these',
  'no destination': 'asked for, goes nowhere',
  'not known': 'not known whether a rule asks for these: give --parameters',
};

export function reportText(report: ReplayReport): string {
  const { rules, inputs, flows, queries, notDone, against } = report;
  const isSeveral = rules.length > 1;
  const nameOf = resourceNames(workspacesOf(report));
  const sections = [
    section('Inputs', inputs.flatMap(inputLines)),
    ...flows.map((flow) => flowLines(flow, isSeveral, nameOf)),
    section('Queries', queryLines(queries, isSeveral)),
    section(
      'Not done',
      notDone.map(({ dataSource, reason }) => {
        return printable(dataSource === '' ? reason : `'${dataSource}': ${reason}`);
      }),
    ),
    ...(against === undefined ? [] : [againstLines(against, nameOf)]),
  ];
  const lines = sections.filter((each) => each.length > 0).map((each) => `${each.join('\n')}\n`);
  return lines.join('\n');
}

type NameOf = (workspace: string) => string;

/** All that the report names. */
function workspacesOf({ flows, against }: ReplayReport): string[] {
  const places = [...flows.flatMap(({ tables }) => tables), ...(against?.tables ?? [])];
  return places.map(({ workspace }) => workspace);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function inputLines(input: InputReport): string[] {
  const { kind, dataSource, path, files, bytes, records, parts, problems } = input;
  const name = dataSource === null ? kind : `${kind} '${dataSource}'`;
  const ofFiles = files === 1 ? '' : `${files} files, `;
  const noun = records === 1 ? 'record' : 'records';
  const shown = parts.slice(0, PARTS_MAX).map(({ name: part, count, asked }) => {
    return [String(count), part === '' ? '(none)' : part, ASKED_TEXTS[asked]];
  });
  const more = parts.length - PARTS_MAX;
  return [
    printable(`${name}: ${path} (${ofFiles}${size(bytes)}), ${records} ${noun}`),
    ...columns(shown).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(problems.length > 0 ? [`  problems: ${problems.length}, told on stderr`] : []),
  ];
}

function flowLines(flow: FlowReport, isSeveral: boolean, nameOf: NameOf): string[] {
  const { rule, dataSource, stream, kind, input } = flow;
  const file = isSeveral ? ` of ${rule}` : '';
  const title = printable(`'${dataSource}' → ${stream} (${kind})${file}`);
  if (input === 'none') return [title, '  no input'];
  if (flow.read === 0 && input === 'given') return [title, '  the input holds nothing for it'];
  if (input === 'no destination') return [title, '  not read: no destination takes it'];
  if (input === 'not known') {
    return [title, '  not read: what it collects is not known; give --parameters'];
  }
  if (input === 'not replayable') return [title, '  no input: its records come from no file'];
  return [title, ...countLines(flow), ...tableLines(flow, nameOf), ...sampleLines(flow)].map(
    (line, i) => (i === 0 ? line : `  ${line}`),
  );
}

function countLines(flow: FlowReport): string[] {
  const { read, kept, filtered, rejected, remarks, truncatedFields, span, bulk } = flow;
  const refused = rejected.reduce((sum, { count }) => sum + count, 0);
  return [
    `${read} read, ${kept} kept, ${filtered} filtered, ${refused} rejected`,
    ...rejected.map(({ what, count }) => printable(`  rejected ${count}: ${what}`)),
    ...remarks.map(({ what, count }) => printable(`  ${count}: ${what}`)),
    ...(truncatedFields > 0 ? [`  ${truncatedFields} fields were cut`] : []),
    span === null ? 'the records carry no time' : `from ${span.from} to ${span.to}`,
    ...(bulk === null
      ? []
      : [`99 % of them from ${bulk.from} to ${bulk.to}: a day is taken from this part`]),
  ];
}

function tableLines({ tables, sent, span }: FlowReport, nameOf: NameOf): string[] {
  const rows = [
    ...tables.map((each) => [
      `${each.table} in ${nameOf(each.workspace)}${dataFlowText(each, tables)}`,
      `${each.rows} rows`,
      `${size(each.billedBytes)} billed`,
      gbPerDay(each.billedGbPerDay),
      each.isTransformed ? 'before the transformation of the service' : '',
    ]),
    ...sent.map(({ workspace, requests, rows, jsonBytes, sentBytes, sentGbPerDay }) => [
      `sent to ${workspace === null ? 'the ingestion endpoint' : nameOf(workspace)}, ${requestText(requests)}`,
      `${rows} rows`,
      `${size(sentBytes)} of ${size(jsonBytes)} JSON`,
      gbPerDay(sentGbPerDay),
      '',
    ]),
  ];
  const isExtrapolated = tables.some(({ billedGbPerDay }) => billedGbPerDay !== null);
  const why = span === null ? 'there are no times' : 'the records cover less than a minute';
  return [...columns(rows), ...(isExtrapolated ? [] : [`not extrapolated to a day: ${why}`])];
}

/** Named where several fill one table. */
function dataFlowText(table: TableReport, tables: readonly TableReport[]): string {
  const isSame = (other: TableReport): boolean =>
    other.table === table.table && other.workspace === table.workspace;
  return tables.filter(isSame).length > 1 ? ` (data flow ${table.dataFlow})` : '';
}

function requestText(count: number): string {
  return count === 1 ? '1 request' : `${count} requests`;
}

function gbPerDay(amount: number | null): string {
  if (amount === null) return '';
  if (amount > 0 && amount < SHOWN_GB_MIN) return `< ${SHOWN_GB_MIN} GB/day`;
  return `${amount.toFixed(amount < 0.1 ? 5 : 3)} GB/day`;
}

function sampleLines({ samples }: FlowReport): string[] {
  return samples.map((row) => {
    const text = printable(row);
    const isLong = text.length > SAMPLE_CHARACTERS_MAX;
    return `row: ${isLong ? `${text.slice(0, SAMPLE_CHARACTERS_MAX)}…` : text}`;
  });
}
