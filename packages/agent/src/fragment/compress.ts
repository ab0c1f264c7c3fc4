/**
 * Compresses rows to fragments outside the event loop: large blocks by the kernel, twice as fast,
 * and small ones, or where the kernel cannot run, by zlib.
 */
import type { Fragment } from '../fragment.ts';
import { KernelCompressor } from './kernel-compressor.ts';
import { compressByZlib } from './zlib-compressor.ts';

/** Less is not worth a thread: an agent with little to do never starts one. */
const KERNEL_BYTES_MIN = 256 * 1024;

const kernel = new KernelCompressor();
let tellFailure: (error: Error) => void = () => {};

/** Called once if the kernel cannot run here, which costs speed and nothing else. */
export function onKernelFailure(listener: (error: Error) => void): void {
  tellFailure = listener;
}

/**
 * The JSON texts of `recordCount` records, joined by commas, as a fragment. `json` must not
 * change meanwhile.
 */
export async function compressRows(json: Buffer, recordCount: number): Promise<Fragment> {
  const isForKernel =
    json.length >= KERNEL_BYTES_MIN &&
    json.buffer instanceof SharedArrayBuffer &&
    kernel.failure === undefined;
  if (!isForKernel) return compressByZlib(json, recordCount);
  try {
    return { ...(await kernel.deflate(json)), rawBytes: json.length, recordCount };
  } catch (error) {
    tellFailure(error as Error);
    tellFailure = () => {};
    return compressByZlib(json, recordCount);
  }
}
