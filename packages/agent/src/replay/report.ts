/**
 * The report of a replay as data, `dcr-agent replay --json`. Members are only added to it; what is
 * not known is `null`. Times are texts in UTC, sizes bytes, GB 10^9 bytes.
 */
import type { NearestMiss } from '../nearest-miss/nearest-miss.ts';
import { type Asked, isUnknownFlow } from './asked-parts.ts';
import { GIGABYTE, isBilledTable } from './billed-size.ts';
import type { Change, ComparedTable, Comparison } from './compare/comparison.ts';
import type { FlowTally } from './flow-tally.ts';
import type { InputTally } from './input-tally.ts';
import { nearestMissOf, type QueryEntryTally } from './query-tally.ts';
import type { Replayed } from './replay.ts';
import { inputKindOf } from './replay-input.ts';
import type { NotDone } from './rule-plan.ts';
import type { TimeSpan } from './time-span.ts';

export interface ReplayReport {
  /** Files of the rules. */
  readonly rules: readonly string[];
  readonly inputs: readonly InputReport[];
  readonly flows: readonly FlowReport[];
  readonly queries: readonly QueryReport[];
  /** Parts of the rules that no agent of this kind does. */
  readonly notDone: readonly NotDone[];
  /** Absent where nothing was compared. */
  readonly against?: AgainstReport;
}

export interface InputReport {
  readonly kind: string;
  readonly dataSource: string | null;
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
  /** Events by channel, messages by facility and level; `isAsked`: a rule reads these at all. */
  readonly parts: readonly { name: string; count: number; isAsked: boolean; asked: Asked }[];
  readonly problems: readonly string[];
}

export interface FlowReport {
  readonly rule: string;
  readonly dataSource: string;
  readonly kind: string;
  readonly stream: string;
  /**
   * `none`: no input was given for it; `not replayable`: it samples, or reads what no file has;
   * `no destination`: nothing that this agent sends to takes it, so it is not read; `not known`:
   * what it collects comes from a parameter.
   */
  readonly input: 'given' | 'none' | 'not replayable' | 'no destination' | 'not known';
  readonly read: number;
  readonly kept: number;
  readonly filtered: number;
  readonly rejected: readonly Counted[];
  /** What became of parts of records that were kept. */
  readonly remarks: readonly Counted[];
  readonly truncatedFields: number;
  /** Of all records read, by their own times; `null`: none has one. */
  readonly span: { readonly from: string; readonly to: string } | null;
  /**
   * Where 99 % of the times lie, if the span is over a hundred times as long: a day is extrapolated
   * from this part. `null` where it is from all of the span.
   */
  readonly bulk: { readonly from: string; readonly to: string } | null;
  readonly sent: readonly SentReport[];
  readonly tables: readonly TableReport[];
  /**
   * First rows that were kept, with the columns of the table: the JSON text of each, as numbers of
   * a log may have more digits than a parser keeps.
   */
  readonly samples: readonly string[];
}

export interface Counted {
  readonly what: string;
  readonly count: number;
}

export interface SentReport {
  /** `ods`: straight to a workspace; `gig`: to the Logs Ingestion endpoint of the rule. */
  readonly protocol: string;
  /** `null`: the ingestion endpoint, which fills the tables of all its workspaces. */
  readonly workspace: string | null;
  readonly requests: number;
  readonly rows: number;
  /** JSON before compression. */
  readonly jsonBytes: number;
  /** Bodies of requests as they are sent. */
  readonly sentBytes: number;
  readonly sentGbPerDay: number | null;
}

export interface TableReport {
  readonly workspace: string;
  readonly table: string;
  readonly rows: number;
  /** Inferred: `billed-size.ts`. Before a transformation of the service, if there is one. */
  readonly billedBytes: number;
  readonly billedGbPerDay: number | null;
  readonly isTransformed: boolean;
  /** Place in `dataFlows` of the rule, from 1: several may fill one table. */
  readonly dataFlow: number;
}

export interface QueryReport {
  readonly rule: string;
  readonly dataSource: string;
  /** Place in `xPathQueries`, from 1. */
  readonly number: number;
  readonly text: string;
  /** `null` where no input was given, or the query is refused. */
  readonly count: number | null;
  readonly refusal: string | null;
  /** False: an expression of a template stands for it, and no value was given. */
  readonly isKnown: boolean;
  /** The event that comes nearest to being selected, where none is. */
  readonly nearest: { readonly event: string; readonly failed: readonly string[] } | null;
}

export interface AgainstReport {
  readonly rules: readonly string[];
  readonly tables: readonly ComparedTable[];
  readonly changes: readonly Change[];
  /** What the counts do not show, in lines: a file that only one version names, and the like. */
  readonly notes: readonly string[];
}

export function reportOf(replayed: Replayed, against: readonly string[]): ReplayReport {
  const { plan, inputs, flows, queries, comparison } = replayed;
  const hasEvents = inputs.some(({ input }) => input.kind === 'windowsEventLogs');
  return {
    rules: plan.rules.map(({ file }) => file),
    inputs: inputs.map(inputReport),
    flows: flows.map(flowReport),
    queries: queries.entries.map((entry) => queryReport(entry, hasEvents)),
    notDone: plan.notDone,
    ...(comparison && { against: againstReport(comparison, against) }),
  };
}

/**
 * Flows and queries that were given input and matched nothing, and flows that go nowhere: what
 * `--deny-empty` denies, a sentence each.
 */
export function emptyParts({ flows, queries, inputs, rules }: ReplayReport): string[] {
  const kinds = new Set(inputs.map(({ kind }) => kindOfFlow(kind)));
  const ofRule = (rule: string): string => (rules.length > 1 ? ` of ${rule}` : '');
  const name = ({ rule, dataSource, stream }: FlowReport): string =>
    `flow ${stream} of '${dataSource}'${ofRule(rule)}`;
  const empty = flows.filter(({ input, kept }) => input === 'given' && kept === 0);
  const lost = flows.filter(({ input, kind }) => input === 'no destination' && kinds.has(kind));
  const emptyQueries = queries.filter(({ count }) => count === 0);
  return [
    ...empty.map((flow) => `${name(flow)} matches nothing`),
    ...lost.map((flow) => `${name(flow)} goes nowhere: no destination takes it`),
    ...emptyQueries.map(({ rule, dataSource, number }) => {
      return `query ${number} of '${dataSource}'${ofRule(rule)} matches nothing`;
    }),
  ];
}

/** Kinds of log files are told apart by inputs only. */
function kindOfFlow(kind: string): string {
  return kind === 'text' || kind === 'json' ? 'logFiles' : kind;
}

function inputReport({ input, records, bytes, parts, problems }: InputTally): InputReport {
  const { kind, dataSource = null, path, files } = input;
  const named = [...parts].map(([name, { count, asked }]) => {
    return { name, count, isAsked: asked === 'yes', asked };
  });
  return {
    ...{ kind, dataSource, path, files: files.length, bytes, records, problems },
    parts: named.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
  };
}

function flowReport(tally: FlowTally): FlowReport {
  const { flow, read, kept, filtered, truncatedFields, span } = tally;
  const { rule, dataSource, stream } = flow;
  return {
    ...{ rule: rule.file, dataSource: dataSource.name, kind: dataSource.kind, stream },
    input: inputState(tally),
    ...{ read, kept, filtered, truncatedFields },
    rejected: counted(tally.rejected),
    remarks: counted(tally.remarks),
    span: span.isEmpty ? null : { from: instant(span.fromMs), to: instant(span.toMs) },
    bulk: span.bulk && { from: instant(span.bulk.fromMs), to: instant(span.bulk.toMs) },
    sent: sentReports(tally),
    tables: tally.tables.map(({ delivery, rows, billedBytes }): TableReport => {
      const { workspace, table, transformation } = delivery;
      const isTransformed = transformation !== undefined;
      const dataFlow = delivery.dataFlow + 1;
      const billed = isBilledTable(table) ? billedBytes : 0;
      const billedGbPerDay = gbPerDay(span, billed);
      const place = { workspace, table, dataFlow };
      return { ...place, rows, billedBytes: billed, billedGbPerDay, isTransformed };
    }),
    samples: tally.samples,
  };
}

function inputState({ flow, hasInput }: FlowTally): FlowReport['input'] {
  if (hasInput) return 'given';
  if (inputKindOf(flow) === null) return 'not replayable';
  if (flow.deliveries.length === 0) return 'no destination';
  return isUnknownFlow(flow) ? 'not known' : 'none';
}

/** A workspace's own endpoint has requests of its own. */
function sentReports({ flow, sent, span }: FlowTally): SentReport[] {
  return [...sent.keys()].sort().flatMap((protocol) => {
    const bodies = sent.get(protocol);
    if (bodies === undefined) return [];
    const { requests, rows, rawBytes: jsonBytes, bytes: sentBytes } = bodies;
    const ofWorkspaces = flow.deliveries.filter((delivery) => delivery.protocol === protocol);
    const workspaces = protocol === 'ods' ? ofWorkspaces.map(({ workspace }) => workspace) : [null];
    const sentGbPerDay = gbPerDay(span, sentBytes);
    return workspaces.map((workspace): SentReport => {
      return { protocol, workspace, requests, rows, jsonBytes, sentBytes, sentGbPerDay };
    });
  });
}

function queryReport(entry: QueryEntryTally, hasEvents: boolean): QueryReport {
  const { rule, dataSource, index, text, refusal, isKnown, asked } = entry;
  const count = hasEvents && asked !== null ? asked.count : null;
  const nearest = nearestMissOf(entry);
  return {
    ...{ rule: rule.file, dataSource, number: index + 1, text, count, refusal, isKnown },
    nearest: nearest && nearestReport(nearest),
  };
}

function nearestReport({ event, failed }: NearestMiss): QueryReport['nearest'] {
  return { event, failed };
}

function againstReport(comparison: Comparison, rules: readonly string[]): AgainstReport {
  const { tables, changes, notes } = comparison;
  return { rules, tables, changes, notes };
}

function counted(counts: ReadonlyMap<string, number>): Counted[] {
  return [...counts]
    .map(([what, count]) => ({ what, count }))
    .sort((a, b) => b.count - a.count || (a.what < b.what ? -1 : 1));
}

function gbPerDay(span: TimeSpan, bytes: number): number | null {
  const perDay = span.perDay(bytes);
  return perDay === null ? null : Number((perDay / GIGABYTE).toPrecision(6));
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
