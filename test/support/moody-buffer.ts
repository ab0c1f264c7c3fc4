/** A buffer in memory that refuses whatever is appended as long as it has a refusal. */
import type { Commit } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { MemoryBuffer } from './memory-buffer.ts';

export class MoodyBuffer extends MemoryBuffer {
  refusal: Error | undefined;
  /** Of appending. */
  tries = 0;

  override async append(commit: Commit): Promise<void> {
    this.tries += 1;
    if (this.refusal !== undefined) throw this.refusal;
    await super.append(commit);
  }
}
