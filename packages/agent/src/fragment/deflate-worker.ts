/** A thread that compresses: one job after another, as they come. */
import { parentPort } from 'node:worker_threads';
import { type Deflated, DeflateKernel } from './deflate-kernel.ts';

export interface DeflateJob {
  readonly id: number;
  readonly json: Uint8Array;
}

export interface DeflateResult extends Deflated {
  readonly id: number;
}

const kernel = new DeflateKernel();
const port = parentPort!;

port.on('message', ({ id, json }: DeflateJob) => {
  const result: DeflateResult = { id, ...kernel.deflate(json) };
  port.postMessage(result, [result.deflated.buffer]);
});
