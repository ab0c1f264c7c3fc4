import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ingestionAudience } from '../../../../../packages/agent/src/destinations/upload/audience.ts';

test('the audience follows the cloud the endpoint belongs to', () => {
  const cases = {
    'a.ods.opinsights.azure.com': 'https://monitor.azure.com/',
    'a.westeurope-1.ingest.monitor.azure.com': 'https://monitor.azure.com/',
    'a.ods.opinsights.azure.us': 'https://monitor.azure.us/',
    'a.ods.opinsights.azure.cn': 'https://monitor.azure.cn/',
    'a.opinsights.azure.eaglex.ic.gov': 'https://monitor.azure.eaglex.ic.gov/',
    'a.opinsights.azure.microsoft.scloud': 'https://monitor.azure.microsoft.scloud/',
    '127.0.0.1': 'https://monitor.azure.com/',
  };
  for (const [hostname, audience] of Object.entries(cases)) {
    assert.equal(ingestionAudience(hostname), audience);
  }
});
