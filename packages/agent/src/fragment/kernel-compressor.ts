/**
 * Compresses by the kernel, in threads of its own. They share the memory of what is compressed,
 * so nothing is copied to them, and what a thread that ends had before it is still here.
 *
 * What comes out is copied from shared memory, too: memory that a thread allocates and another
 * frees stays with the C library, which keeps an arena for each thread, up to 20 MB of it.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Deflated } from './deflate-kernel.ts';
import type { DeflateJob, DeflateResult } from './deflate-worker.ts';

/** One core is for the event loop; beyond three the event loop cannot keep them busy. */
const THREADS = Math.max(1, Math.min(3, availableParallelism() - 1));
/** A thread allocates next to nothing in its heap; by itself it would take sixteen times this. */
const YOUNG_MEGABYTES = 2;
/** As this file is called, so is the thread's: in source, compiled, and bundled. */
const SCRIPT = new URL(`./deflate-worker${import.meta.url.slice(-3)}`, import.meta.url);

/** The most that the kernel takes, if it cannot be compressed at all, and then some. */
const OUTPUT_BYTES = 2 * 1024 * 1024;

interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
}

interface Job extends PromiseWithResolvers<Deflated> {
  readonly output: Uint8Array;
}

export class KernelCompressor {
  readonly #threads: Thread[] = [];
  readonly #script: URL;
  /** No job has them. Only what is written of one takes memory. */
  readonly #outputs: Uint8Array[] = [];
  #nextId = 0;
  #failure: Error | undefined;

  constructor(script: URL = SCRIPT) {
    this.#script = script;
  }

  /** Why a thread has failed, as others would: the kernel cannot run here. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Rejects when the thread ends before. `json` must not change meanwhile. */
  deflate(json: Uint8Array): Promise<Deflated> {
    const thread = this.#idlest();
    const output = this.#outputs.pop() ?? new Uint8Array(new SharedArrayBuffer(OUTPUT_BYTES));
    const job: Job = { ...Promise.withResolvers<Deflated>(), output };
    const message: DeflateJob = { id: this.#nextId++, json, output };
    thread.jobs.set(message.id, job);
    thread.worker.postMessage(message);
    thread.worker.ref();
    return job.promise;
  }

  #idlest(): Thread {
    const [idlest] = this.#threads.toSorted((a, b) => a.jobs.size - b.jobs.size);
    if (idlest !== undefined && (idlest.jobs.size === 0 || this.#threads.length === THREADS)) {
      return idlest;
    }
    const thread = this.#start();
    this.#threads.push(thread);
    return thread;
  }

  #start(): Thread {
    // An agent with little to do never starts one, and need not load what threads need.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const worker = new Worker(this.#script, {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    const jobs: Thread['jobs'] = new Map();
    worker.on('message', ({ id, length, ...checksums }: DeflateResult) => {
      const job = jobs.get(id);
      // It was told as failed: nothing says that an error comes after what was sent before.
      if (job === undefined) return;
      jobs.delete(id);
      job.resolve({ deflated: copyOf(job.output.subarray(0, length)), ...checksums });
      this.#outputs.push(job.output);
      // An idle thread is no reason for the process to go on.
      if (jobs.size === 0) worker.unref();
    });
    worker.on('error', (error: Error) => {
      this.#failure = error;
      for (const { reject } of jobs.values()) reject(error);
      jobs.clear();
    });
    return { worker, jobs };
  }
}

function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}
