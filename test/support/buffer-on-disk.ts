/** A state directory for one test, and buffers opened on it. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import type { DurableBuffer } from '../../packages/agent/src/buffer/durable-buffer.ts';
import type { RepairableBuffer } from '../../packages/agent/src/buffer/recovery.ts';
import { openSqliteBuffer } from '../../packages/agent/src/buffer/sqlite-buffer.ts';
import type { SqliteBufferOptions } from '../../packages/agent/src/buffer/sqlite-buffer-options.ts';
import { createFakeHost, type FakeHost } from './fake-host.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface BufferOnDisk {
  /** The state directory. */
  readonly path: string;
  /** Its database file. */
  readonly database: string;
  readonly host: FakeHost;
  /** Opens a buffer that is closed with the test, if not before. */
  open(options?: Partial<SqliteBufferOptions>): RepairableBuffer;
  /** Messages of the agent's log at a level. */
  logged(level: 'warn' | 'error'): string[];
}

export async function bufferOnDisk(t: TestContext): Promise<BufferOnDisk> {
  return bufferAt(t, join(await temporaryFolder(), 'state'), createFakeHost());
}

function bufferAt(t: TestContext, path: string, host: FakeHost): BufferOnDisk {
  return {
    path,
    database: join(path, 'buffer.db'),
    host,
    open(options = {}) {
      const buffer = openSqliteBuffer({ path, host, ...options });
      t.after(() => buffer.close());
      return buffer;
    },
    logged(level) {
      return host.log.entries
        .filter((entry) => entry.level === level)
        .map(({ message }) => message);
    },
  };
}

/** What a power cut now would leave of the directory: the buffer is not closed, only copied. */
export function copyState(t: TestContext, { path, host }: BufferOnDisk, to: string): BufferOnDisk {
  cpSync(path, to, { recursive: true });
  return bufferAt(t, to, host);
}

/** Rows of a database that nobody has open. */
export function query(file: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(file);
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

export function allPending(buffer: DurableBuffer, destination: string): readonly string[] {
  return buffer.pending(destination, 100_000).map(({ id }) => id);
}
