import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLocalTime } from '../../../../../../packages/agent/src/time/local-time.ts';
import { parseMessage } from '../../../../../support/syslog-records.ts';
import { KNOWN_MESSAGES, RECEIVED_AT_MS, UTC_OFFSET_MINUTES } from './known-messages.ts';

const toEpochMs = createLocalTime(() => UTC_OFFSET_MINUTES);
const arrival = { receivedAtMs: RECEIVED_AT_MS, senderAddress: '192.0.2.7' };

for (const [name, text, priority, eventTime, host, ident, processId, message] of KNOWN_MESSAGES) {
  test(`known message: ${name}`, () => {
    const [facility, severity] = priority.split('.').map(Number);
    const record = parseMessage(text, arrival, toEpochMs);
    assert.deepEqual(
      { ...record, eventTimeMs: isoTime(record.eventTimeMs) },
      {
        facility,
        severity,
        eventTimeMs: eventTime,
        receivedAtMs: RECEIVED_AT_MS,
        host,
        senderAddress: '192.0.2.7',
        ident,
        processId,
        message,
      },
    );
  });
}

function isoTime(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const time = fc.date({
  min: new Date('2000-01-01T00:00:00Z'),
  max: new Date('2099-12-31T23:59:59Z'),
  noInvalidDate: true,
});

test('what is printed as RFC 5424 is read back', () => {
  const priority = fc.integer({ min: 0, max: 191 });
  const free = fc.string({ unit: 'grapheme' }).filter((text) => !/^[-[ \uFEFF]/.test(text));
  fc.assert(
    fc.property(priority, time, word, word, word, free, (pri, at, host, app, id, text) => {
      const line = `<${pri}>1 ${at.toISOString()} ${host} ${app} ${id} - - ${text}`;
      const record = parseMessage(line, arrival, toEpochMs);
      assert.equal(record.facility * 8 + record.severity, pri);
      assert.equal(record.eventTimeMs, at.getTime());
      const read = [record.host, record.ident, record.processId, record.message];
      assert.deepEqual(read, [host, app, id, text]);
    }),
  );
});

test('what is printed as RFC 3164 is read back', () => {
  const dayAndTime = fc.date({
    min: new Date(RECEIVED_AT_MS - 360 * 24 * 3600_000),
    max: new Date(RECEIVED_AT_MS),
    noInvalidDate: true,
  });
  const pid = fc.integer({ min: 0, max: 99_999 });
  fc.assert(
    fc.property(dayAndTime, word, word, pid, fc.string(), (at, host, tag, id, text) => {
      const line = `<13>${bsdTime(at.getTime())} ${host} ${tag}[${id}]: ${text}`;
      const record = parseMessage(line, arrival, toEpochMs);
      assert.equal(record.eventTimeMs, Math.floor(at.getTime() / 1000) * 1000);
      const read = [record.host, record.ident, record.processId, record.message];
      assert.deepEqual(read, [host, tag, String(id), text]);
    }),
  );
});

function bsdTime(epochMs: number): string {
  const wall = new Date(epochMs + UTC_OFFSET_MINUTES * 60_000).toUTCString();
  const [, day, month, , clock] = wall.split(' ');
  return `${month} ${String(Number(day)).padStart(2)} ${clock}`;
}

const pieces = KNOWN_MESSAGES.flatMap(([, text]) => text.split(/(?<=[ :>\]])/));
const scrambled = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 4 })))
  .map((parts) => parts.join('').replaceAll('\uFEFF', ''));

test('whatever comes makes a record whose message is the end of the text', () => {
  fc.assert(
    fc.property(scrambled, (text) => {
      const record = parseMessage(text, arrival, toEpochMs);
      assert.ok(text.endsWith(record.message), record.message);
      if (record.facility < 0 && record.eventTimeMs === null) assert.equal(record.message, text);
      if (record.eventTimeMs !== null) assert.ok(Number.isInteger(record.eventTimeMs));
    }),
    { numRuns: 2000 },
  );
});
