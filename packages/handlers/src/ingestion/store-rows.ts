/** The last step of every ingestion path: rows to one or more tables, all of them or none. */
import type { ColumnType } from '@dcr-agent/schema';
import type { HandlersContext } from '../context.ts';
import type { JsonObject } from '../http/json.ts';
import type { TableAppend } from '../store/store.ts';
import type { Arrival } from './arrival.ts';
import { encodeRows } from './row-encoder.ts';
import { sharedColumns } from './service-columns.ts';

export interface TableTarget {
  readonly workspaceId: string;
  readonly table: string;
  readonly columns: ReadonlyMap<string, ColumnType>;
}

/** Items are encoded once per set of columns, however many workspaces take them. */
export async function storeRows(
  items: readonly JsonObject[],
  targets: readonly TableTarget[],
  arrival: Arrival,
  options: { readonly enforceTimeWindow: boolean },
  { store, log }: HandlersContext,
): Promise<void> {
  const byColumns = Map.groupBy(targets, (target) => target.columns);
  const appends = [...byColumns].flatMap(([columns, sharing]) => {
    const { rows, ...counts } = encodeRows(items, columns, { ...arrival, ...options });
    return sharing.map(
      ({ workspaceId, table }): TableAppend => ({
        workspaceId,
        table,
        shared: sharedColumns({ table, workspaceId, ...arrival }),
        rows,
        ...counts,
        ...(arrival.delivery !== undefined && { delivery: arrival.delivery }),
      }),
    );
  });
  const areNew = await store.appendRows(appends);
  for (const [i, { workspaceId, table, rows, droppedMembers, nulledValues }] of appends.entries()) {
    log.debug(
      { workspaceId, table, rows: rows.length, droppedMembers, nulledValues },
      areNew[i] ? 'rows stored' : 'rows that came before are not stored again',
    );
  }
}
