import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logsIngestionLimit } from '../../../../../packages/agent/src/destinations/log-analytics/service-limits.ts';

const AZURE = new URL(
  'https://dce-a1b2.westeurope-1.ingest.monitor.azure.com/dataCollectionRules/dcr-1/streams/<STREAM>?api-version=2023-01-01',
);
const OWN = new URL('https://logs.example/dataCollectionRules/dcr-1/streams/<STREAM>');

test("the published limits hold at Azure's own hosts, in every cloud, and at no other", () => {
  const expected = {
    key: 'dce-a1b2.westeurope-1.ingest.monitor.azure.com/datacollectionrules/dcr-1',
    requestsPerMinute: 12_000,
    bytesPerMinute: 2e9,
  };
  assert.deepEqual(logsIngestionLimit(AZURE), expected);
  for (const host of ['a.ingest.monitor.azure.us', 'b.chinanorth3-1.ingest.monitor.azure.cn']) {
    assert.ok(logsIngestionLimit(new URL(AZURE.href.replace(AZURE.host, host))), host);
  }
  const others = ['127.0.0.1:8080', 'ingest.monitor.azure.com.evil.example', 'dce.example'];
  for (const host of others) {
    assert.equal(logsIngestionLimit(new URL(`https://${host}/x`)), undefined, host);
  }
});

test('they can be kept everywhere, or nowhere', () => {
  assert.equal(logsIngestionLimit(AZURE, 'never'), undefined);
  assert.equal(logsIngestionLimit(OWN, 'always')?.key, 'logs.example/datacollectionrules/dcr-1');
});

test('rules have limits of their own, streams of a rule do not', () => {
  const other = new URL(AZURE.href.replace('dcr-1', 'dcr-2'));
  assert.notEqual(logsIngestionLimit(other)?.key, logsIngestionLimit(AZURE)?.key);
  const stream = new URL(AZURE.href.replace('%3CSTREAM%3E', 'Custom-A'));
  assert.equal(logsIngestionLimit(stream)?.key, logsIngestionLimit(AZURE)?.key);
});
