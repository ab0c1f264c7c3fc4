/** The last step of every ingestion path: rows to one or more tables, all of them or none. */
import type { ColumnType } from '@dcr-agent/schema';
import type { FastifyRequest } from 'fastify';
import type { HandlersContext } from '../context.ts';
import type { JsonObject } from '../http/json.ts';
import type { TableAppend } from '../store/store.ts';
import { encodeRows } from './row-encoder.ts';
import { sharedColumns } from './service-columns.ts';

export interface TableTarget {
  readonly workspaceId: string;
  readonly table: string;
  readonly columns: ReadonlyMap<string, ColumnType>;
}

export interface Arrival {
  /** ARM id of the sender. */
  readonly resourceId: string;
  readonly receivedAtMs: number;
  readonly requestId: string;
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
      }),
    );
  });
  await store.appendRows(appends);
  for (const { workspaceId, table, rows, droppedMembers, nulledValues } of appends) {
    log.debug(
      { workspaceId, table, rows: rows.length, droppedMembers, nulledValues },
      'rows stored',
    );
  }
}

/** The sender's name for the request, so that what was sent twice can be told; else our own. */
export function requestIdOf(request: FastifyRequest): string {
  const header = request.headers['x-ms-client-request-id'] ?? request.headers['x-request-id'];
  const id = (Array.isArray(header) ? header[0] : header)?.slice(0, 128);
  return id === undefined || id === '' ? request.id : id;
}
