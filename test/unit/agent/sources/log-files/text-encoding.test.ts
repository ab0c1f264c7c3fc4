import assert from 'node:assert/strict';
import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { encodingOf } from '../../../../../packages/agent/src/sources/log-files/text-encoding.ts';
import { FollowedFolder } from './followed-folder.ts';

const little = (text: string): Buffer => Buffer.from(text, 'utf16le');
const big = (text: string): Buffer => little(text).swap16();

test('the encoding is told by a mark, or by two letters of two bytes', () => {
  assert.equal(encodingOf(little('\uFEFFa')), 'UTF-16 LE');
  assert.equal(encodingOf(big('\uFEFFa')), 'UTF-16 BE');
  assert.equal(encodingOf(little('2026-')), 'UTF-16 LE');
  assert.equal(encodingOf(big('2026-')), 'UTF-16 BE');
  assert.equal(encodingOf(little('a\n')), 'UTF-16 LE');
  assert.equal(encodingOf(Buffer.from('\uFEFFa')), 'UTF-8');
  assert.equal(encodingOf(Buffer.from('text')), 'UTF-8');
  assert.equal(encodingOf(Buffer.from('t')), 'UTF-8');
  assert.equal(encodingOf(Buffer.from('漢字')), 'UTF-8');
  assert.equal(encodingOf(Buffer.alloc(8)), 'UTF-8');
  assert.equal(encodingOf(Buffer.of()), 'UTF-8');
});

test('as long as it cannot be told nothing is read', () => {
  assert.equal(encodingOf(Buffer.of(0xff)), undefined);
  assert.equal(encodingOf(little('\n')), undefined);
  assert.equal(encodingOf(big('a')), undefined);
});

const LINES = ['first ü', '漢字 \u{1f600}', '', 'Ċ\u0a0a\u0d0a', 'last'];

for (const [name, encode] of Object.entries({ 'little-endian': little, 'big-endian': big })) {
  for (const mark of ['\uFEFF', '']) {
    const what = `UTF-16, ${name}, ${mark === '' ? 'without' : 'with'} mark`;
    test(`${what}, is read however it is cut, over restarts`, async (t) => {
      const folder = await FollowedFolder.create(t);
      const bytes = encode(`${mark}${LINES.join('\r\n')}\r\n`);
      await writeFile(folder.file('a.log'), '');
      folder.start('*.log');
      for (let at = 0; at < bytes.length; at += 3) {
        await appendFile(folder.file('a.log'), bytes.subarray(at, at + 3));
        if (at % 2 === 0) await folder.rest(1);
        if (at % 9 !== 0) continue;
        await folder.stop();
        folder.start('*.log');
      }
      await folder.settle();
      assert.deepEqual(folder.lines, LINES);
      await truncate(folder.file('a.log'));
      await folder.settle();
      await writeFile(folder.file('a.log'), 'plain\n');
      await folder.settle();
      assert.deepEqual(folder.lines.slice(LINES.length), ['plain']);
    });
  }
}

test('a file in UTF-16 that is older than its rule is read from its end', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), little('\uFEFFold\nhalf a li'));
  folder.start('*.log', { startAt: 'end' });
  await folder.settle();
  await appendFile(folder.file('a.log'), little('ne\nnew\n'));
  await folder.settle();
  assert.deepEqual(folder.lines, ['half a line', 'new']);
});

test('a line over 1 MB of UTF-16 is left out, the next one is whole', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), little(`\uFEFF${'x'.repeat(700_000)}\nnext\n`));
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.lines, ['next']);
});

test('what is no text is replaced, and the lines that hold it are counted', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), Buffer.from('good\nbad \xff\nb\xe9\n', 'latin1'));
  await writeFile(folder.file('b.log'), little('\uFEFFlone \ud800\nwhole\n'));
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.lines, ['good', 'bad \ufffd', 'b\ufffd', 'lone \ufffd', 'whole']);
  assert.equal(folder.source?.describe?.().damagedText, 3);
});
