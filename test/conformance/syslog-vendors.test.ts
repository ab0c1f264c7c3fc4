/**
 * Messages in the shape that vendors document, each with the parts that are to be read from it:
 * `syslog-vendors/<dialect>.json`. Received on 2025-03-01 at 10:11:12 UTC by a machine one hour
 * ahead of UTC. A new message is a new entry.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLocalTime } from '../../packages/agent/src/time/local-time.ts';
import { parseMessage } from '../support/syslog-records.ts';
import { assertTwins } from '../support/syslog-twins.ts';

interface Dialect {
  /** Where the form is documented. */
  readonly source: string;
  readonly messages: readonly (Parts & { readonly text: string })[];
}

interface Parts {
  readonly facility: number;
  readonly severity: number;
  readonly eventTime: string | null;
  readonly host: string;
  readonly ident: string;
  readonly processId: string;
  readonly message: string;
}

const FOLDER = fileURLToPath(new URL('syslog-vendors', import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const ARRIVAL = { receivedAtMs: Date.UTC(2025, 2, 1, 10, 11, 12), senderAddress: '192.0.2.1' };
const ALL = { facilityNames: ['*'], logLevels: ['*'] };
const anHourAhead = createLocalTime(() => 60);

function read(text: string): Parts {
  const fields = parseMessage(text, ARRIVAL, anHourAhead);
  const { facility, severity, eventTimeMs, host, ident, processId, message } = fields;
  const eventTime = eventTimeMs === null ? null : new Date(eventTimeMs).toISOString();
  return { facility, severity, eventTime, host, ident, processId, message };
}

for (const file of FILES) {
  const { messages, source } = JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Dialect;

  test(`${file.replace('.json', '')}: the parts of its messages are read`, () => {
    assert.ok(source.length > 0 && messages.length >= 5);
    for (const { text, ...expected } of messages) assert.deepEqual(read(text), expected, text);
  });

  test(`${file.replace('.json', '')}: the kernel writes the rows of its twin`, () => {
    const arrived = { arrival: ARRIVAL, messages: messages.map(({ text }) => Buffer.from(text)) };
    assertTwins([[arrived]], [ALL]);
  });
}

test('there are at least a dozen dialects', () => {
  assert.ok(FILES.length >= 12);
});
