/**
 * Items → rows of a table. A row is one JSON text, written directly: members in the sender's
 * order, values by column type. What the service adds is the same for a whole request and kept
 * apart (`service-columns.ts`).
 */
import type { ColumnType, Json } from '@dcr-agent/schema';
import type { JsonObject } from '../http/json.ts';
import type { TableRow } from '../store/store.ts';
import { encodeValue } from './encode-value.ts';
import { RESERVED_COLUMNS } from './service-columns.ts';
import { formatTime, parseTime } from './time.ts';

export interface EncodedRows {
  readonly rows: readonly TableRow[];
  readonly droppedMembers: number;
  readonly nulledValues: number;
}

export interface EncodeOptions {
  readonly receivedAtMs: number;
  /** Replaces times outside of what the service accepts. */
  readonly enforceTimeWindow: boolean;
}

export function encodeRows(
  items: readonly JsonObject[],
  columns: ReadonlyMap<string, ColumnType>,
  options: EncodeOptions,
): EncodedRows {
  const encoder = new RowEncoder(columns, options);
  const rows = items.map((item) => encoder.encode(item));
  return { rows, droppedMembers: encoder.droppedMembers, nulledValues: encoder.nulledValues };
}

class RowEncoder {
  droppedMembers = 0;
  nulledValues = 0;
  readonly #columns: ReadonlyMap<string, { readonly type: ColumnType; readonly key: string }>;
  readonly #takesTime: boolean;
  readonly #options: EncodeOptions;

  constructor(columns: ReadonlyMap<string, ColumnType>, options: EncodeOptions) {
    this.#options = options;
    this.#takesTime = columns.has('TimeGenerated');
    this.#columns = new Map(
      [...columns]
        .filter(([name]) => name !== 'TimeGenerated' && !RESERVED_COLUMNS.has(name))
        .map(([name, type]) => [name, { type, key: `,${JSON.stringify(name)}:` }]),
    );
  }

  encode(item: JsonObject): TableRow {
    const time = this.#time(item);
    let json = time.open;
    for (const name of Object.keys(item)) {
      const column = this.#columns.get(name);
      const value = item[name];
      if (column === undefined || value === undefined) {
        if (!(name === 'TimeGenerated' && this.#takesTime)) this.droppedMembers += 1;
        continue;
      }
      const encoded = encodeValue(column.type, value);
      if (encoded === 'null' && value !== null) this.nulledValues += 1;
      json += column.key + encoded;
    }
    return { timeMs: time.epochMs, json: `${json}}` };
  }

  /** Every row has a time: the sender's, or that of its arrival. */
  #time(item: JsonObject): { epochMs: number; open: string } {
    const { receivedAtMs, enforceTimeWindow } = this.#options;
    const value: Json | undefined = this.#takesTime ? item.TimeGenerated : undefined;
    const time = typeof value === 'string' ? parseTime(value) : undefined;
    if (time === undefined) {
      if (value !== undefined && value !== null) this.nulledValues += 1;
      return { epochMs: receivedAtMs, open: `{"TimeGenerated":"${formatTime(receivedAtMs)}"` };
    }
    if (!enforceTimeWindow || isInWindow(time.epochMs, receivedAtMs)) {
      return { epochMs: time.epochMs, open: `{"TimeGenerated":"${time.text}"` };
    }
    const received = formatTime(receivedAtMs);
    return {
      epochMs: receivedAtMs,
      open: `{"TimeGenerated":"${received}","_TimeGeneratedOriginal":"${time.text}"`,
    };
  }
}

const DAY_MS = 86_400_000;

/** Source: Azure Monitor service limits, "Logs ingestion API", read 2026-11. */
function isInWindow(timeMs: number, receivedAtMs: number): boolean {
  return timeMs >= receivedAtMs - 2 * DAY_MS && timeMs <= receivedAtMs + DAY_MS;
}
