import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SealedBatch } from '../../../../../packages/agent/src/buffer/durable-buffer.ts';
import { me } from '../../../../../packages/agent/src/destinations/custom-metrics/me.ts';
import { metricsResource } from '../../../../../packages/agent/src/destinations/custom-metrics/metrics-resource.ts';
import type {
  DeliveryOutcome,
  Destination,
} from '../../../../../packages/agent/src/destinations/destination.ts';
import type { Host } from '../../../../../packages/agent/src/host/host.ts';
import { destinationContext } from '../../../../support/destination-subjects.ts';
import { createFakeHost, type FakeHost } from '../../../../support/fake-host.ts';
import { createFakeTokens } from '../../../../support/fake-tokens.ts';
import { encodeFragment } from '../../../../support/fragments.ts';

const AZURE = 'https://westeurope.monitoring.azure.com';
const HANDLERS = 'http://127.0.0.1:7700/metrics';
const MINUTE_MS = 60_000;

function failingNetwork(code: string): Host['network'] {
  const request = async (): Promise<never> => {
    throw Object.assign(new Error(code), { code });
  };
  return { request } as unknown as Host['network'];
}

function open(endpoint: string, code: string): { destination: Destination; host: FakeHost } {
  const host = createFakeHost({ network: failingNetwork(code) });
  const planned = { id: 'dcr-1/me', protocol: 'me' as const, endpoint };
  const destination = me.open(planned, destinationContext(host, createFakeTokens()));
  return { destination, host };
}

/** Of documents of the minutes that began then. */
function batch(createdAtMs: number, startsMs: readonly number[] = [createdAtMs]): SealedBatch {
  const documents = startsMs.map((startMs) => ({ time: new Date(startMs).toISOString() }));
  const fragment = encodeFragment(documents);
  const outlet = { flow: 'f', stream: 's', protocol: 'me' as const, destinations: ['dcr-1/me'] };
  const { rawBytes } = fragment;
  const recordCount = startsMs.length;
  return { id: 'b', outlet, recordCount, rawBytes, createdAtMs, fragments: [fragment] };
}

function deliver(endpoint: string, code: string): Promise<DeliveryOutcome> {
  const { destination, host } = open(endpoint, code);
  return destination.deliver(batch(host.clock.now()), new AbortController().signal);
}

test('a request that the service may have read is not sent again, since it would count twice', async () => {
  for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'EPIPE']) {
    const outcome = await deliver(AZURE, code);
    assert.equal(outcome.kind, 'rejected', code);
    assert.equal(outcome.reason, 'no answer, and a repetition would count twice');
    assert.match(outcome.detail ?? '', /westeurope\.monitoring\.azure\.com/);
  }
});

test('a request that cannot have been read is', async () => {
  const codes = [
    'ECONNREFUSED',
    'ENOTFOUND',
    'UND_ERR_CONNECT_TIMEOUT',
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ];
  for (const code of codes) assert.equal((await deliver(AZURE, code)).kind, 'retry', code);
});

test('the handlers know a repeated request, so they are sent everything again', async () => {
  assert.equal((await deliver(HANDLERS, 'ECONNRESET')).kind, 'retry');
});

test('what stands behind the host of the service is not a part of its address', () => {
  const { destination } = open(`${AZURE}/api/v1/ingestion/ingest`, 'ECONNREFUSED');
  assert.match(
    destination.address,
    /^https:\/\/westeurope\.monitoring\.azure\.com\/subscriptions\//,
  );
});

/** What becomes of minutes by when they began, in milliseconds from now. */
function deliverMinutes(...fromNowMs: readonly number[]): Promise<DeliveryOutcome> {
  const { destination, host } = open(AZURE, 'ECONNREFUSED');
  const nowMs = host.clock.now();
  const starts = fromNowMs.map((ms) => nowMs + ms);
  // The batch was made just now, as after a jump of the clock in the middle of a minute.
  return destination.deliver(batch(nowMs, starts), new AbortController().signal);
}

test('minutes that are too old for the service are given up without asking, however young their batch', async () => {
  assert.equal((await deliverMinutes(-20 * MINUTE_MS)).kind, 'retry');
  const old = { kind: 'expired', reason: 'metrics older than 20 minutes' };
  assert.deepEqual(await deliverMinutes(-20 * MINUTE_MS - 1), old);
  assert.deepEqual(await deliverMinutes(-60 * MINUTE_MS, -61 * MINUTE_MS), old);
});

test('minutes that are further ahead than the service takes are given up without asking', async () => {
  assert.equal((await deliverMinutes(5 * MINUTE_MS)).kind, 'retry');
  assert.deepEqual(await deliverMinutes(5 * MINUTE_MS + 1), {
    kind: 'expired',
    reason: 'metrics more than 5 minutes ahead',
  });
});

test('a batch of minutes of which some are too old or too far ahead is split', async () => {
  const old = { kind: 'split', reason: 'metrics older than 20 minutes' };
  assert.deepEqual(await deliverMinutes(-60 * MINUTE_MS, -MINUTE_MS), old);
  assert.deepEqual(await deliverMinutes(-MINUTE_MS, -60 * MINUTE_MS), old);
  assert.deepEqual(await deliverMinutes(-60 * MINUTE_MS, 60 * MINUTE_MS), old);
});

test('a machine of a scale set sends as the set', () => {
  const set =
    '/subscriptions/1/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/s';
  assert.deepEqual(metricsResource(`${set}/virtualMachines/3`), {
    resourceId: set,
    instanceId: '3',
  });
  const machine = '/subscriptions/1/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/3';
  assert.deepEqual(metricsResource(machine), { resourceId: machine });
});
