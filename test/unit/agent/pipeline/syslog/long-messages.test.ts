/** Messages near a megabyte, on their way into rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Protocol, SyslogFlow } from '@dcr-agent/schema';
import { createPipeline } from '../../../../../packages/agent/src/pipeline/pipeline.ts';
import { syslogStage } from '../../../../../packages/agent/src/pipeline/syslog/syslog-stage.ts';
import { MessageBatch } from '../../../../../packages/agent/src/sources/syslog/message-batch.ts';

const FLOW: SyslogFlow = {
  ...{ id: 'f', stream: 'Microsoft-Syslog', destinations: ['d'] },
  ...{ facilityNames: ['*'], logLevels: ['*'] },
};

/** What a message of so many bytes becomes: bytes of its row's text, and what is counted. */
function rowOf(protocol: Protocol, messageBytes: number): object {
  const stage = syslogStage(FLOW, { computer: 'c', hostIp: '10.0.0.4', agentId: 'a' });
  const destinations = new Map([[protocol, ['d']]]);
  const pipeline = createPipeline([{ flow: FLOW, stage, destinations }]);
  const records = new MessageBatch({ toEpochMs: (ms) => ms, onUnparsed() {} });
  const bytes = Buffer.from('<13>'.padEnd(messageBytes, 'x'));
  records.add(bytes, 0, bytes.length, { receivedAtMs: 0, senderAddress: '' });
  pipeline.process({ records, cursors: [] }, 0);
  const { blocks, counts } = pipeline.take()!;
  const [row] = blocks.flatMap(({ json }) => JSON.parse(`[${json}]`) as Record<string, string>[]);
  const { truncatedFields = 0, rejected } = counts[0]!;
  const text = row?.Message ?? row?.SyslogMessage;
  return { textBytes: text?.length, truncatedFields, rejected };
}

test('a workspace gets messages whole as far as a request can carry them', () => {
  assert.deepEqual(rowOf('ods', 890_000), {
    ...{ textBytes: 890_000 - 4, truncatedFields: 0, rejected: [] },
  });
  assert.deepEqual(rowOf('ods', 1_048_576), {
    ...{ textBytes: undefined, truncatedFields: 0 },
    rejected: [{ reason: 'record too large', count: 1 }],
  });
});

test('the Logs Ingestion API gets as much as its longest field takes, and the cut is counted', () => {
  for (const bytes of [890_000, 1_048_576]) {
    assert.deepEqual(rowOf('gig', bytes), {
      ...{ textBytes: 65_536, truncatedFields: 1, rejected: [] },
    });
  }
});
