/** The kernel in WebAssembly: raw deflate of JSON, over twice as fast as zlib's fastest level. */
import { crc32 } from 'node:zlib';
import { loadKernel } from '../kernel/kernel-module.ts';

interface KernelExports {
  readonly memory: WebAssembly.Memory;
  input(): number;
  inputMax(): number;
  output(): number;
  deflate(length: number): number;
  adler32(length: number): number;
}

export interface Deflated {
  readonly deflated: Uint8Array;
  readonly crc32: number;
  readonly adler32: number;
}

export class DeflateKernel {
  readonly #exports: KernelExports;
  readonly #memory: Uint8Array;

  /** Throws where the engine has no WebAssembly with SIMD, or the kernel was not built. */
  constructor() {
    const { exports } = new WebAssembly.Instance(loadKernel('deflate'));
    this.#exports = exports as unknown as KernelExports;
    this.#memory = new Uint8Array(this.#exports.memory.buffer);
  }

  get bytesMax(): number {
    return this.#exports.inputMax();
  }

  /**
   * Raw deflate that ends flushed, in the kernel's own memory: the next call overwrites it. Throws
   * for more than `bytesMax`.
   */
  deflate(json: Uint8Array): Deflated {
    const kernel = this.#exports;
    if (json.length > this.bytesMax) throw new RangeError(`${json.length} bytes are too many`);
    this.#memory.set(json, kernel.input());
    const start = kernel.output();
    const end = start + kernel.deflate(json.length);
    return {
      deflated: this.#memory.subarray(start, end),
      crc32: crc32(json),
      adler32: kernel.adler32(json.length) >>> 0,
    };
  }
}
