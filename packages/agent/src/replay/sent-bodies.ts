/** Requests that an agent would make of some blocks, and how large they are. */
import type { Outlet } from '../buffer/durable-buffer.ts';
import type { Fragment } from '../fragment.ts';

/** As the buffer seals batches: `buffer/sqlite-buffer-options.ts`. */
const BATCH_RAW_BYTES_MAX = 950_000;
const BATCH_RECORDS_MAX = 20_000;
/** What stands around and between fragments, `fragment/join-fragments.ts`: headers, stored blocks. */
const STORED_HEADER_BYTES = 5;
const COMMA_BYTES = STORED_HEADER_BYTES + 1;
const GZIP_BYTES = 18;
const ZLIB_BYTES = 6;
/** Ids have one length whatever they are. */
const ANY_ID = '00000000-0000-0000-0000-000000000000';

/** The requests of one outlet. A pause would send a batch earlier; a replay makes none. */
export class SentBodies {
  readonly #around: { readonly rawBytes: number; readonly bytes: number };
  requests = 0;
  rows = 0;
  /** JSON before compression. */
  rawBytes = 0;
  /** Of the bodies as they are sent. */
  bytes = 0;
  #openRawBytes = 0;
  #openRecords = 0;

  constructor(outlet: Outlet) {
    this.#around = aroundOf(outlet);
  }

  add({ deflated, rawBytes, recordCount }: Fragment): void {
    const isFull =
      this.#openRawBytes + 1 + rawBytes > BATCH_RAW_BYTES_MAX ||
      this.#openRecords + recordCount > BATCH_RECORDS_MAX;
    if (this.#openRecords === 0 || isFull) this.#begin();
    else {
      this.rawBytes += 1;
      this.bytes += COMMA_BYTES;
      this.#openRawBytes += 1;
    }
    this.#openRawBytes += rawBytes;
    this.#openRecords += recordCount;
    this.rows += recordCount;
    this.rawBytes += rawBytes;
    this.bytes += deflated.length;
  }

  #begin(): void {
    this.requests += 1;
    this.rawBytes += this.#around.rawBytes;
    this.bytes += this.#around.bytes;
    this.#openRawBytes = 0;
    this.#openRecords = 0;
  }
}

/** The envelope of a request, as `destinations/log-analytics` writes it. */
function aroundOf({ protocol, stream, solution = 'LogManagement' }: Outlet): {
  rawBytes: number;
  bytes: number;
} {
  const members = {
    ...{ DataType: stream, IPName: solution, ManagementGroupId: ANY_ID },
    ...{ sourceHealthServiceId: ANY_ID, type: 'JsonData', DataItems: [] },
  };
  const rawBytes = Buffer.byteLength(protocol === 'ods' ? JSON.stringify(members) : '[]');
  const wrapperBytes = protocol === 'ods' ? ZLIB_BYTES : GZIP_BYTES;
  return { rawBytes, bytes: rawBytes + 2 * STORED_HEADER_BYTES + wrapperBytes };
}
