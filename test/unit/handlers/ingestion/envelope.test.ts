import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArmError } from '../../../../packages/handlers/src/http/arm-error.ts';
import { toEnvelope } from '../../../../packages/handlers/src/ingestion/envelope.ts';

test('an envelope is read with or without what only some senders write', () => {
  const short = { DataType: 'A_BLOB', IPName: 'LogManagement', DataItems: [{ a: 1 }] };
  assert.deepEqual(toEnvelope(short), {
    dataType: 'A_BLOB',
    ipName: 'LogManagement',
    items: [{ a: 1 }],
  });
  const full = { ...short, sourceHealthServiceId: 'guid', type: 'JsonData', New: {} };
  assert.equal(toEnvelope(full).sourceComputerId, 'guid');
});

test('what is wrong is named', () => {
  const envelope = { DataType: 'A', IPName: 'B', DataItems: [] };
  for (const [body, message] of [
    ['text', /one object/],
    [[envelope], /not an array/],
    [{ ...envelope, DataType: 1 }, /'DataType'/],
    [{ ...envelope, IPName: null }, /'IPName'/],
    [{ ...envelope, DataItems: null }, /'DataItems' must be an array/],
    [{ ...envelope, DataItems: [{}, []] }, /'DataItems\[1\]'/],
  ] as const) {
    assert.throws(
      () => toEnvelope(body),
      (error: ArmError) => error instanceof ArmError && message.test(error.message),
    );
  }
});
