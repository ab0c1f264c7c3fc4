import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { InputFile } from '../../../../packages/agent/src/replay/replay-input.ts';
import { withFile } from '../../../../packages/agent/src/replay/spool.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const STDIN: InputFile = { name: '-', kind: 'stream', size: 0 };
// Of this process alone, so that copies of others are not seen.
process.env.TMPDIR = await temporaryFolder();
const left = (): string[] => readdirSync(tmpdir());

test('what was copied from a stream can be read again and again', async () => {
  const pieces = ['one\n', 'x'.repeat(300_000), '\nend'];
  const read: string[] = [];
  await withFile(
    STDIN,
    () => Readable.from(pieces.map((piece) => Buffer.from(piece))),
    async (path) => {
      read.push(await readFile(path, 'utf8'), await readFile(path, 'utf8'));
    },
  );
  assert.deepEqual(read, [pieces.join(''), pieces.join('')]);
  assert.deepEqual(left(), []);
});

test('the copy has no name while it is read, nor while it is written', {
  skip: process.platform !== 'linux' && 'only Linux shows open files by descriptor',
}, async () => {
  const seen: string[][] = [];
  const stream = Readable.from(
    (async function* () {
      yield Buffer.from('one');
      seen.push(left());
      yield Buffer.from('two');
    })(),
  );
  await withFile(
    STDIN,
    () => stream,
    async () => void seen.push(left()),
  );
  assert.deepEqual(seen, [[], []]);
});

test('a stream that fails is told as an input that cannot be read', async () => {
  const failing = (): Readable => new Readable({ read: () => {} }).destroy(new Error('torn'));
  await assert.rejects(
    withFile(STDIN, failing, async () => assert.fail('nothing is read')),
    { code: 'SOURCE_UNAVAILABLE' },
  );
  assert.deepEqual(left(), []);
});
