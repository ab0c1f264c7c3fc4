/** A syslog source that somebody looks into. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageBatch } from '../../../../../packages/agent/src/sources/syslog/message-batch.ts';
import { SyslogTap } from '../../../../../packages/agent/src/sources/syslog/tap.ts';

const toEpochMs = (wallMs: number): number => wallMs;
const ARRIVAL = { receivedAtMs: Date.UTC(2025, 2, 2), senderAddress: '10.0.0.5' };

function batchOf(...messages: readonly (string | Uint8Array)[]): MessageBatch {
  const batch = new MessageBatch({ toEpochMs, onUnparsed: () => assert.fail('not looked at yet') });
  for (const text of messages) {
    const bytes = Buffer.from(text as string);
    batch.add(bytes, 0, bytes.length, ARRIVAL);
  }
  return batch;
}

test('whoever looks sees every message until he stops', () => {
  const tap = new SyslogTap();
  const show = tap.viewer(toEpochMs, () => 'own message');
  const seen: unknown[] = [];
  show(batchOf('<13>before: x'));
  const close = tap.open((record, format) => {
    const { bytes, parts, facility, senderAddress, refusal } = record;
    const ident = bytes.toString('utf8', parts.identStart, parts.identEnd);
    seen.push([ident, facility, format, senderAddress, refusal]);
  });
  show(batchOf('<13>a: x', 'no header at all'));
  show(batchOf(Uint8Array.of(0x3c, 0x31, 0x33, 0x3e, 0xff)));
  close();
  show(batchOf('<13>after: x'));
  assert.deepEqual(seen, [
    ['a', 1, 'no-time', '10.0.0.5', 'own message'],
    ['', -1, 'none', '10.0.0.5', 'own message'],
    ['', 1, 'no-time', '10.0.0.5', 'own message'],
  ]);
});

test('looking leaves the bytes as they are, though taking apart moves them', () => {
  const tap = new SyslogTap();
  const text = '<34>1 - host app - - [x@1 a="b"] \u{feff}text';
  const batch = batchOf(text);
  tap.open(() => {});
  tap.viewer(toEpochMs, () => undefined)(batch);
  assert.equal(batch.groups[0]!.bytes.toString(), text);
});

test('only one may look at a time', () => {
  const tap = new SyslogTap();
  const close = tap.open(() => {});
  assert.equal(tap.isOpen, true);
  assert.throws(() => tap.open(() => {}), /looks at syslog already/);
  close();
  tap.open(() => {});
  close();
  assert.equal(tap.isOpen, true, 'who has stopped stops nobody else');
});
