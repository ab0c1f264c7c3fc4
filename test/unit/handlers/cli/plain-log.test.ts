import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { plainLogStream } from '../../../../packages/handlers/src/cli/plain-log.ts';

test('an entry is a line: time, level, sentence, facts, and no controls', () => {
  const out = new PassThrough({ encoding: 'utf8' });
  const entry = { level: 40, time: 0, msg: 'rows\u001b[2J', path: '/x', count: 2 };
  plainLogStream(out).write(`${JSON.stringify(entry)}\n`);
  assert.equal(out.read(), '1970-01-01T00:00:00.000Z warn rows [2J path=/x count=2\n');
});
