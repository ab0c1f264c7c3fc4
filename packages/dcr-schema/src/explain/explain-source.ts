/** One data source: what is read, how often, and where its streams go. */
import type { DataSource, Rule } from '../rule/rule.ts';
import { isExpression } from '../rule/template-expression.ts';
import { listed } from '../rule/text/show.ts';
import { parseQueryEntry } from '../xpath/query-entry.ts';
import { countersInWords } from './counters-in-words.ts';
import type { FlowIndex } from './explain-flows.ts';
import type { DataSourceExplanation } from './explanation.ts';
import { firewallLogsInWords, iisLogsInWords, logFilesInWords } from './files-in-words.ts';
import { oneLine } from './listed.ts';
import { otherInWords } from './other-in-words.ts';
import { queryInWords } from './query/query-in-words.ts';
import { syslogInWords, syslogNotes } from './syslog-in-words.ts';
import { whyNotCollected } from './why-not-collected.ts';

export interface SourceSurroundings {
  readonly rule: Rule;
  readonly flows: FlowIndex;
  /** Some flow takes streams that a template leaves open. */
  readonly mayBeTaken: boolean;
  /** Extensions by the names of the data sources they read, in lower case. */
  readonly readBy: ReadonlyMap<string, string>;
}

export function explainSource(
  source: DataSource,
  { rule, flows, mayBeTaken, readBy }: SourceSurroundings,
): DataSourceExplanation {
  const notCollected = whyNotCollected(source, rule);
  const everySeconds = sampledEvery(source);
  const streams = [...new Set(source.streams)];
  const reader = readBy.get(source.name.toLowerCase());
  const isOpen = mayBeTaken || reader !== undefined;
  return {
    name: source.name,
    kind: source.kind === 'other' ? source.array : source.kind,
    reads: readsOf(source),
    ...(everySeconds !== undefined && { everySeconds }),
    ...(notCollected !== undefined && { notCollected }),
    streams: streams
      .filter((stream) => flows.isTaken(stream))
      .map((stream) => flows.explain(stream, notCollected === undefined)),
    goesNowhere: streams.filter(
      (stream) => !isOpen && !flows.isTaken(stream) && !isExpression(stream),
    ),
    notes: [
      ...notesOf(source, rule),
      ...(reader === undefined ? [] : [`the extension ${reader} reads it`]),
      ...(source.transformKql === undefined
        ? []
        : [`its own transformation is not evaluated: ${oneLine(source.transformKql)}`]),
    ],
  };
}

function readsOf(source: DataSource): string[] {
  switch (source.kind) {
    case 'windowsEventLogs':
      return source.xPathQueries.map(queryInWords);
    case 'syslog':
      return [syslogInWords(source)];
    case 'performanceCounters':
      return countersInWords(source.counterSpecifiers);
    case 'logFiles':
      return logFilesInWords(source);
    case 'iisLogs':
      return iisLogsInWords(source);
    case 'windowsFirewallLogs':
      return firewallLogsInWords(source);
    case 'other':
      return otherInWords(source);
  }
}

/** Other data sources give their records as they come. */
function sampledEvery(source: DataSource): number | undefined {
  const seconds =
    source.kind === 'performanceCounters'
      ? source.samplingFrequencyInSeconds
      : source.kind === 'other'
        ? source.members.samplingFrequencyInSeconds
        : undefined;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : undefined;
}

function notesOf(source: DataSource, rule: Rule): string[] {
  switch (source.kind) {
    case 'windowsEventLogs':
      return source.xPathQueries.flatMap(queryNotes);
    case 'syslog':
      return [...syslogNotes(source), ...source.streams.flatMap(formatNote)];
    case 'logFiles':
      return source.format === 'text' ? textNotes(source.streams, rule) : [];
    default:
      return [];
  }
}

/** Warnings about what a query selects; what Windows may think of its form is another matter. */
const SELECTION_CODES: ReadonlySet<string> = new Set([
  'XPATH_NEVER_TRUE',
  'XPATH_NAME_CASE',
  'XPATH_UNKNOWN_NAME',
  'XPATH_OUTSIDE_SYSTEM',
  'XPATH_LEVEL_WITHOUT_ZERO',
  'XPATH_LITERAL_WILDCARD',
]);

function queryNotes(entry: string): string[] {
  if (isExpression(entry)) return [];
  const { query, diagnostics } = parseQueryEntry(entry);
  if (query === null) return [];
  return diagnostics
    .filter(({ code }) => SELECTION_CODES.has(code))
    .map(({ message }) => `${oneLine(entry)}: ${oneLine(message)}`);
}

function formatNote(stream: string): string[] {
  switch (stream.toLowerCase()) {
    case 'microsoft-commonsecuritylog':
      return [`${stream} has only the messages that are CEF`];
    case 'microsoft-ciscoasa':
      return [`${stream} has only the messages of a Cisco ASA`];
    default:
      return [];
  }
}

/** Columns that a record of a text log fills. */
const TEXT_COLUMNS: ReadonlySet<string> = new Set([
  'TimeGenerated',
  'RawData',
  'FilePath',
  'Computer',
]);

function textNotes(streams: readonly string[], rule: Rule): string[] {
  const taken = new Set(streams.map((stream) => stream.toLowerCase()));
  return rule.streamDeclarations.flatMap(({ stream, columns }) => {
    const empty = columns.map(({ name }) => name).filter((name) => !TEXT_COLUMNS.has(name));
    if (!taken.has(stream.toLowerCase()) || empty.length === 0) return [];
    const columnsWord = empty.length === 1 ? 'the column' : 'the columns';
    return [
      `a record is one text, in RawData: of ${oneLine(stream)}, ` +
        `${columnsWord} ${listed(empty.map(oneLine), 'and')} can only be filled by a transformation`,
    ];
  });
}
