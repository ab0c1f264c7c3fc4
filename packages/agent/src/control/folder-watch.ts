/** Tells when something happens in a folder, as far as the system tells it. */
import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { reasonOf } from '../errors.ts';
import type { Log } from '../host/log.ts';

export class FolderWatch {
  readonly #folder: string;
  readonly #onChange: () => void;
  readonly #log: Log;
  #watcher: FSWatcher | undefined;
  #inode: bigint | undefined;
  #hasComplained = false;

  constructor(folder: string, onChange: () => void, log: Log) {
    this.#folder = folder;
    this.#onChange = onChange;
    this.#log = log;
  }

  /**
   * Watches the folder that has the path now: a watch stays with a folder that was renamed or
   * replaced. Never rejects; a folder that cannot be watched has to be looked at.
   */
  async renew(): Promise<void> {
    const inode = await stat(this.#folder, { bigint: true }).then(
      ({ ino }) => ino,
      () => undefined,
    );
    if (inode !== undefined && inode === this.#inode && this.#watcher !== undefined) return;
    this.close();
    if (inode === undefined) return;
    try {
      this.#watcher = watch(this.#folder, { persistent: false }, this.#onChange);
      this.#watcher.on('error', () => this.close());
      this.#inode = inode;
    } catch (error) {
      if (this.#hasComplained) return;
      this.#hasComplained = true;
      const facts = { folder: this.#folder, reason: reasonOf(error) };
      this.#log.warn(facts, 'the folder of rules cannot be watched; it is read now and then');
    }
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#inode = undefined;
  }
}
