/**
 * Records of several lines: where they end, and that nothing is lost or repeated at that place.
 * Files are written synchronously, so that the hurried clock does not pass the wait meanwhile.
 */
import assert from 'node:assert/strict';
import { appendFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { FollowedFolder } from './followed-folder.ts';

const TIMED = {
  records: { kind: 'timed', startFormat: 'YYYY-MM-DD HH:MM:SS' },
  utcOffsetMinutes: () => 0,
} as const;
const AT = '2025-02-28 10:11:1';

test('a record goes on over the lines that begin with no time', async (t) => {
  const folder = await FollowedFolder.create(t);
  const text = `first\n\n${AT}0 one\n  at a\r\n\n  at b\n${AT}1 two\n${AT}2 three\r\n  at c\r\n`;
  writeFileSync(folder.file('a.log'), text);
  folder.start('a.log', TIMED);
  await folder.settle();
  assert.deepEqual(folder.lines, [
    ...['first', ''],
    `${AT}0 one\n  at a\n\n  at b`,
    `${AT}1 two`,
    `${AT}2 three\n  at c`,
  ]);
  const times = folder.records.map(({ timeMs }) => new Date(timeMs).toISOString().slice(0, 19));
  assert.deepEqual(
    times.slice(2),
    ['0', '1', '2'].map((n) => `2025-02-28T10:11:1${n}`),
  );
  // Lines outside of any record have the time of reading.
  assert.equal(times[0], '2025-03-01T00:00:00');
});

test('the last record waits for its next line, and not for ever', async (t) => {
  const folder = await FollowedFolder.create(t);
  writeFileSync(folder.file('a.log'), `${AT}0 one\n`);
  folder.start('a.log', TIMED);
  await folder.rest(4);
  assert.deepEqual(folder.lines, []);
  appendFileSync(folder.file('a.log'), '  at a\n');
  await folder.rest(4);
  appendFileSync(folder.file('a.log'), `${AT}1 two\n`);
  await folder.rest(4);
  assert.deepEqual(folder.lines, [`${AT}0 one\n  at a`]);
  await folder.settle();
  assert.deepEqual(folder.lines.slice(1), [`${AT}1 two`]);
  // What comes after the wait is no record of its own, and not lost.
  appendFileSync(folder.file('a.log'), '  late\n');
  await folder.settle();
  assert.deepEqual(folder.lines.slice(2), ['  late']);
});

test('a record that waits is read after a restart, once', async (t) => {
  const folder = await FollowedFolder.create(t);
  writeFileSync(folder.file('a.log'), `${AT}0 one\n${AT}1 two\n`);
  folder.start('a.log', TIMED);
  await folder.rest(4);
  await folder.stop();
  assert.deepEqual(folder.lines, [`${AT}0 one`]);
  appendFileSync(folder.file('a.log'), '  at b\n');
  folder.start('a.log', TIMED);
  await folder.settle();
  assert.deepEqual(folder.lines, [`${AT}0 one`, `${AT}1 two\n  at b`]);
});

test('the last record of a file that is rotated or deleted is read', async (t) => {
  const folder = await FollowedFolder.create(t);
  writeFileSync(folder.file('a.log'), `${AT}0 one\n  at a\n`);
  folder.start('a.log', TIMED);
  await folder.rest(4);
  renameSync(folder.file('a.log'), folder.file('old'));
  writeFileSync(folder.file('a.log'), `${AT}1 two\n${AT}2 three, unfinished`);
  await folder.rest(4);
  unlinkSync(folder.file('a.log'));
  await folder.settle();
  assert.deepEqual(folder.lines.toSorted(), [
    `${AT}0 one\n  at a`,
    `${AT}1 two`,
    `${AT}2 three, unfinished`,
  ]);
});

test('a record larger than a slice is whole, and one over 1 MB is left out and counted', async (t) => {
  const folder = await FollowedFolder.create(t);
  const large = `${AT}0 large\n${'  at a line of a trace\n'.repeat(30_000)}`;
  const huge = `${AT}1 huge\n${'  at a line of a trace\n'.repeat(60_000)}`;
  writeFileSync(folder.file('a.log'), `${large}${huge}${AT}2 next\n`);
  folder.start('a.log', TIMED);
  await folder.settle();
  assert.deepEqual(
    folder.lines.map((line) => line.length),
    [large.length - 1, `${AT}2 next`.length],
  );
  const rejects = folder.batches.flatMap((batch) => batch.rejects ?? []);
  assert.deepEqual(rejects, [{ reason: 'line over 1 MB', count: 1 }]);
});

test('records are the same however they are written, and whenever the agent is stopped', async (t) => {
  const record = fc.record({ more: fc.array(fc.nat(3), { maxLength: 4 }), isCrLf: fc.boolean() });
  const pause = fc.constantFrom('none', 'rest', 'restart');
  const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), pause), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 8 }), cuts, async (records, places) => {
      const folder = await FollowedFolder.create(t);
      const expected = records.map(({ more }, i) =>
        [`${AT}0 ${i}`, ...more.map((n) => `  ${'x'.repeat(n)}`)].join('\n'),
      );
      const text = expected.map((one, i) => {
        const end = records[i]!.isCrLf ? '\r\n' : '\n';
        return one.replaceAll('\n', end) + end;
      });
      let rest = text.join('');
      writeFileSync(folder.file('a.log'), '');
      folder.start('a.log', TIMED);
      for (const [length, then] of places) {
        appendFileSync(folder.file('a.log'), rest.slice(0, length));
        rest = rest.slice(length);
        if (then === 'rest') await folder.rest(2);
        if (then !== 'restart') continue;
        await folder.stop();
        folder.start('a.log', TIMED);
      }
      appendFileSync(folder.file('a.log'), rest);
      await folder.settle();
      assert.deepEqual(folder.lines, expected);
      await folder.stop();
    }),
    { numRuns: 25 },
  );
});
