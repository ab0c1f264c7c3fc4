/**
 * Group commit: calls made in one turn of the event loop become one transaction, and one flush
 * of the disk. When the transaction fails, each call is tried alone, in call order, so that a
 * bad commit fails nobody but its own caller.
 */
export interface GroupCommit<T> {
  /** Resolves once the item is committed; rejects with the reason why it was not. */
  add(item: T): Promise<void>;
  /** Commits now what was added, without waiting for the turn to end. */
  flush(): void;
}

interface Call<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** `commit` stores all items or, throwing, none. */
export function createGroupCommit<T>(commit: (items: readonly T[]) => void): GroupCommit<T> {
  let calls: Call<T>[] = [];

  function flush(): void {
    const due = calls;
    calls = [];
    if (due.length > 1 && commitAll(due)) return;
    for (const call of due) commitAlone(call);
  }

  function commitAll(due: readonly Call<T>[]): boolean {
    try {
      commit(due.map(({ item }) => item));
    } catch {
      // Each call learns its own reason when it is tried alone.
      return false;
    }
    for (const { resolve } of due) resolve();
    return true;
  }

  function commitAlone({ item, resolve, reject }: Call<T>): void {
    try {
      commit([item]);
      resolve();
    } catch (error) {
      reject(error);
    }
  }

  return {
    add(item) {
      if (calls.length === 0) setImmediate(flush);
      return new Promise((resolve, reject) => calls.push({ item, resolve, reject }));
    },
    flush,
  };
}
