/** Compresses rows to fragments by zlib, in the thread pool. */
import { constants, crc32, createDeflate, type Deflate } from 'node:zlib';
import { COMPRESSION_LEVEL, type Fragment } from '../fragment.ts';

/** Most fragments come out in one piece of this size. */
const PIECE_BYTES = 128 * 1024;
/** RFC 1950: method and flags before the data, Adler-32 after it. */
const ZLIB_HEADER_BYTES = 2;
const ADLER_BYTES = 4;
/** A final block with nothing in it, RFC 1951 §3.2.6. */
const FINAL_BLOCK_BYTES = 2;
const IDLE_MAX = 4;

/** Each holds half a megabyte that is costly to get and to let go. */
const idle: Deflate[] = [];

/**
 * The JSON texts of `recordCount` records, joined by commas, as a fragment. `json` must not
 * change meanwhile. The format with an Adler-32 is asked for because there the checksum comes
 * nearly for free.
 */
export async function compressByZlib(json: Buffer, recordCount: number): Promise<Fragment> {
  const stream = idle.pop() ?? createDeflate({ level: COMPRESSION_LEVEL, chunkSize: PIECE_BYTES });
  const bytes = await flushedAndFinished(stream, json);
  if (idle.length < IDLE_MAX) {
    stream.reset();
    idle.push(stream);
  } else {
    stream.close();
  }
  const end = bytes.length - ADLER_BYTES;
  return {
    deflated: bytes.subarray(ZLIB_HEADER_BYTES, end - FINAL_BLOCK_BYTES),
    rawBytes: json.length,
    recordCount,
    crc32: crc32(json),
    adler32: bytes.readUInt32BE(end),
  };
}

/** Finishing is a flush, too, so that the stream can be used again. */
function flushedAndFinished(stream: Deflate, json: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const take = (piece: Buffer): void => void pieces.push(piece);
    stream.on('data', take);
    stream.once('error', reject);
    stream.write(json);
    stream.flush(constants.Z_FULL_FLUSH);
    stream.flush(constants.Z_FINISH, () => {
      stream.off('data', take);
      stream.off('error', reject);
      resolve(Buffer.concat(pieces));
    });
  });
}
