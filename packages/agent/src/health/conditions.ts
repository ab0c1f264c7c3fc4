/**
 * What an operator should know, as conditions that hold at a moment: read off the agent's status,
 * so that whatever is told is to be seen there too. Pure.
 *
 * What concerns the agent's own `Operation` rows alone is left out: that they cannot be delivered
 * must not make more of them.
 */
import type { LedgerRow } from '../buffer/durable-buffer.ts';
import { printable } from '../host/printable.ts';
import type { OperationRecord } from '../record.ts';
import type { NewDrops } from './new-drops.ts';
import { isOperationFlow } from './operation-flow.ts';
import type { AgentStatus, LaneFacts } from './status.ts';

export interface Condition {
  /** Stable for as long as it is the same condition. */
  readonly key: string;
  readonly status: Exclude<OperationRecord['status'], 'Succeeded'>;
  readonly category: OperationRecord['category'];
  /** What, where, and what to do. */
  readonly detail: string;
  /** What is told when it is over. */
  readonly ended: string;
  /** While it lasts it is told again after so long. */
  readonly remindMs: number;
}

const HOUR_MS = 3_600_000;
/** Of what changes only when somebody acts. */
const DAY_MS = 24 * HOUR_MS;
const DETAIL_CHARS_MAX = 1_000;

/** Shares of the quota. Source of the first: the legacy agent's `operation_lib.rb`. */
const FILLING = { from: 0.9, until: 0.8 };
export const FILLING_KEY = 'buffer/filling';

/** `isOn`: whether a condition held before. `drops`: what was lost of late. */
export function conditionsOf(
  status: AgentStatus,
  drops: readonly NewDrops[],
  isOn: (key: string) => boolean,
): readonly Condition[] {
  return [
    ...failingSources(status),
    ...refusedRules(status),
    ...buffer(status, isOn),
    ...drops.map(dropped),
    ...status.lanes.flatMap(denials),
    ...quarantined(status.ledger),
  ].map((condition) => ({ ...condition, detail: clipped(condition.detail) }));
}

function failingSources({ sources }: AgentStatus): Condition[] {
  return sources
    .filter(({ state }) => state === 'failed')
    .map(({ key, lastFailure }) => ({
      key: `source/${key}`,
      status: 'Error',
      category: 'Source',
      detail: `source ${key} cannot be read: ${lastFailure?.reason ?? 'no reason is known'}; it is tried again at least once a minute`,
      ended: `source ${key} is read again`,
      remindMs: HOUR_MS,
    }));
}

function refusedRules({ rules, skipped, refusedQueries, sources }: AgentStatus): Condition[] {
  const head = { category: 'Rule', remindMs: DAY_MS } as const;
  return [
    ...rules.refused.map(
      ({ rule, reason }): Condition => ({
        ...head,
        key: `rule/${rule}`,
        status: 'Error',
        detail: `a rule is refused: ${reason}; what ran of it stays in force, until it is put right`,
        ended: `rule ${rule} is not refused any more`,
      }),
    ),
    ...skipped.map(
      ({ configurationId, dataSource, reason }): Condition => ({
        ...head,
        key: `skipped/${configurationId}/${dataSource}/${reason}`,
        status: 'Warning',
        detail: `a part of rule ${configurationId} is not done, the rest is: ${partOf(dataSource)}${reason}`,
        ended: `nothing of rule ${configurationId} is left out any more because of: ${reason}`,
      }),
    ),
    ...sources.flatMap(({ key, facts }): Condition[] => {
      const unknown = Array.isArray(facts.unknownCounters) ? facts.unknownCounters : [];
      if (unknown.length === 0) return [];
      return [
        {
          ...head,
          key: `counters/${key}`,
          status: 'Warning',
          detail: `${unknown.length} counters of ${key} are not known on this machine, the others are sampled: ${unknown.join(', ')}`,
          ended: `all counters of ${key} are known`,
        },
      ];
    }),
    ...refusedQueries.map(
      ({ flow, query, reason }): Condition => ({
        ...head,
        key: `query/${flow}/${query}`,
        status: 'Error',
        detail: `a query of flow ${flow} selects nothing: ${query}: ${reason}; \`dcr-agent filter\` tries queries`,
        ended: `the query of flow ${flow} is not refused any more: ${query}`,
      }),
    ),
  ];
}

function partOf(dataSource: string): string {
  return dataSource === '' ? '' : `data source ${dataSource}: `;
}

function buffer({ buffer: usage, sources }: AgentStatus, isOn: (key: string) => boolean) {
  const { diskBytes, quotaBytes, quotaFrom } = usage;
  const waiting = sources.filter(({ state }) => state === 'waiting for space');
  const share = diskBytes / quotaBytes;
  const head = { category: 'Buffer', remindMs: HOUR_MS } as const;
  const found: Condition[] = [];
  // A small one is full before: what emptying it takes is kept free.
  const isFull = waiting.length > 0;
  if (share >= (isFull || isOn(FILLING_KEY) ? FILLING.until : FILLING.from)) {
    found.push({
      ...head,
      key: FILLING_KEY,
      status: 'Warning',
      detail: `the buffer takes ${megabytes(diskBytes)} of its quota of ${megabytes(quotaBytes)} (${quotaFrom}): destinations take less than is collected; \`dcr-agent status\` shows which, \`buffer.quotaMegabytes\` is the quota`,
      ended: `the buffer takes less than ${FILLING.until * 100} % of its quota again`,
    });
  }
  if (isFull) {
    const reason = waiting[0]?.lastFailure?.reason ?? 'no reason is known';
    found.push({
      ...head,
      key: 'buffer/full',
      status: 'Error',
      detail: `the buffer takes nothing, ${waiting.length} of ${sources.length} sources wait (${waiting[0]?.key} for one): ${reason}`,
      ended: 'the buffer takes records again',
    });
  }
  return found;
}

function dropped({ destination, records, sinceMs }: NewDrops): Condition {
  return {
    key: `dropped/${destination}`,
    status: 'Error',
    category: 'Buffer',
    detail: `${records} records for destination ${destination} are lost since ${new Date(sinceMs).toISOString()}: the buffer was full, or they were too old, or the agent had to stop; \`dcr-agent audit\` tells of which flows and why`,
    ended: `no more records for destination ${destination} were lost for a while`,
    remindMs: HOUR_MS,
  };
}

/** Of a destination as a whole, or of flows that are refused while others are delivered. */
function denials({ destination, address, trouble, troubledFlows }: LaneFacts): Condition[] {
  const head = { category: 'Destination', remindMs: HOUR_MS } as const;
  if (trouble?.isHeld) {
    return [
      {
        ...head,
        key: `destination/${destination}`,
        status: 'Error',
        detail: `destination ${destination} (${address}) refuses what is sent: ${trouble.reason}; nothing is lost, it is asked now and then`,
        ended: `destination ${destination} takes records again`,
      },
    ];
  }
  return troubledFlows
    .filter(({ flow, isHeld }) => isHeld && !isOperationFlow(flow))
    .map(({ flow, reason }) => ({
      ...head,
      key: `destination/${destination}/${flow}`,
      status: 'Error',
      detail: `destination ${destination} (${address}) refuses flow ${flow}, not others: ${reason}; nothing is lost, it is asked now and then`,
      ended: `destination ${destination} takes flow ${flow} again`,
    }));
}

function quarantined(ledger: readonly LedgerRow[]): Condition[] {
  return ledger
    .filter((row) => row.quarantined > 0 && !isOperationFlow(row.flow))
    .map(({ flow, destination, quarantined: records }) => ({
      key: `quarantine/${destination}/${flow}`,
      status: 'Error',
      category: 'Destination',
      detail: `destination ${destination} refused ${records} records of flow ${flow} for good: \`dcr-agent quarantine ls\` shows its answers, \`quarantine replay\` sends them again, \`quarantine drop\` gives them up`,
      ended: `no records of flow ${flow} for destination ${destination} are in the quarantine any more`,
      remindMs: DAY_MS,
    }));
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}

/** What services say may be in it, and be anything. */
function clipped(text: string): string {
  const line = printable(text);
  return line.length <= DETAIL_CHARS_MAX ? line : `${line.slice(0, DETAIL_CHARS_MAX - 1)}…`;
}
