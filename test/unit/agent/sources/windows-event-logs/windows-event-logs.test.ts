import assert from 'node:assert/strict';
import { appendFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { WindowsEventRecord } from '../../../../../packages/agent/src/eventlog/windows-event-record.ts';
import type { Batch } from '../../../../../packages/agent/src/record.ts';
import { openWindowsEventLogs } from '../../../../../packages/agent/src/sources/windows-event-logs/windows-event-logs.ts';
import { EvtxAppender } from '../../../../support/evtx-writer/evtx-appender.ts';
import { writeEvtx } from '../../../../support/evtx-writer/evtx-writer.ts';
import { createFakeHost, type FakeHost } from '../../../../support/fake-host.ts';
import { numberedEvent } from '../../../../support/numbered-events.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { until } from '../../../../support/until.ts';

const KEY = 'windowsEventLogs:application';

interface Running {
  readonly numbers: number[];
  readonly rejects: { reason: string; count: number }[];
  /** As the buffer would have committed them. */
  readonly cursors: Map<string, string>;
  readonly log: FakeHost['log'];
  describe(): Readonly<Record<string, unknown>>;
  /** Lets the source look again; resolves when it has. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

function follow(t: TestContext, paths: string[], cursors = new Map<string, string>()): Running {
  const host = createFakeHost();
  const source = openWindowsEventLogs(
    { key: KEY, channel: 'Application', paths },
    new Map(cursors),
    host,
  );
  const abort = new AbortController();
  const numbers: number[] = [];
  const rejects: Running['rejects'] = [];
  const emit = async ({
    records,
    cursors: moved,
    rejects: lost = [],
  }: Batch<WindowsEventRecord>): Promise<void> => {
    records.each((record) => void numbers.push(numberOf(record)));
    rejects.push(...lost);
    for (const { key, value } of moved) cursors.set(key, value!);
  };
  const done = source.run(emit, abort.signal);
  const stop = async (): Promise<void> => {
    abort.abort();
    await done;
  };
  t.after(stop);
  return {
    numbers,
    rejects,
    cursors,
    log: host.log,
    describe: () => source.describe!(),
    look: async () => {
      const allAsleep = (): boolean => host.clock.sleeping === paths.length;
      await until('every file was looked at', allAsleep);
      await host.clock.advance(1_000);
      await until('every file was looked at again', allAsleep);
    },
    stop,
  };
}

function numberOf({ event }: WindowsEventRecord): number {
  const data = event.children.find(({ name }) => name === 'EventData')!;
  return Number(data.children[0]!.value!.text);
}

/** Where the records of the first chunk begin in the file. */
function recordOffsets(file: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = 4096 + 512; file.readUInt32LE(at) === 0x2a2a; at += file.readUInt32LE(at + 4)) {
    offsets.push(at);
  }
  return offsets;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('a log is read from its beginning and followed as it grows', async (t) => {
  const path = join(await temporaryFolder(), 'a.evtx');
  const log = new EvtxAppender(path);
  log.append(...range(1, 300).map((n) => numberedEvent(n)));
  const running = follow(t, [path]);
  await until('300 are read', () => running.numbers.length === 300);
  log.append(numberedEvent(301));
  await running.look();
  await until('the new one is read', () => running.numbers.length === 301);
  assert.deepEqual(running.numbers, range(1, 301));
});

test('reading goes on at the committed cursor, without loss or repetition', async (t) => {
  const path = join(await temporaryFolder(), 'a.evtx');
  const log = new EvtxAppender(path);
  log.append(...range(1, 50).map((n) => numberedEvent(n)));
  const first = follow(t, [path]);
  await until('all are read', () => first.numbers.length === 50);
  await first.stop();
  log.append(...range(51, 400).map((n) => numberedEvent(n)));
  const second = follow(t, [path], first.cursors);
  await until('the rest is read', () => second.numbers.length >= 350);
  assert.deepEqual(second.numbers, range(51, 400));
});

test('a file that is missing is waited for and does not hold up the others', async (t) => {
  const folder = await temporaryFolder();
  const [late, there] = [join(folder, 'late.evtx'), join(folder, 'there.evtx')];
  await writeFile(there, writeEvtx([numberedEvent(1)]));
  const running = follow(t, [late, there]);
  await until('the file that is there is read', () => running.numbers.length === 1);
  await until('the other is reported', () => JSON.stringify(running.describe()).includes('ENOENT'));
  await writeFile(`${late}.new`, writeEvtx([numberedEvent(2)]));
  await rename(`${late}.new`, late);
  await running.look();
  await until('it is read when it is there', () => running.numbers.includes(2));
  assert.doesNotMatch(JSON.stringify(running.describe()), /ENOENT/);
});

test('damage is counted once, at every look and over restarts', async (t) => {
  const path = join(await temporaryFolder(), 'a.evtx');
  const bytes = writeEvtx(range(1, 400).map((n) => numberedEvent(n)));
  // The first record defines the template that the others use, so a later one is spoilt.
  const [, , third] = bytes.toString('latin1').matchAll(/\*\*\0\0/g);
  bytes.fill(0xff, third!.index + 24, third!.index + 48);
  await writeFile(path, bytes);
  const first = follow(t, [path]);
  await until('the rest is read', () => first.numbers.length === 399);
  await first.look();
  await first.look();
  assert.equal(
    first.rejects.reduce((total, { count }) => total + count, 0),
    1,
  );
  await first.stop();
  const second = follow(t, [path], first.cursors);
  await second.look();
  await second.look();
  assert.deepEqual([second.numbers, second.rejects], [[], []]);
});

test('damage in the newest chunk costs only itself, once the file has come to rest', async (t) => {
  const path = join(await temporaryFolder(), 'a.evtx');
  const file = writeEvtx(range(1, 20).map((n) => numberedEvent(n)));
  const third = recordOffsets(file)[2]!;
  file.writeUInt32LE(5, third + 4);
  await writeFile(path, file);
  const running = follow(t, [path]);
  await until('what is before it is read', () => running.numbers.length === 2);
  await running.look();
  assert.deepEqual(running.numbers, [1, 2], 'it may still be being written');
  const restedAt = new Date(Date.UTC(2025, 1, 1));
  await utimes(path, restedAt, restedAt);
  await running.look();
  await until('the rest is read', () => running.numbers.length === 19);
  await running.look();
  assert.deepEqual(running.numbers, [1, 2, ...range(4, 20)]);
  assert.deepEqual(running.rejects, [{ reason: 'damaged record', count: 1 }]);
});

test('a file that is no event log is reported and harms nothing', async (t) => {
  const path = join(await temporaryFolder(), 'a.evtx');
  await writeFile(path, 'not an event log at all, '.repeat(20_000));
  const running = follow(t, [path]);
  await until('it is reported', () => running.log.entries.some(({ level }) => level === 'warn'));
  const before = running.log.entries.length;
  await running.look();
  await running.look();
  assert.equal(running.log.entries.length, before, 'said once');
  assert.deepEqual(running.numbers, []);
});

test('event XML is read once, and again from where it was left when it grows', async (t) => {
  const path = join(await temporaryFolder(), 'a.xml');
  await writeFile(
    path,
    range(1, 500)
      .map((n) => `${numberedEvent(n)}\n`)
      .join(''),
  );
  const first = follow(t, [path]);
  await until('all are read', () => first.numbers.length === 500);
  await first.look();
  await first.look();
  assert.equal(first.numbers.length, 500);
  await appendFile(path, `${numberedEvent(501)}\n${numberedEvent(502).slice(0, 80)}`);
  await first.look();
  await until('the new one is read', () => first.numbers.length === 501);
  await first.stop();
  await appendFile(path, `${numberedEvent(502).slice(80)}\n`);
  const second = follow(t, [path], first.cursors);
  await until('the torn one is read when it is whole', () => second.numbers.length > 0);
  assert.deepEqual([first.numbers, second.numbers], [range(1, 501), [502]]);
  assert.deepEqual([first.rejects, second.rejects], [[], []]);
});

test('event XML that was left in the middle is read to its end', async (t) => {
  const path = join(await temporaryFolder(), 'a.xml');
  await writeFile(
    path,
    range(1, 2_000)
      .map((n) => numberedEvent(n))
      .join('\n'),
  );
  const whole = follow(t, [path]);
  await until('all are read', () => whole.numbers.length === 2_000);
  await whole.stop();
  // A cursor as it was committed after the first piece.
  const abort = new AbortController();
  const cursors = new Map<string, string>();
  let count = 0;
  const source = openWindowsEventLogs(
    { key: KEY, channel: 'Application', paths: [path] },
    new Map(),
    createFakeHost(),
  );
  await source.run(async ({ records, cursors: moved }) => {
    for (const { key, value } of moved) cursors.set(key, value!);
    count += records.count;
    abort.abort();
  }, abort.signal);
  assert.ok(count > 0 && count < 2_000);
  const rest = follow(t, [path], cursors);
  await until('the rest is read', () => rest.numbers.length + count >= 2_000);
  assert.deepEqual(rest.numbers, range(count + 1, 2_000));
});

for (const [what, next] of [
  ['of the same size', range(11, 20)],
  ['that is larger', range(11, 40)],
  ['that is smaller', range(11, 15)],
] as const) {
  test(`event XML that is replaced by a file ${what} is read from its beginning`, async (t) => {
    const path = join(await temporaryFolder(), 'a.xml');
    const xmlOf = (numbers: readonly number[]): string =>
      `<Events>${numbers.map((n) => numberedEvent(n)).join('\n')}</Events>`;
    await writeFile(path, xmlOf(range(21, 30)));
    const running = follow(t, [path]);
    await until('all are read', () => running.numbers.length === 10);
    await writeFile(`${path}.new`, xmlOf(next));
    await rename(`${path}.new`, path);
    await running.look();
    await until('the new file is read', () => running.numbers.length === 10 + next.length);
    assert.deepEqual(running.numbers, [...range(21, 30), ...next]);
  });
}

test('event XML whose closing tag makes room for more events goes on where it was', async (t) => {
  const path = join(await temporaryFolder(), 'a.xml');
  await writeFile(path, `<Events>${numberedEvent(1)}</Events>`);
  const running = follow(t, [path]);
  await until('the first is read', () => running.numbers.length === 1);
  await writeFile(path, `<Events>${numberedEvent(1)}${numberedEvent(2)}</Events>`);
  await running.look();
  await until('the second is read', () => running.numbers.length === 2);
  assert.deepEqual(running.numbers, [1, 2]);
});

test('a log in which nothing is newer than the position is told as a problem', async (t) => {
  const path = join(await temporaryFolder(), 'a.evtx');
  const events = range(1, 20).map((n) => numberedEvent(n));
  await writeFile(path, writeEvtx(events, { startRecordId: 1_000 }));
  const running = follow(t, [path]);
  await until('all are read', () => running.numbers.length === 20);
  await writeFile(path, writeEvtx(events));
  await running.look();
  await running.look();
  assert.match(JSON.stringify(running.describe()), /nor is anything newer/);
  assert.equal(running.log.entries.filter(({ level }) => level === 'warn').length, 1);
});

test('a file at rest is looked into when it changes, and now and then', async (t) => {
  const path = join(await temporaryFolder(), 'a.evtx');
  const restedAt = new Date(Date.UTC(2025, 1, 1));
  const write = async (last: number): Promise<void> => {
    await writeFile(path, writeEvtx(range(1, last).map((n) => numberedEvent(n))));
    await utimes(path, restedAt, restedAt);
  };
  await write(10);
  const running = follow(t, [path]);
  await until('all are read', () => running.numbers.length === 10);
  // The same size and times: a short look cannot tell.
  await write(11);
  for (let look = 0; look < 5; look++) await running.look();
  assert.equal(running.numbers.length, 10);
  for (let look = 0; look < 30; look++) await running.look();
  await until('it was looked into', () => running.numbers.length === 11);
  await writeFile(path, writeEvtx(range(1, 12).map((n) => numberedEvent(n))));
  await running.look();
  await until('the change was seen', () => running.numbers.length === 12);
});

test('a channel without a file says how to name one', async (t) => {
  const running = follow(t, []);
  assert.match(JSON.stringify(running.describe()), /sources\.windowsEventLogs\.channels/);
  assert.match(running.log.entries[0]!.message, /Application: \/path/);
});
