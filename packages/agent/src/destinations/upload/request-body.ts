/**
 * A request body that is sent from where its fragments lie: no copy is made of them, and four
 * destinations send the same bytes. It knows when the system has taken them all, which an answer
 * does not tell: a service may give one before it has read a request.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { JoinedBody } from '../../fragment/join-fragments.ts';

/** The wait for an answer begins anew with each: so long may a slow network take for one. */
const SLICE_BYTES = 64 * 1024;

export class RequestBody implements AsyncIterable<Uint8Array> {
  readonly #joined: JoinedBody;
  #state: 'not begun' | 'under way' | 'handed over' = 'not begun';
  #socket: Socket | undefined;
  /** An earlier connection had not taken all of it when the next one came. */
  #isOutOfSight = false;

  constructor(joined: JoinedBody) {
    this.#joined = joined;
  }

  get byteLength(): number {
    return this.#joined.byteLength;
  }

  /** Whether nobody looks at its memory any more. Where that cannot be told, it is not so. */
  get isReleased(): boolean {
    if (this.#state === 'not begun') return true;
    const isTaken = this.#state === 'handed over' && this.#socket?.writableLength === 0;
    return isTaken && !this.#isOutOfSight;
  }

  /** The connection it is sent over from now on. */
  set socket(socket: Socket) {
    this.#isOutOfSight ||= !this.isReleased;
    this.#socket = socket;
  }

  /** May be sent again. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    this.#state = 'under way';
    for (const piece of this.#joined.pieces) {
      for (let at = 0; at < piece.byteLength; at += SLICE_BYTES) {
        yield piece.subarray(at, at + SLICE_BYTES);
      }
    }
    this.#state = 'handed over';
  }
}

// undici tells here, and nowhere else, which connection it sends a request over.
subscribe('undici:client:sendHeaders', (message) => {
  const { request, socket } = message as { request: { body?: unknown }; socket: Socket };
  if (request.body instanceof RequestBody) request.body.socket = socket;
});
