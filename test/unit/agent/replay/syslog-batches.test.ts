import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplayClock } from '../../../../packages/agent/src/replay/replay-clock.ts';
import { SyslogBatches } from '../../../../packages/agent/src/replay/syslog-batches.ts';

interface Read {
  readonly priorities: string[];
  readonly texts: string[];
  readonly times: number[];
  readonly receivedMs: number[];
}

function read(chunks: readonly string[], clock = new ReplayClock(undefined)): Read {
  const found: Read = { priorities: [], texts: [], times: [], receivedMs: [] };
  const batches = new SyslogBatches(clock, {
    message: ({ facility, severity }, timeMs) => {
      found.priorities.push(`${facility}.${severity}`);
      found.times.push(timeMs);
    },
    batch: (make) => {
      // Taken apart twice, from the same bytes.
      for (const copy of [make, make]) {
        const texts: string[] = [];
        copy().records.each(({ bytes, parts, receivedAtMs }) => {
          texts.push(bytes.toString('utf8', parts.messageStart, parts.messageEnd));
          if (copy === make) found.receivedMs.push(receivedAtMs);
        });
        found.texts.splice(0, found.texts.length, ...texts);
      }
    },
  });
  for (const chunk of chunks) batches.push(Buffer.from(chunk));
  batches.end();
  return found;
}

const local = (year: number, month: number, day: number, hour = 0): number =>
  new Date(year, month - 1, day, hour).getTime();

test('lines of a log have no priority, lines that were sent have theirs', () => {
  const { priorities, texts } = read([
    'Nov 20 10:00:00 host app: from a log\n<28>1 2026-11-20T10:00:01Z host app - - - was sent\n',
  ]);
  assert.deepEqual(priorities, ['-1.-1', '3.4']);
  assert.deepEqual(texts, ['from a log', 'was sent']);
});

test('counted frames are parted by their count, and may be cut anywhere', () => {
  const message = '<13>1 2026-11-20T10:00:00Z host app - - - two\nlines';
  const text = `${message.length} ${message}`.repeat(2);
  const { texts } = read([text.slice(0, 30), text.slice(30, 90), text.slice(90)]);
  assert.deepEqual(texts, ['two\nlines', 'two\nlines']);
});

test('a last line that nothing ends is a message', () => {
  assert.equal(read(['<13>1 2026-11-20T10:00:00Z host app - - - a\n<13>b']).priorities.length, 2);
});

test('times without a year go on over the turn of it', () => {
  const lines = ['Dec 31 10:00:00', 'Jan  1 10:00:00', 'Jun  1 10:00:00', 'Nov 20 10:00:00'];
  const { times } = read(lines.map((time) => `${time} host app: a\n`));
  const first = new Date(times[0]!).getFullYear();
  const expected = [
    local(first, 12, 31, 10),
    local(first + 1, 1, 1, 10),
    local(first + 1, 6, 1, 10),
    local(first + 1, 11, 20, 10),
  ];
  assert.deepEqual(times, expected);
});

test('a time without a year is of the year that was read before', () => {
  const { times } = read([
    '<13>1 2026-03-01T10:00:00Z host app - - - a\nMar  2 10:00:00 host app: b\n',
  ]);
  assert.equal(times[1], local(2026, 3, 2, 10));
});

test('a time with a year tells the year of those in front of it', () => {
  const { times } = read([
    'Mar  2 10:00:00 host app: a\n<13>1 2026-03-03T10:00:00Z host app - - - b\n',
  ]);
  assert.equal(times[0], local(2026, 3, 2, 10));
});

test('messages are received when the newest of them was written, or when it was said', () => {
  const text = '<13>1 2026-03-01T10:00:00Z h a - - - a\n<13>1 2026-03-01T10:00:05Z h a - - - b\n';
  const newest = Date.UTC(2026, 2, 1, 10, 0, 5);
  assert.deepEqual(new Set(read([text]).receivedMs), new Set([newest]));
  const said = Date.UTC(2026, 2, 2);
  assert.deepEqual(new Set(read([text], new ReplayClock(said)).receivedMs), new Set([said]));
});

test('segments of one message are one message', () => {
  const head = '<181>Mar  1 10:11:12 ise01 CISE_Passed_Authentications 0000012345 2';
  const { texts } = read([`${head} 0 Step=1, \n${head} 1 Step=2\n`]);
  assert.equal(texts.length, 1);
  assert.match(texts[0]!, /Step=1, Step=2$/);
});
