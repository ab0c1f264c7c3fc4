/** The file handles a source keeps open: those used last, up to a limit. */

/** Something that has a handle and can open it again when it needs to. */
export interface HandleHolder {
  /** False when closing would lose the file: it is deleted, and only the handle still has it. */
  readonly mayRelease: boolean;
  release(): Promise<void>;
}

export class OpenHandles {
  readonly #max: number;
  /** In the order of use, the oldest first. */
  readonly #holders = new Set<HandleHolder>();

  constructor(max: number) {
    this.#max = max;
  }

  get count(): number {
    return this.#holders.size;
  }

  /** Says that a holder has just used its handle; may release those of others. */
  async use(holder: HandleHolder): Promise<void> {
    this.#holders.delete(holder);
    this.#holders.add(holder);
    for (const oldest of this.#holders) {
      if (this.#holders.size <= this.#max) return;
      if (oldest.mayRelease && oldest !== holder) await oldest.release();
    }
  }

  /** Says that a holder has closed its handle. */
  remove(holder: HandleHolder): void {
    this.#holders.delete(holder);
  }
}
