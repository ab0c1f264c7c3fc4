/**
 * What several rules of one machine collect twice: pairs of data sources that take the same
 * records to the same table of the same workspace, each with something both collect.
 */
import type { DataSource } from '../rule/rule.ts';
import { pointerTo } from '../rule/text/json-tree.ts';
import { nameOf } from '../rule/text/show.ts';
import { type AttachedRule, shownRule } from './attached-rule.ts';
import { OVERLAP_CODES, type OverlapCode } from './codes.ts';
import { counterMeetings } from './counter-meetings.ts';
import { EventMeetings } from './event-meetings.ts';
import { iisLogMeetings, logFileMeetings } from './file-meetings.ts';
import type { Meeting, Overlap, OverlapKind, OverlapSide } from './overlap.ts';
import { type RoutedSource, routedSources } from './routes.ts';
import { type SourcePair, sourcePairs } from './source-pairs.ts';
import { syslogMeetings } from './syslog-meetings.ts';
import { WorkLimit } from './work-limit.ts';

export interface FindOverlapsOptions {
  /** Epoch milliseconds: what `timediff` in event queries measures to. */
  readonly nowMs: number;
  /** The most overlaps to return. Default 1000. */
  readonly overlapCountMax?: number;
}

export interface FoundOverlaps {
  /** Kind by kind; in each, in the order of the rules and their data sources. */
  readonly overlaps: readonly Overlap[];
  /** False: there may be more, which were too many or would have taken too long to look for. */
  readonly isComplete: boolean;
}

/** Comparisons made for one kind of data source. Own choice: about a second. */
const STEPS_MAX = 3_000_000;

/**
 * Pure, and bounded in time whatever the rules hold. Queries of one data source are not compared:
 * an agent stores what several of them select once.
 */
export function findOverlaps(
  rules: readonly AttachedRule[],
  { nowMs, overlapCountMax = 1000 }: FindOverlapsOptions,
): FoundOverlaps {
  const sources = routedSources(rules);
  const overlaps: Overlap[] = [];
  let isComplete = true;
  for (const kind of KINDS) {
    const limit = new WorkLimit(STEPS_MAX);
    for (const overlap of overlapsOfKind(kind, sources, rules, nowMs, limit)) {
      if (overlaps.length === overlapCountMax) return { overlaps, isComplete: false };
      overlaps.push(overlap);
    }
    isComplete &&= !limit.isReached;
  }
  return { overlaps, isComplete };
}

const KINDS: readonly OverlapKind[] = [
  'windowsEventLogs',
  'syslog',
  'logFiles',
  'iisLogs',
  'performanceCounters',
];

function* overlapsOfKind(
  kind: OverlapKind,
  sources: readonly RoutedSource[],
  rules: readonly AttachedRule[],
  nowMs: number,
  limit: WorkLimit,
): Generator<Overlap> {
  const events = new EventMeetings(nowMs, limit);
  const ofKind = sources.filter(({ source }) => source.kind === kind);
  for (const pair of sourcePairs(ofKind, rules, limit)) {
    const [{ source: a }, { source: b }] = pair.sides;
    for (const meeting of meetingsOf(a, b, events, limit)) {
      yield overlapOf(kind, pair, meeting, rules);
    }
  }
}

function meetingsOf(
  a: DataSource,
  b: DataSource,
  events: EventMeetings,
  limit: WorkLimit,
): Iterable<Meeting> {
  if (a.kind === 'windowsEventLogs' && b.kind === a.kind) return events.between(a, b);
  if (a.kind === 'syslog' && b.kind === a.kind) return syslogMeetings(a, b, limit);
  if (a.kind === 'logFiles' && b.kind === a.kind) return logFileMeetings(a, b, limit);
  if (a.kind === 'iisLogs' && b.kind === a.kind) return iisLogMeetings(a, b, limit);
  if (a.kind === 'performanceCounters' && b.kind === a.kind) return counterMeetings(a, b, limit);
  return [];
}

const CODES: Readonly<Record<OverlapKind, OverlapCode>> = {
  windowsEventLogs: 'OVERLAP_EVENTS',
  syslog: 'OVERLAP_SYSLOG',
  logFiles: 'OVERLAP_FILES',
  iisLogs: 'OVERLAP_FILES',
  performanceCounters: 'OVERLAP_COUNTERS',
};

function overlapOf(
  kind: OverlapKind,
  { sides, route, isTransformed }: SourcePair<DataSource>,
  { entries, witness, doubt, event }: Meeting,
  rules: readonly AttachedRule[],
): Overlap {
  const code = CODES[kind];
  const { workspaceResourceId, table } = route;
  const doubts = [
    ...(doubt === null ? [] : [doubt]),
    ...(isTransformed ? ['a transformation may drop or change it'] : []),
  ];
  const isCertain = doubts.length === 0;
  const [first, second] = sides.map(({ source, ruleIndex }) => {
    return `data source ${nameOf(source.name)} of ${shownRule(rules[ruleIndex])}`;
  });
  const where = `table ${table} of workspace ${nameOf(workspaceName(workspaceResourceId))}`;
  const verb = isCertain ? 'both send' : 'may both send';
  const why = isCertain ? '' : `; ${doubts.join(', and ')}`;
  return {
    code,
    severity: 'warning',
    kind,
    sides: [sideOf(sides[0], entries[0]), sideOf(sides[1], entries[1])],
    workspaceResourceId,
    table,
    witness,
    ...(event !== undefined && { event }),
    isCertain,
    message: `${first} and ${second} ${verb} ${witness} to ${where}${why}`,
    hint: `${isCertain ? '' : 'if so, '}${OVERLAP_CODES[code].hint}`,
  };
}

function sideOf({ ruleIndex, source, pointer }: RoutedSource, entry: number | null): OverlapSide {
  const [member, list] = entriesOf(source);
  return {
    ruleIndex,
    dataSource: source.name,
    entryIndex: entry,
    text: entry === null ? '' : (list[entry] ?? ''),
    pointer: entry === null ? pointer : pointerTo(pointer, member, entry),
  };
}

/** The list that entries are of, with the name of its member. */
function entriesOf(source: DataSource): readonly [string, readonly string[]] {
  switch (source.kind) {
    case 'windowsEventLogs':
      return ['xPathQueries', source.xPathQueries];
    case 'syslog':
      return ['facilityNames', source.facilityNames];
    case 'logFiles':
      return ['filePatterns', source.filePatterns];
    case 'iisLogs':
      return ['logDirectories', source.logDirectories];
    case 'performanceCounters':
      return ['counterSpecifiers', source.counterSpecifiers];
    default:
      return ['', []];
  }
}

function workspaceName(resourceId: string): string {
  return resourceId.replace(/\/$/, '').split('/').at(-1) ?? resourceId;
}
