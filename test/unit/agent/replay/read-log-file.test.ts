import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAgentError } from '../../../../packages/agent/src/errors.ts';
import { readLogFile } from '../../../../packages/agent/src/replay/read-log-file.ts';
import { ReplayClock } from '../../../../packages/agent/src/replay/replay-clock.ts';
import type { RecordForm } from '../../../../packages/agent/src/sources/log-files/record-reader.ts';
import { recordStartOf } from '../../../../packages/agent/src/sources/log-files/record-start.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const LINES: RecordForm = { kind: 'lines' };
const TIMED: RecordForm = { kind: 'timed', begins: recordStartOf('ISO 8601', (ms) => ms)! };

interface Reading {
  readonly records: readonly string[];
  readonly rejects: Readonly<Record<string, number>>;
}

async function read(content: string | Buffer, form = LINES): Promise<Reading> {
  const path = join(await temporaryFolder(), 'a.log');
  await writeFile(path, content);
  const records: string[] = [];
  const rejects: Record<string, number> = {};
  await readLogFile(path, {
    ...{ form, clock: new ReplayClock(undefined), name: 'a.log' },
    take(batch) {
      batch.records.each(({ bytes, start, end }) => {
        records.push(bytes.toString('utf8', start, end));
      });
      for (const { reason, count } of batch.rejects ?? []) {
        rejects[reason] = (rejects[reason] ?? 0) + count;
      }
    },
    settle: async () => {},
  });
  return { records, rejects };
}

test('the last line is a record, whether it is ended or not', async () => {
  assert.deepEqual((await read('one\ntwo\n')).records, ['one', 'two']);
  assert.deepEqual((await read('one\r\ntwo')).records, ['one', 'two']);
  assert.deepEqual((await read('')).records, []);
});

test('the last record has all of its lines, whether the last is ended or not', async () => {
  const first = '2026-11-20T10:00:00Z first';
  const second = '2026-11-20T10:00:01Z second\n  goes on';
  for (const end of ['', '\n']) {
    assert.deepEqual((await read(`${first}\n${second}${end}`, TIMED)).records, [first, second]);
    assert.deepEqual((await read(`${second}\n${first}${end}`, TIMED)).records, [second, first]);
  }
});

test('UTF-16 is read by its mark, its last line as well', async () => {
  const little = Buffer.from('\ufeffeins\nzwö', 'utf16le');
  assert.deepEqual((await read(little)).records, ['eins', 'zwö']);
  assert.deepEqual((await read(Buffer.from(little).swap16())).records, ['eins', 'zwö']);
});

test('records of files larger than a slice come once each, in their order', async () => {
  const lines = Array.from({ length: 60_000 }, (_, n) => `line ${n} of a file of some length`);
  assert.deepEqual((await read(lines.join('\n'))).records, lines);
});

test('a line that is too long is rejected as the agent rejects it, at the end as well', async () => {
  const long = 'x'.repeat(1_048_577);
  const { records, rejects } = await read(`a\n${long}\nb\n${long}`);
  assert.deepEqual(records, ['a', 'b']);
  assert.deepEqual(rejects, { 'line over 1 MB': 2 });
});

test('a file that is compressed, or is none, is told', async () => {
  const gzip = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3]);
  await assert.rejects(read(gzip), (error) => {
    return isAgentError(error, 'SOURCE_UNAVAILABLE') && /gzip/.test(error.message);
  });
  const options = {
    ...{ form: LINES, clock: new ReplayClock(undefined), name: '', take: () => {} },
    settle: async () => {},
  };
  const nowhere = join(await temporaryFolder(), 'nowhere');
  await assert.rejects(readLogFile(nowhere, options), (error) =>
    isAgentError(error, 'SOURCE_UNAVAILABLE'),
  );
});
