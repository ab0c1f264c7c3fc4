/** A token that is revoked under full load: everyone is refused, one asks for the next. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccessToken } from '../../packages/agent/src/identity/access-token.ts';
import { createAccessTokens } from '../../packages/agent/src/identity/access-tokens.ts';
import { fillBench, openDeliveryBench } from '../support/delivery-bench.ts';
import { DESTINATION_SUBJECTS } from '../support/destination-subjects.ts';
import type { FakeHost } from '../support/fake-host.ts';
import { numbered } from '../support/fill-buffer.ts';
import { receivedIds, startIngestionServer } from '../support/ingestion-server.ts';
import { until } from '../support/until.ts';

const LANES = ['a', 'b', 'c'];
const BATCHES = 12;
const HOUR_MS = 3_600_000;

for (const status of [401, 403]) {
  test(`a storm of ${status} asks for one token, and everything is delivered with it`, async (t) => {
    let valid = 'token-1';
    await using server = await startIngestionServer(({ headers }) => ({
      status: headers.authorization === `Bearer ${valid}` ? 200 : status,
    }));
    const gate = Promise.withResolvers<void>();
    let requests = 0;
    const issue = async (host: FakeHost): Promise<AccessToken> => {
      requests += 1;
      const name = `token-${requests}`;
      if (requests > 1) await gate.promise;
      return new AccessToken(name, host.clock.now() + HOUR_MS);
    };
    const bench = await openDeliveryBench(
      t,
      DESTINATION_SUBJECTS[0]!,
      Object.fromEntries(LANES.map((id) => [id, server.origin])),
      {
        tokens: (host) => {
          const credential = { token: () => issue(host) };
          const tokens = createAccessTokens({
            host,
            credential,
            controlAudience: 'https://monitor.azure.com/',
            userAgent: 'dcr-agent/0.1.0 (linux; x64)',
            trust: { allowPlainHttp: true },
            signal: new AbortController().signal,
          });
          return {
            ...tokens,
            // All channels ask the same issuer.
            ingestionToken: (_uri, signal, refresh) =>
              tokens.machineToken('https://monitor.azure.com/', signal, refresh),
          };
        },
      },
    );
    const delivered = (): number =>
      bench.buffer.ledger().reduce((sum, row) => sum + row.delivered, 0);
    await fillBench(bench, numbered(1, -1), LANES);
    await until('the first token serves', () => delivered() === LANES.length);

    // What is only seconds old is not replaced.
    await bench.host.clock.advance(60_000);
    valid = 'token-2';
    for (let batch = 0; batch < BATCHES; batch++) {
      await fillBench(bench, numbered(5, batch * 5), LANES);
    }
    const refused = (): number =>
      server.posts.filter(({ headers }) => headers.authorization !== `Bearer ${valid}`).length;
    await until('many were refused', () => refused() >= LANES.length * 4);
    assert.equal(requests, 2, 'one refresh is under way, whoever waits for it');

    gate.resolve();
    const all = LANES.length * (1 + BATCHES * 5);
    await until('everything is delivered', () => delivered() === all);
    assert.equal(requests, 2);
    const accepted = server.posts.filter(
      ({ headers }, index) => headers.authorization === `Bearer ${valid}` || index < LANES.length,
    );
    assert.equal(receivedIds(accepted).length, all);
    for (const lane of bench.delivery.status()) assert.equal(lane.lastFailure, null);
  });
}
