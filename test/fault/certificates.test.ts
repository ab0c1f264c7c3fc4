/** Services that show a certificate nobody should accept: named, nothing sent, nothing lost. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type CertifiedKey, createAuthority } from '../support/certificates.ts';
import { fillBench, openDeliveryBench } from '../support/delivery-bench.ts';
import { DESTINATION_SUBJECTS } from '../support/destination-subjects.ts';
import { numbered } from '../support/fill-buffer.ts';
import { until } from '../support/until.ts';

const DAY_MS = 86_400_000;
const HOST = 'localhost';
const trusted = createAuthority('An authority this process trusts');
const unknown = createAuthority('An authority nobody knows');
const ago = (days: number): Date => new Date(Date.now() - days * DAY_MS);

const BAD: readonly (readonly [what: string, shown: CertifiedKey, words: RegExp])[] = [
  [
    'that has expired',
    trusted.issue({ names: [HOST], validFrom: ago(3), validTo: ago(2) }),
    /^TLS: the certificate of localhost:\d+ .*has expired; it is valid from/,
  ],
  [
    'that is not valid yet',
    trusted.issue({ names: [HOST], validFrom: ago(-2), validTo: ago(-3) }),
    /^TLS: the certificate of localhost:\d+ is not valid yet; .* is the clock right\?$/,
  ],
  [
    'of another host',
    trusted.issue({ names: ['elsewhere.example'] }),
    /^TLS: the certificate of localhost:\d+ belongs to elsewhere\.example, not to it/,
  ],
  [
    'of an unknown authority',
    unknown.issue({ names: [HOST] }),
    /^TLS: the certificate of localhost:\d+ was issued by 'An authority nobody knows'/,
  ],
];

for (const [what, shown, words] of BAD) {
  test(`a certificate ${what} is refused with the reason; a good one gets everything`, async (t) => {
    let requests = 0;
    const server = createServer(shown, (request, response) => {
      requests += 1;
      request.resume().on('end', () => response.writeHead(204).end());
    });
    server.listen(0, HOST);
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const subject = DESTINATION_SUBJECTS[0]!;
    const network = { authorities: [trusted.cert] };
    const servers = { a: `https://${HOST}:${port}` };
    const bench = await openDeliveryBench(t, subject, servers, { network });
    await fillBench(bench, numbered(3), ['a']);
    const lane = () => bench.delivery.status()[0]!;
    await until('it was refused', () => lane().lastFailure !== null && lane().inFlight === 0);
    assert.match(lane().lastFailure!.reason, words);
    assert.equal(lane().state, 'held', 'someone has to act');
    assert.equal(requests, 0, 'no token and no record left this process');
    assert.equal(bench.buffer.ledger()[0]?.buffered, 3);

    server.setSecureContext(trusted.issue({ names: [HOST] }));
    await bench.host.clock.advance(bench.host.clock.nextWakeMs!);
    await until('all is delivered', () => bench.buffer.ledger()[0]?.delivered === 3);
    assert.equal(requests, 1);
  });
}
