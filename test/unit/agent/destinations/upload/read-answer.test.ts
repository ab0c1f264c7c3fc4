import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Answer,
  readAnswer,
} from '../../../../../packages/agent/src/destinations/upload/read-answer.ts';

async function answerOf(
  body: string,
  headers: Record<string, string | string[]> = {},
  secret = '',
): Promise<Answer> {
  return readAnswer({ statusCode: 400, headers, body: chunks(Buffer.from(body)) }, secret);
}

/** As a network would: in pieces that end anywhere, in the middle of a character too. */
async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1001) yield bytes.subarray(at, at + 1001);
}

test('code and message are read from the error of the Logs Ingestion API', async () => {
  const body = JSON.stringify({ error: { code: 'InvalidStream', message: 'No such\n stream.' } });
  assert.deepEqual(await answerOf(body, { 'retry-after': '3' }), {
    status: 400,
    retryAfter: '3',
    location: undefined,
    errorCode: 'InvalidStream',
    excerpt: 'No such stream.',
  });
});

test('code and message are read from the error of the workspace endpoint', async () => {
  const body = JSON.stringify({ Error: 'InvalidAuthorization', Message: 'Bad token.' });
  const { errorCode, excerpt } = await answerOf(body);
  assert.deepEqual(
    { errorCode, excerpt },
    {
      errorCode: 'InvalidAuthorization',
      excerpt: 'Bad token.',
    },
  );
});

test('a code in the header comes before one in the body', async () => {
  const body = JSON.stringify({ error: { code: 'Inner' } });
  assert.equal((await answerOf(body, { 'x-ms-error-code': 'Outer' })).errorCode, 'Outer');
});

test('of a header that came twice the first counts', async () => {
  assert.equal((await answerOf('', { 'retry-after': ['5', '9'] })).retryAfter, '5');
});

test('a connection that breaks before the end is no answer', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('connection reset');
  }
  const answer = readAnswer({ statusCode: 200, headers: {}, body: broken() }, '');
  await assert.rejects(answer, /connection reset/);
});

test('a code is a word: anything else would swell the ledger', async () => {
  for (const code of ['row 17 is bad', 'x'.repeat(65), '', '7f3a', 'a\u0000b']) {
    const body = JSON.stringify({ error: { code } });
    assert.equal((await answerOf(body)).errorCode, undefined, code);
  }
});

test('bodies that are no error object are shown by their beginning, on one line', async () => {
  assert.equal((await answerOf('<html>\r\n\t<b>Bad\u0007</b>')).excerpt, '<html> <b>Bad </b>');
  for (const body of ['null', '[]', '7', '"text"', '{"error":null}']) {
    assert.equal((await answerOf(body)).excerpt, body);
  }
  assert.equal((await answerOf('é'.repeat(2_000))).excerpt, 'é'.repeat(500));
});

test('an echoed token never reaches the excerpt', async () => {
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  const { excerpt } = await answerOf(
    `got Bearer opaque-1, ${jwt} and https://blob.example/?sv=1&sig=abc%2B&x=1`,
    {},
    'opaque-1',
  );
  assert.equal(
    excerpt,
    'got Bearer [token], [token] and https://blob.example/?sv=1&sig=[secret]&x=1',
  );
});

test('other credentials an answer names do not reach it either', async () => {
  const { excerpt } = await answerOf(
    'Bearer abc.def.ghi, sig=xyz; SharedKey acc:Zm9v, password=p, error code=7, no key',
  );
  assert.equal(
    excerpt,
    'Bearer [secret], sig=[secret] SharedKey [secret], password=[secret], error code=7, no key',
  );
});

test('a token cut off by the end of what is read does not slip through', async () => {
  const secret = `opaque-${'s'.repeat(2_000)}`;
  const { excerpt } = await answerOf(`${' '.repeat(15_000)}${secret}`, {}, secret);
  assert.ok(!excerpt.includes('opaque'), excerpt);
});
