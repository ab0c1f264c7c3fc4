import { openSqliteBuffer } from '../../packages/agent/src/buffer/sqlite-buffer.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { MemoryBuffer } from '../support/memory-buffer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { describeDurableBuffer } from './durable-buffer.contract.ts';

describeDurableBuffer('SQLite', async (t, options = {}) => {
  const host = createFakeHost();
  const buffer = openSqliteBuffer({ path: await temporaryFolder(), host, ...options });
  t.after(() => buffer.close());
  return { buffer, clock: host.clock };
});

// The stand-in that other tests use keeps the same promises, or their results mean nothing.
describeDurableBuffer('in memory', async (_t, options = {}) => {
  const { clock } = createFakeHost();
  return { buffer: new MemoryBuffer({ clock, ...options }), clock };
});
