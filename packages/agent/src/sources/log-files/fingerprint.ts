/**
 * A file's fingerprint: `<bytes>:<hash>` of its first 256 bytes, or of as many as it had. Inodes
 * are used again, and files are truncated and filled anew; their beginning tells them apart.
 * A hash, because a cursor must not hold what was logged.
 */
import { hash } from 'node:crypto';

export const FINGERPRINT_BYTES = 256;
const HASH_LENGTH = 16;

/** `head` is the beginning of the file, up to `FINGERPRINT_BYTES`. */
export function fingerprintOf(head: Uint8Array): string {
  return `${head.length}:${hash('sha256', head, 'hex').slice(0, HASH_LENGTH)}`;
}

/** Whether a file that begins with `head` can be the one of the fingerprint, grown or not. */
export function hasFingerprint(head: Uint8Array, fingerprint: string): boolean {
  const length = Number.parseInt(fingerprint, 10);
  return head.length >= length && fingerprintOf(head.subarray(0, length)) === fingerprint;
}

/** Whether it does not change any more as the file grows. */
export function isWholeFingerprint(fingerprint: string): boolean {
  return Number.parseInt(fingerprint, 10) === FINGERPRINT_BYTES;
}
