/** The columns only the service fills. All but `_BilledSize` are the same for a whole request. */
import { SERVICE_COLUMNS } from '@dcr-agent/schema';
import type { JsonObject } from '../http/json.ts';
import type { FoundRow } from '../store/store.ts';
import { formatTime } from './time.ts';

/** Names a sender cannot set: those of the service, and those this server adds. */
export const RESERVED_COLUMNS: ReadonlySet<string> = new Set([
  ...SERVICE_COLUMNS,
  '_TimeReceived',
  '_RequestId',
  '_TimeGeneratedOriginal',
]);

/** Tables that are not billed. Source: Azure Monitor cost documentation, read 2026-11. */
const FREE_TABLES = new Set(['Heartbeat', 'Operation']);

/** What is written on the rows of one request in one table of one workspace. */
export interface RowReceipt {
  readonly table: string;
  readonly workspaceId: string;
  /** ARM id of the sender; kept in lower case as the service does. */
  readonly resourceId: string;
  readonly receivedAtMs: number;
  readonly requestId: string;
}

/** The shared columns as one JSON object. */
export function sharedColumns(receipt: RowReceipt): string {
  const subscriptionId = /^\/subscriptions\/([^/]+)/i.exec(receipt.resourceId)?.[1] ?? '';
  return JSON.stringify({
    Type: receipt.table,
    TenantId: receipt.workspaceId,
    _ResourceId: receipt.resourceId.toLowerCase(),
    _SubscriptionId: subscriptionId.toLowerCase(),
    _IsBillable: !FREE_TABLES.has(receipt.table),
    _TimeReceived: formatTime(receipt.receivedAtMs),
    _RequestId: receipt.requestId,
  });
}

/** A stored row with every column; `_BilledSize` is the bytes of its own ones as JSON. */
export function wholeRow({ json, shared }: FoundRow): JsonObject {
  return {
    ...(JSON.parse(json) as JsonObject),
    ...(JSON.parse(shared) as JsonObject),
    _BilledSize: Buffer.byteLength(json),
  };
}
