/** A thread that compresses: one job after another, as they come. */
import { parentPort } from 'node:worker_threads';
import { type Deflated, DeflateKernel } from './deflate-kernel.ts';

export interface DeflateJob {
  readonly id: number;
  readonly json: Uint8Array;
  /** Shared, too: takes what comes out. */
  readonly output: Uint8Array;
}

export interface DeflateResult extends Omit<Deflated, 'deflated'> {
  readonly id: number;
  /** Bytes of output. */
  readonly length: number;
}

const kernel = new DeflateKernel();
const port = parentPort!;

port.on('message', ({ id, json, output }: DeflateJob) => {
  const { deflated, ...checksums } = kernel.deflate(json);
  output.set(deflated);
  const result: DeflateResult = { id, length: deflated.length, ...checksums };
  port.postMessage(result);
});
