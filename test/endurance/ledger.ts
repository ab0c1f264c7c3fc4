/** What the agent itself says became of every record, in the terms of the stage. */
import type { AgentStatus } from '@dcr-agent/agent';
import { SOURCES, type SourceName } from './numbered-text.ts';
import { DESTINATIONS, type DestinationName, type Stage } from './stage.ts';

export interface AccountOf {
  readonly source: SourceName;
  readonly destination: DestinationName;
  readonly read: number;
  readonly delivered: number;
  readonly buffered: number;
  /** Filtered, rejected, dropped or quarantined: none of the stage's records should be. */
  readonly other: number;
}

/** One account for each source and destination; throws when there is not exactly one. */
export function accountsOf(
  status: AgentStatus,
  { services }: Stage,
  sources: readonly SourceName[] = SOURCES,
): AccountOf[] {
  const originOf = new Map(status.lanes.map(({ destination, address }) => [destination, address]));
  return sources.flatMap((source) =>
    DESTINATIONS.map((destination) => {
      const rows = status.ledger.filter(
        (row) =>
          row.flow.includes(`/${source}/`) &&
          originOf.get(row.destination)?.startsWith(services[destination].origin),
      );
      const [row] = rows;
      if (row === undefined || rows.length > 1) {
        throw new Error(`${rows.length} ledger rows for ${source} to ${destination}`);
      }
      const { read, delivered, buffered, filtered, rejected, dropped, quarantined } = row;
      return {
        source,
        destination,
        read,
        delivered,
        buffered,
        other: filtered + rejected + dropped + quarantined,
      };
    }),
  );
}

/** Nothing waits, and the rules are in force: before they are, not all lanes are there. */
export function isEverythingDelivered({ ledger, sources }: AgentStatus): boolean {
  return sources.length > 0 && ledger.every(({ buffered }) => buffered === 0);
}
