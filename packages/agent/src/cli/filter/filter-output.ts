/** The forms in which selected events are printed. */
import type { QueryCondition } from '@dcr-agent/schema/event-queries';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import { printable } from '../../host/printable.ts';

/** Events of a file that were read whole. */
export interface EventCount {
  readonly inPlace: number;
  /** Found behind damage. */
  readonly salvaged: number;
}

export interface FilterOutput {
  /** Asked beside the queries, whose places theirs follow. */
  readonly alsoAsked?: readonly QueryCondition[];
  /** `selected` are the places of the queries that select the event; good for the call. */
  event(event: WindowsEventRecord, selected: readonly number[]): void;
  endFile?(file: string, events: EventCount): void;
  end?(): void;
  /** Whether what was found is a reason for exit code 1. */
  hasFindings?(): boolean;
}

export type Print = (text: string) => void;

/** One event after the other, each ended by a line feed. */
export function xmlOutput(print: Print): FilterOutput {
  return { event: (event) => print(`${event.xml()}\n`) };
}

/** The `EventRecordID` of each event; `-` where it has none. Several files are named. */
export function idsOutput(print: Print, fileNow: () => string, isOneFile: boolean): FilterOutput {
  return {
    event(event) {
      const id = event.eventRecordId() ?? '-';
      print(isOneFile ? `${id}\n` : `${printable(fileNow())}\t${id}\n`);
    },
  };
}

/** How many events each query selects, over all files. */
export function countOutput(print: Print, ids: readonly string[]): FilterOutput {
  const counts = ids.map(() => 0);
  return {
    event(_event, selected) {
      for (const index of selected) counts[index]!++;
    },
    end() {
      for (const [index, count] of counts.entries()) {
        print(counts.length === 1 ? `${count}\n` : `${printable(ids[index]!)}\t${count}\n`);
      }
    },
  };
}
