/** Who sent a request and when it came, and how its repetition is told. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { pathOf } from '../http/create-app.ts';

export interface Arrival {
  /** ARM id of the sender. */
  readonly resourceId: string;
  readonly receivedAtMs: number;
  /** The sender's name for the request, else our own. */
  readonly requestId: string;
  /**
   * The same for a request that is sent again, as a sender does when the answer was lost. Absent:
   * the sender gave it no name.
   */
  readonly delivery?: Uint8Array;
}

const DELIVERY_BYTES = 16;

/** `body`: unpacked. */
export function arrivalOf(
  request: FastifyRequest,
  resourceId: string,
  body: Uint8Array,
  receivedAtMs: number,
): Arrival {
  const name = header(request, 'x-ms-client-request-id');
  const requestId = name ?? header(request, 'x-request-id') ?? request.id;
  const head = { resourceId, receivedAtMs, requestId };
  if (name === undefined) return head;
  // A sender that gives all its requests one name loses nothing: what differs is another delivery.
  const parts = JSON.stringify([name, resourceId.toLowerCase(), pathOf(request)]);
  const hash = createHash('sha256').update(parts).update(body).digest();
  return { ...head, delivery: hash.subarray(0, DELIVERY_BYTES) };
}

function header({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  const text = (Array.isArray(value) ? value[0] : value)?.slice(0, 128);
  return text === '' ? undefined : text;
}
