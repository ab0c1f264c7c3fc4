import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperationRecord } from '../../../../../packages/agent/src/record.ts';
import { openOperation } from '../../../../../packages/agent/src/sources/operation/operation.ts';
import { recordsOf } from '../../../../support/rows.ts';
import { settle } from '../../../../support/until.ts';

const record = (detail: string): OperationRecord => ({
  ...{ atMs: 0, status: 'Warning', category: 'Agent' },
  detail,
});

/** A queue that is filled by hand. */
function createQueue() {
  let waiting: OperationRecord[] = [];
  let wake = (): void => {};
  return {
    add(...details: readonly string[]) {
      waiting.push(...details.map(record));
      wake();
    },
    async whenAny(signal: AbortSignal) {
      if (waiting.length > 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      signal.addEventListener('abort', wake);
      await promise;
    },
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}

test('what there is to tell is handed over at once, the last of it when the source stops', async () => {
  const queue = createQueue();
  const abort = new AbortController();
  const batches: string[][] = [];
  queue.add('before', 'the start');
  const run = openOperation('operation', queue).run(async (batch) => {
    batches.push(recordsOf(batch).map(({ detail }) => detail));
    if (batches.length === 3) throw new Error('the buffer is full and the agent stops');
  }, abort.signal);
  await settle();
  queue.add('later');
  await settle();
  assert.deepEqual(batches, [['before', 'the start'], ['later']]);
  abort.abort();
  await run;
  assert.equal(batches.length, 2, 'nothing is handed over when there is nothing');
});

test('a source that is stopped leaves what it has not handed over to the next one', async () => {
  const queue = createQueue();
  await openOperation('operation', queue).run(() => assert.fail(), AbortSignal.abort());
  queue.add('kept');
  assert.equal(queue.take().length, 1);
});
