/**
 * Instead of the events: whether an independent XPath 1.0 engine, asked of the events' XML, gives
 * the same answers. Slow, and meant to be: it shares nothing with the reader it checks.
 */
import {
  parseEventQuery,
  type QueryCondition,
  type StringCase,
} from '@dcr-agent/schema/event-queries';
import {
  createOracle,
  type EventDocument,
  type Oracle,
  readDocument,
} from '../../eventlog/cross-check/oracle.ts';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import { printable } from '../../host/printable.ts';
import type { FilterOutput, Print } from './filter-output.ts';
import type { FilterQuery } from './filter-query.ts';

/** Differences that are told one by one. */
const TOLD_MAX = 20;

interface CheckedPart {
  readonly isSuppress: boolean;
  /** Asks for the channel; `null`: every channel. */
  readonly channel: Oracle | null;
  readonly oracle: Oracle;
}

export interface CrossCheckOptions {
  readonly nowMs: number;
  readonly stringCase: StringCase;
  /** The file being read. */
  fileNow(): string;
}

export function crossCheckOutput(
  print: Print,
  queries: readonly FilterQuery[],
  { nowMs, stringCase, fileNow }: CrossCheckOptions,
): FilterOutput {
  const checked = queries.map(({ parts }) =>
    parts.map(({ name, channel, query }): CheckedPart => {
      const oracle = createOracle(query, stringCase);
      const isSuppress = name.startsWith('Suppress');
      return { isSuppress, channel: channel === null ? null : channelOracle(channel), oracle };
    }),
  );
  let events = 0;
  let differences = 0;
  const differs = (record: WindowsEventRecord, how: string): void => {
    differences++;
    if (differences > TOLD_MAX) return;
    const place = `${fileNow()}, EventRecordID ${record.eventRecordId() ?? '-'}`;
    print(`${printable(`${place}: ${how}`)}\n`);
  };
  return {
    // Every event is to be seen here.
    alsoAsked: [EVERY_EVENT],
    event(record, selected) {
      events++;
      const document = readDocument(record.xml());
      if (typeof document === 'string') {
        differs(record, `the engine cannot read its XML: ${document}`);
        return;
      }
      for (const [place, { id }] of queries.entries()) {
        const expected = isSelected(checked[place]!, document, nowMs);
        if (selected.includes(place) === expected) continue;
        const answer = expected
          ? 'does not select it, the engine does'
          : 'selects it, the engine does not';
        differs(record, `${id} ${answer}`);
      }
    },
    end() {
      const asked = `${events} events, ${queries.length} ${queries.length === 1 ? 'query' : 'queries'}`;
      print(`${asked}: ${differences === 0 ? 'no' : differences} answers differ\n`);
    },
    hasFindings: () => differences > 0,
  };
}

/** Asks for a channel as Windows names it, in any case. */
function channelOracle(channel: string): Oracle {
  const quote = channel.includes("'") ? '"' : "'";
  const { query } = parseEventQuery(`*[System[Channel=${quote}${channel}${quote}]]`);
  return query === null ? NO_EVENT : createOracle(query, 'ignore');
}

const NO_EVENT: Oracle = { selects: () => false };
const EVERY_EVENT: QueryCondition = { kind: 'constant', holds: true };

function isSelected(
  parts: readonly CheckedPart[],
  document: EventDocument,
  nowMs: number,
): boolean {
  const holds = (part: CheckedPart): boolean =>
    (part.channel === null || part.channel.selects(document, nowMs)) &&
    part.oracle.selects(document, nowMs);
  return (
    parts.some((part) => !part.isSuppress && holds(part)) &&
    !parts.some((part) => part.isSuppress && holds(part))
  );
}
