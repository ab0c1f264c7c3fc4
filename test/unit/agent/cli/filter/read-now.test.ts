import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNow } from '../../../../../packages/agent/src/cli/filter/read-now.ts';

test('a time needs no seconds, fraction or zone, and is UTC without one', () => {
  for (const [text, expected] of [
    ['2025-06-09T00:00:00Z', '2025-06-09T00:00:00.000Z'],
    ['2025-06-09', '2025-06-09T00:00:00.000Z'],
    ['2025-06-09T14:30', '2025-06-09T14:30:00.000Z'],
    ['2025-06-09T14:30:01.5', '2025-06-09T14:30:01.500Z'],
    ['2025-06-09T14:30+02:00', '2025-06-09T12:30:00.000Z'],
    ['2024-02-29T23:59:59.1234567Z', '2024-02-29T23:59:59.123Z'],
  ] as const) {
    assert.equal(new Date(readNow(text)).toISOString(), expected, text);
  }
});

test('a day or time that does not exist is refused', (t) => {
  const { mock } = t.mock.method(process.stderr, 'write', () => true);
  const refused = [
    '2025-02-30',
    '2025-02-29',
    '2025-13-01',
    '2025-06-09T24:00',
    '2025-06-09T12:60',
  ];
  for (const text of [...refused, '2025-06-09T', '2025-6-9', 'now', '']) {
    assert.throws(() => readNow(text), { code: 'dcr-agent.now' }, text);
  }
  assert.match(String(mock.calls[0]?.arguments[0]), /'2025-02-30' is not a time; write it as 2025/);
});
