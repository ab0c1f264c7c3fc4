/**
 * How large a row is billed, of which Azure publishes the principle and not the details. What is
 * decided in `replay/billed-size.ts` is pinned here: both change together.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ADDED_BYTES,
  billedValueBytes,
  FREE_COLUMNS,
  GIGABYTE,
  isBilledTable,
} from '../../packages/agent/src/replay/billed-size.ts';

function billed(value: string): number {
  const json = Buffer.from(`[${value}]`);
  return billedValueBytes(json, 1, json.length - 1);
}

test('a text is billed with its own bytes, without quotes and escapes', () => {
  assert.equal(billed('""'), 0);
  assert.equal(billed('"four"'), 4);
  assert.equal(billed('"é"'), 2);
  assert.equal(billed('"a\\nb\\"c\\\\"'), 6);
});

test('a character written by its number is billed as the character', () => {
  assert.equal(billed('"\\u0041"'), 1);
  assert.equal(billed('"\\u00e9x"'), 3);
  assert.equal(billed('"\\u20ac"'), 3);
  assert.equal(billed('"\\ud83d\\ude00"'), 4);
});

test('other values are billed as they are written, no value with nothing', () => {
  assert.equal(billed('4625'), 4);
  assert.equal(billed('-1.5'), 4);
  assert.equal(billed('true'), 4);
  assert.equal(billed('null'), 0);
  assert.equal(billed('{"a":[1,"b"]}'), 13);
  assert.equal(billed('"2026-11-20T10:00:00.000Z"'), 24);
});

test('the standard columns are free, but for the id of the workspace that the service adds', () => {
  const free = ['Type', '_BilledSize', '_IsBillable', '_ItemId', '_ResourceId', '_SubscriptionId'];
  assert.deepEqual([...FREE_COLUMNS].sort(), free);
  assert.equal(ADDED_BYTES, '00000000-0000-0000-0000-000000000000'.length);
});

test('tables that are free', () => {
  const tables = ['Heartbeat', 'Operation', 'Usage', 'AzureActivity', 'Syslog', 'Orders_CL'];
  assert.deepEqual(tables.filter(isBilledTable), ['Syslog', 'Orders_CL']);
});

test('a gigabyte is 10^9 bytes', () => {
  assert.equal(GIGABYTE, 1_000_000_000);
});
