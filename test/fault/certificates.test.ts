/** Services that show a certificate nobody should accept: named, nothing sent, nothing lost. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
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
    /^TLS: the certificate has expired: https:/,
  ],
  [
    'that is not valid yet',
    trusted.issue({ names: [HOST], validFrom: ago(-2), validTo: ago(-3) }),
    /^TLS: the certificate is not valid yet; check the clock: https:/,
  ],
  [
    'of another host',
    trusted.issue({ names: ['elsewhere.example'] }),
    /^TLS: the certificate belongs to another host: https:/,
  ],
  [
    'of an unknown authority',
    unknown.issue({ names: [HOST] }),
    /^TLS: the certificate was issued by an unknown authority: https:/,
  ],
];

// Of this process only, which runs no other file.
setDefaultCACertificates([...getCACertificates('default'), trusted.cert]);

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
    const bench = await openDeliveryBench(t, subject, { a: `https://${HOST}:${port}` });
    await fillBench(bench, numbered(3), ['a']);
    const lane = () => bench.delivery.status()[0]!;
    await until('it was refused', () => lane().lastFailure !== null && lane().inFlight === 0);
    assert.match(lane().lastFailure!.reason, words);
    assert.equal(lane().state, 'waiting');
    assert.equal(requests, 0, 'no token and no record left this process');
    assert.equal(bench.buffer.ledger()[0]?.buffered, 3);

    server.setSecureContext(trusted.issue({ names: [HOST] }));
    await bench.host.clock.advance(bench.host.clock.nextWakeMs!);
    await until('all is delivered', () => bench.buffer.ledger()[0]?.delivered === 3);
    assert.equal(requests, 1);
  });
}
