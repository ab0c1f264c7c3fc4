/** Services whose connections break, hang or crawl: given up in time, tried again, alone in it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isBalanced } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { fillBench, openDeliveryBench } from '../support/delivery-bench.ts';
import { DESTINATION_SUBJECTS } from '../support/destination-subjects.ts';
import { receivedIds, startIngestionServer } from '../support/ingestion-server.ts';
import { until } from '../support/until.ts';

const OK = { status: 200 };
const BATCHES = 6;
/** More than the system keeps for a socket, so that a body is still under way. */
const NOISE_BYTES = 600_000;

/** How a service treats a connection until it is put right. */
type Treatment = (socket: Socket) => void;

const TREATMENTS: readonly (readonly [what: string, treat: Treatment, reason: RegExp])[] = [
  [
    'resets in mid-body',
    (socket) => socket.once('data', () => socket.resetAndDestroy()).resume(),
    /^connection (reset|closed before the answer was complete): http/,
  ],
  ['accepts and never reads', (socket) => socket.pause(), /^no answer in time: http/],
  ['reads all and never answers', (socket) => socket.resume(), /^no answer in time: http/],
  ['reads a byte a second', (socket) => void crawl(socket), /^no answer in time: http/],
];

async function crawl(socket: Socket): Promise<void> {
  while (!socket.destroyed) {
    socket.read(1);
    await delay(1_000, undefined, { ref: false });
  }
}

/** Treats connections so, until `heal`; from then on they lead to the real server. */
async function startBadService(t: TestContext, treat: Treatment) {
  let treatment: Treatment | undefined = treat;
  const real = await startIngestionServer(() => OK);
  const { port } = new URL(real.origin);
  const sockets = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    if (treatment === undefined) pipeTo(socket, Number(port));
    else treatment(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await real[Symbol.asyncDispose]();
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    real,
    heal: () => {
      treatment = undefined;
    },
  };
}

function pipeTo(socket: Socket, port: number): void {
  const onward = createConnection(port, '127.0.0.1');
  onward.on('error', () => socket.destroy());
  socket.pipe(onward).pipe(socket);
}

for (const [what, treat, reason] of TREATMENTS) {
  test(`a service that ${what} is given up and tried again, and holds up nobody`, async (t) => {
    const bad = await startBadService(t, treat);
    await using good = await startIngestionServer(() => OK);
    const bench = await openDeliveryBench(
      t,
      DESTINATION_SUBJECTS[0]!,
      { bad: bad.origin, good: good.origin },
      { network: { headersTimeoutMs: 300, bodyTimeoutMs: 300 } },
    );
    const noise = randomBytes(NOISE_BYTES).toString('base64');
    for (let id = 0; id < BATCHES; id++) await fillBench(bench, [{ id, noise }], ['bad', 'good']);
    const row = (name: string) =>
      bench.buffer.ledger().find(({ destination }) => destination === name)!;
    const lane = (name: string) =>
      bench.delivery.status().find(({ destination }) => destination === name)!;
    /** On a busy machine the good one may be too late once, too. */
    const untilDelivered = (name: string): Promise<void> =>
      until(`the ${name} one has everything`, () => {
        const { nextWakeMs } = bench.host.clock;
        if (lane(name).state === 'waiting') void bench.host.clock.advance(nextWakeMs ?? 0);
        return row(name).delivered === BATCHES;
      });

    await untilDelivered('good');
    await until('the bad one was given up', () => lane('bad').consecutiveFailures > 0);
    assert.match(lane('bad').lastFailure!.reason, reason);
    assert.equal(row('bad').buffered, BATCHES);
    await until('nothing is under way', () => lane('bad').inFlight === 0);

    bad.heal();
    // A connection that was made before breaks once more.
    await untilDelivered('bad');
    assert.deepEqual(
      [...new Set(receivedIds(bad.real.posts))].toSorted(),
      Array.from({ length: BATCHES }, (_, id) => id),
    );
    assert.ok(bench.buffer.ledger().every(isBalanced));
  });
}
