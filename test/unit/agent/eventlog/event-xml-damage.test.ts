/** What is said of event XML that cannot be read, however it arrives. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Damage } from '../../../../packages/agent/src/eventlog/damage.ts';
import {
  parseEventXml,
  readEventXmlStream,
} from '../../../../packages/agent/src/eventlog/event-xml-reader.ts';
import { eventXml } from '../../../support/evtx-writer/event-xml.ts';
import { writeEvtx } from '../../../support/evtx-writer/evtx-writer.ts';

const PIECE_SIZE = 100_000;
const LIMIT = 0x40_0000;

interface Content {
  readonly ids: (string | undefined)[];
  readonly damage: Damage[];
}

async function read(file: string | Buffer): Promise<Content> {
  const bytes = Buffer.from(file);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_SIZE) {
    pieces.push(bytes.subarray(at, at + PIECE_SIZE));
  }
  const content: Content = { ids: [], damage: [] };
  for await (const { events, damage } of readEventXmlStream(Readable.from(pieces))) {
    content.ids.push(...events.map((event) => /<EventID>(\d+)/.exec(event.xml())?.[1]));
    content.damage.push(...damage);
  }
  return content;
}

const numbered = (eventId: number): string => eventXml({ eventId });
const large = (length: number): string => eventXml({ eventId: 2, data: { A: 'x'.repeat(length) } });
const tooLong = (offset: number, length: number): Damage => ({
  offset,
  length,
  reason: 'oversized event',
  detail: 'an event of more than 4194304 characters',
});

test('an event too large to be one is told once, with the limit, and passed over', async () => {
  const before = numbered(1);
  for (const length of [LIMIT, LIMIT + 150_000, 5_000_000, 9_500_000]) {
    const huge = large(length);
    assert.deepEqual(await read(`${before}${huge}${numbered(3)}`), {
      ids: ['1', '3'],
      damage: [tooLong(before.length, huge.length)],
    });
    assert.deepEqual((await read(huge)).damage, [tooLong(0, huge.length)]);
  }
});

test('an event as large as allowed is read, and so is the one behind it', async () => {
  const rest = large(0).length;
  const { ids, damage } = await read(`${large(LIMIT - rest)}${numbered(3).repeat(200)}`);
  assert.deepEqual(damage, []);
  assert.deepEqual(ids, ['2', ...Array.from({ length: 200 }, () => '3')]);
});

test('text before the first event is one place, however long it is', async () => {
  const text = 'no event '.repeat(1_000_000);
  const { ids, damage } = await read(`${text}${numbered(3)}`);
  assert.deepEqual(ids, ['3']);
  assert.deepEqual(damage, [
    { offset: 0, length: text.length, reason: 'malformed event', detail: 'not a closed event' },
  ]);
});

test('text without any event is no event log, told once at its end', async () => {
  for (const text of ['some text', 'no event '.repeat(1_000_000).trim()]) {
    const damage: Damage[] = [{ offset: 0, length: text.length, reason: 'no event log' }];
    assert.deepEqual(await read(text), { ids: [], damage });
    assert.deepEqual(parseEventXml(text).damage, damage);
  }
});

test('an .evtx file in a pipe is told as that, and not searched for text', async () => {
  const { ids, damage } = await read(writeEvtx([numbered(1)]));
  assert.deepEqual(ids, []);
  assert.deepEqual(damage, [{ offset: 0, length: 0, reason: 'piped log' }]);
});
