import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedDestination } from '@dcr-agent/schema';
import type { DestinationContext } from '../../../../packages/agent/src/destinations/destination.ts';
import { openDestination } from '../../../../packages/agent/src/destinations/kinds.ts';
import { isAgentError } from '../../../../packages/agent/src/errors.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { createFakeTokens } from '../../../support/fake-tokens.ts';

const context: DestinationContext = {
  host: createFakeHost(),
  tokens: createFakeTokens(),
  resourceId: '/subscriptions/1/vm',
  region: 'westeurope',
  userAgent: 'dcr-agent/0.1.0 (linux; x64)',
  agentId: '11111111-2222-4333-8444-555555555555',
};

function addressOf(planned: Omit<PlannedDestination, 'id'>): string {
  return openDestination({ id: 'd', ...planned }, context).address;
}

test('the address of a workspace is where its records are posted', () => {
  for (const endpoint of ['https://w.ods.example', 'https://w.ods.example/']) {
    assert.equal(
      addressOf({ protocol: 'ods', endpoint }),
      'https://w.ods.example/OperationalData.svc/PostJsonDataItems',
    );
  }
});

test('the address of an ingestion endpoint keeps its placeholder and loses its query', () => {
  const endpoint = 'https://d.example/dataCollectionRules/dcr-1/streams/<STREAM>?api-version=1';
  assert.equal(
    addressOf({ protocol: 'gig', endpoint }),
    'https://d.example/dataCollectionRules/dcr-1/streams/<STREAM>',
  );
});

test('an endpoint that must not be sent to is refused when it is opened', () => {
  const refused: Omit<PlannedDestination, 'id'>[] = [
    { protocol: 'ods', endpoint: 'http://w.ods.example' },
    { protocol: 'gig', endpoint: 'http://d.example/streams/<STREAM>' },
    { protocol: 'gig', endpoint: 'https://d.example/streams/Custom-A' },
    { protocol: 'other' as 'ods', endpoint: 'https://d.example' },
  ];
  for (const planned of refused) {
    assert.throws(
      () => addressOf(planned),
      (error) => isAgentError(error, 'DESTINATION_UNUSABLE'),
      planned.endpoint,
    );
  }
});
