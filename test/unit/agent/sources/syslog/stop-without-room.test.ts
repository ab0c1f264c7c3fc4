/** A syslog source that is stopped while the buffer takes nothing: every message is accounted for. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PlannedSource } from '@dcr-agent/schema';
import {
  type DurableBuffer,
  isBalanced,
} from '../../../../../packages/agent/src/buffer/durable-buffer.ts';
import { AgentError } from '../../../../../packages/agent/src/errors.ts';
import { RunningSource } from '../../../../../packages/agent/src/running-source.ts';
import { openSyslog } from '../../../../../packages/agent/src/sources/syslog/syslog.ts';
import { createFakeHost, type FakeHost } from '../../../../support/fake-host.ts';
import { MemoryBuffer } from '../../../../support/memory-buffer.ts';
import { MoodyBuffer } from '../../../../support/moody-buffer.ts';
import { markingPipeline } from '../../../../support/played-sources.ts';
import { until } from '../../../../support/until.ts';
import { connectTcp, type Description, LOOPBACK, sendDatagrams } from './running-source.ts';

const planned: PlannedSource = { kind: 'syslog', key: 'syslog', flows: [] };

interface Bench {
  readonly host: FakeHost;
  readonly source: RunningSource;
  /** Also after the source has stopped. */
  readonly described: () => Description;
}

function run(t: TestContext, host: FakeHost, buffer: DurableBuffer): Bench {
  let describe = (): unknown => ({});
  const source = new RunningSource(planned, markingPipeline('p'), {
    commitIntervalMs: 0,
    host,
    buffer,
    open: () => {
      const settings = { tcp: [LOOPBACK], udp: [LOOPBACK], batchRecordsMax: 10, batchDelayMs: 0 };
      const syslog = openSyslog(settings, host);
      describe = () => syslog.describe!();
      return syslog;
    },
  });
  t.after(() => source.stop());
  return { host, source, described: () => describe() as Description };
}

/** More than the source reads ahead, the last one unfinished. */
async function sendTooMuch({ source, described }: Bench): Promise<void> {
  await until('it listens', () => described().tcp?.length === 1);
  const socket = await connectTcp(described().tcp[0]!);
  const line = `<13>${'x'.repeat(1_000)}\n`;
  socket.write(`${line.repeat(2_000)}<13>unfinished`);
  await until('all it may hold waits', () => {
    return source.status().state === 'waiting for space' && described().waiting >= 50;
  });
}

function lossOf(host: FakeHost): Record<string, unknown> {
  const losses = host.log.entries.filter(({ message }) => message.includes('are lost'));
  assert.equal(losses.length, 1, 'one line says it');
  assert.equal(losses[0]!.level, 'error');
  return losses[0]!.facts as Record<string, unknown>;
}

test('all that was taken from senders and is not durable is told in one line', async (t) => {
  const host = createFakeHost();
  const buffer = new MoodyBuffer({ clock: host.clock });
  buffer.refusal = new AgentError('BUFFER_FULL', 'the disk is full');
  const bench = run(t, host, buffer);
  await sendTooMuch(bench);
  await sendDatagrams(bench.described().udp[0]!, ['<13>datagram']);
  const taken = bench.described().messages;
  assert.equal(bench.described().waiting, taken, 'nothing of it is durable');
  await bench.source.stop();
  const { messages, waiting } = bench.described();
  assert.ok(messages >= taken);
  assert.equal(waiting, 0);
  const facts = { source: 'syslog', records: messages, inLedger: 0, reason: 'the disk is full' };
  assert.deepEqual(lossOf(host), facts);
  assert.deepEqual(bench.source.status().facts, { lost: messages });
});

test('a buffer that takes no records but counts has them in the ledger as dropped', async (t) => {
  const host = createFakeHost();
  const buffer = new MemoryBuffer({ clock: host.clock, quotaBytes: 400 });
  const bench = run(t, host, buffer);
  await sendTooMuch(bench);
  const before = buffer.ledger()[0]?.read ?? 0;
  await bench.source.stop();
  const { messages } = bench.described();
  const [row] = buffer.ledger();
  assert.ok(row !== undefined && isBalanced(row), JSON.stringify(row));
  assert.ok(before > 0 && before < messages, `${before} of ${messages} were stored`);
  assert.equal(row.read, messages);
  assert.equal(row.dropped, messages - row.buffered);
  assert.deepEqual(row.reasons, [{ reason: 'could not be stored', count: row.dropped }]);
  const { records, inLedger } = lossOf(host);
  assert.deepEqual([records, inLedger], [row.dropped, row.dropped]);
});

test('a bug of the buffer costs one batch, and that is told', async (t) => {
  const host = createFakeHost();
  const buffer = new MoodyBuffer({ clock: host.clock });
  const bench = run(t, host, buffer);
  await until('it listens', () => bench.described().tcp?.length === 1);
  buffer.refusal = new TypeError('a bug');
  const socket = await connectTcp(bench.described().tcp[0]!);
  socket.write('<13>one\n<13>two\n');
  await until('it has failed', () => bench.source.status().state === 'failed');
  buffer.refusal = undefined;
  assert.partialDeepStrictEqual(lossOf(host), { records: 2, reason: 'a bug' });
  await bench.source.stop();
});
