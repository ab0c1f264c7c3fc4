import { codeOf } from '../../errors.ts';

/** A descriptor that others made non-blocking is tried again after this. */
const AGAIN_AFTER_MS = 2;

/** Whether that is why reading or writing failed; then some time has passed. */
export function waitedForDescriptor(error: unknown): boolean {
  if (codeOf(error) !== 'EAGAIN') return false;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_AFTER_MS);
  return true;
}
