/**
 * The bytes a sender packed, unpacked within bounds: inflating stops at the limit, so a small
 * body cannot become a large one in memory.
 */
import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { ArmError } from '../http/arm-error.ts';

type Unpack = (bytes: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

const unpackZlib: Unpack = promisify(inflate);
const unpackRaw: Unpack = promisify(inflateRaw);
const unpackGzip: Unpack = promisify(gunzip);

export interface BodyRules {
  /** Of the packed and of the unpacked body. */
  readonly maxBytes: number;
  /** Besides `identity`. */
  readonly encodings: readonly ('gzip' | 'deflate')[];
}

/** Throws 400, 413 or 415. */
export async function readBody(request: FastifyRequest, rules: BodyRules): Promise<Buffer> {
  const body = request.body as Buffer | undefined;
  if (body === undefined || body.length === 0) {
    throw new ArmError('InvalidRequestContent', 'The body is empty.');
  }
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'deflate') throw unsupported(encoding, rules);
  if (!rules.encodings.includes(encoding)) throw unsupported(encoding, rules);
  const unpack = encoding === 'gzip' ? unpackGzip : isZlib(body) ? unpackZlib : unpackRaw;
  try {
    return await unpack(body, { maxOutputLength: rules.maxBytes });
  } catch (error) {
    throw refuse(error, encoding, rules);
  }
}

/** RFC 1950 §2.2. Some senders leave the wrapping away, as browsers tolerate. */
function isZlib(body: Buffer): boolean {
  return body.length > 2 && ((body[0] ?? 0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}

function unsupported(encoding: string, { encodings }: BodyRules): ArmError {
  return new ArmError(
    'UnsupportedMediaType',
    `Content-Encoding '${encoding.slice(0, 40)}' is not accepted here; use ${encodings.join(' or ')}, or none.`,
  );
}

function refuse(error: unknown, encoding: string, { maxBytes }: BodyRules): ArmError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return new ArmError(
      'RequestEntityTooLarge',
      `The body unpacks to more than the ${maxBytes} bytes accepted here; send less at once.`,
    );
  }
  return new ArmError('InvalidRequestContent', `The body is not ${encoding}: ${message}.`);
}

/** Refuses another content type than the one a route reads. */
export function requireContentType(
  request: FastifyRequest,
  wanted: string,
  options: { readonly optional: boolean },
): void {
  const header = request.headers['content-type'];
  if (header === undefined && options.optional) return;
  const type = header?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === wanted) return;
  throw new ArmError(
    'UnsupportedMediaType',
    `Content-Type '${(header ?? 'none').slice(0, 80)}' is not accepted here; send ${wanted}.`,
  );
}
