import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import {
  type DurableBuffer,
  isBalanced,
} from '../../../../packages/agent/src/buffer/durable-buffer.ts';
import { isAgentError } from '../../../../packages/agent/src/errors.ts';
import { allPending, type BufferOnDisk, bufferOnDisk } from '../../../support/buffer-on-disk.ts';
import { decodeFragment, encodeFragment } from '../../../support/fragments.ts';

const QUOTA_BYTES = 4_000_000;
const DROP_AFTER_MS = 60_000;
const PUSHED_OUT = 'pushed out of the full buffer';
const TOO_OLD = 'older than the buffer may keep';

/** Appends numbered records, each a batch of its own, and remembers what became of each. */
class Sender {
  readonly stored: number[] = [];
  readonly #buffer: DurableBuffer;
  readonly #flow: string;
  readonly #destinations: readonly string[];
  readonly #isPull: boolean;
  #next = 0;

  constructor(
    buffer: DurableBuffer,
    flow: string,
    destinations: readonly string[],
    isPull: boolean = false,
  ) {
    this.#buffer = buffer;
    this.#flow = flow;
    this.#destinations = destinations;
    this.#isPull = isPull;
  }

  /** Tells whether the buffer took it; the same record is sent again when it did not. */
  async send(bytes: number = 60_000): Promise<boolean> {
    const id = this.#next;
    const outlet = {
      flow: this.#flow,
      stream: 'Custom-Text',
      protocol: 'gig' as const,
      destinations: this.#destinations,
    };
    const noise = randomBytes(bytes).toString('base64');
    const cursors = this.#isPull ? [{ key: this.#flow, value: String(id) }] : [];
    const counts = [{ ...outlet, read: 1, filtered: 0, rejected: [] }];
    try {
      const entries = [{ outlet, fragment: encodeFragment([{ id, noise }]) }];
      await this.#buffer.append({ entries, cursors, counts });
    } catch (error) {
      assert.ok(isAgentError(error, 'BUFFER_FULL'), String(error));
      return false;
    }
    this.#buffer.seal(0);
    this.stored.push(id);
    this.#next += 1;
    return true;
  }

  async sendUntilFull(): Promise<void> {
    while (await this.send()) if (this.stored.length > 1_000) assert.fail('it is never full');
  }
}

function idsFor(buffer: DurableBuffer, destination: string): number[] {
  const batches = allPending(buffer, destination).map((id) => buffer.read(id));
  const records = batches.flatMap((batch) => batch?.fragments.flatMap(decodeFragment) ?? []);
  return (records as { id: number }[]).map(({ id }) => id);
}

function acknowledgeAll(buffer: DurableBuffer, destination: string): number[] {
  const ids = idsFor(buffer, destination);
  for (const id of allPending(buffer, destination)) buffer.acknowledge(destination, id);
  return ids;
}

/** By destination: how many records were dropped, under which reasons. */
function droppedOf(buffer: DurableBuffer): Record<string, number> {
  const dropped: Record<string, number> = {};
  for (const row of buffer.ledger()) {
    assert.ok(isBalanced(row), JSON.stringify(row));
    if (row.dropped === 0) continue;
    assert.equal(
      row.dropped,
      row.reasons.reduce((sum, { count }) => sum + count, 0),
    );
    for (const { reason, count } of row.reasons) {
      const key = `${row.flow} ${row.destination}: ${reason}`;
      dropped[key] = (dropped[key] ?? 0) + count;
    }
  }
  return dropped;
}

interface Opened {
  readonly disk: BufferOnDisk;
  readonly buffer: DurableBuffer;
  pass(ms: number): Promise<void>;
}

async function opened(t: TestContext, options: { ageMsMax?: number } = {}): Promise<Opened> {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open({ quotaBytes: QUOTA_BYTES, dropAfterMs: DROP_AFTER_MS, ...options });
  return { disk, buffer, pass: (ms) => disk.host.clock.advance(ms) };
}

/** Goes on sending what the healthy destination gets at once; returns what it got. */
async function keepSending(sender: Sender, buffer: DurableBuffer, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    assert.ok(await sender.send(), `record ${sender.stored.length} is taken`);
    assert.deepEqual(acknowledgeAll(buffer, 'healthy'), [sender.stored.at(-1)]);
  }
}

for (const isPull of [false, true]) {
  const kind = isPull ? 'a file' : 'a sender over the network';
  test(`a dead destination holds ${kind} back, then loses its oldest, and the healthy one gets all`, async (t) => {
    const { disk, buffer, pass } = await opened(t);
    const sender = new Sender(buffer, 'both', ['dead', 'healthy'], isPull);
    while (await sender.send()) acknowledgeAll(buffer, 'healthy');
    const first = sender.stored.length;
    await pass(DROP_AFTER_MS - 1);
    assert.equal(await sender.send(), false);
    assert.deepEqual(droppedOf(buffer), {});

    await pass(1);
    await keepSending(sender, buffer, 2 * first);
    const kept = idsFor(buffer, 'dead');
    assert.deepEqual(kept, sender.stored.slice(-kept.length));
    assert.ok(kept.length > first / 2, `${kept.length} of ${first} are kept`);
    const dropped = sender.stored.length - kept.length;
    assert.deepEqual(droppedOf(buffer), { [`both dead: ${PUSHED_OUT}`]: dropped });
    assert.ok(buffer.usage().diskBytes <= QUOTA_BYTES);
    assert.equal(disk.logged('warn').length, 1);
    await pass(60_000);
    buffer.seal(0);
    assert.equal(disk.logged('warn').length, 2);
    const told = disk.host.log.entries.map(({ facts }) => facts);
    assert.equal(
      told.reduce((sum, facts) => sum + Number((facts as { records?: number }).records ?? 0), 0),
      dropped,
    );
  });
}

test('what only dead destinations wait for is never dropped where it can be read again', async (t) => {
  const { buffer, pass } = await opened(t);
  const sender = new Sender(buffer, 'file', ['dead', 'also dead'], true);
  await sender.sendUntilFull();
  for (let hour = 0; hour < 10; hour++) {
    await pass(3_600_000);
    assert.equal(await sender.send(), false);
  }
  assert.deepEqual(droppedOf(buffer), {});
  assert.deepEqual(idsFor(buffer, 'dead'), sender.stored);
});

test('senders whose only destination is dead replace their own oldest records, nobody else’s', async (t) => {
  const { buffer, pass } = await opened(t);
  const file = new Sender(buffer, 'file', ['dead'], true);
  const syslog = new Sender(buffer, 'syslog', ['dead']);
  while ((await file.send()) && (await syslog.send()));
  const before = syslog.stored.length;
  await pass(DROP_AFTER_MS);
  for (let i = 0; i < before / 2; i++) assert.ok(await syslog.send());
  const dropped = droppedOf(buffer);
  assert.deepEqual(Object.keys(dropped), [`syslog dead: ${PUSHED_OUT}`]);
  const kept = idsFor(buffer, 'dead').length;
  assert.equal(kept + Object.values(dropped)[0]!, file.stored.length + syslog.stored.length);
});

test('nothing is dropped where that would not make the room that is needed', async (t) => {
  const { buffer, pass } = await opened(t);
  const small = new Sender(buffer, 'heartbeat', ['dead']);
  for (let i = 0; i < 5; i++) assert.ok(await small.send(10));
  await new Sender(buffer, 'file', ['dead'], true).sendUntilFull();
  assert.equal(await small.send(), false);
  await pass(DROP_AFTER_MS);
  assert.equal(await small.send(), false);
  assert.deepEqual(droppedOf(buffer), {});
});

test('a slow destination holds its senders back as long as it takes something', async (t) => {
  const { buffer, pass } = await opened(t);
  const sender = new Sender(buffer, 'syslog', ['slow']);
  await sender.sendUntilFull();
  let delivered = 0;
  for (let minute = 0; minute < 10; minute++) {
    await pass(50_000);
    assert.equal(await sender.send(), false);
    for (let i = 0; i < 3; i++) {
      buffer.acknowledge('slow', allPending(buffer, 'slow')[0]!);
      delivered++;
    }
    assert.ok(await sender.send());
    while (await sender.send());
  }
  assert.deepEqual(droppedOf(buffer), {});
  assert.equal(idsFor(buffer, 'slow').length + delivered, sender.stored.length);
});

test('a slow destination does not slow down one that is up to date', async (t) => {
  const { buffer, pass } = await opened(t);
  const sender = new Sender(buffer, 'both', ['slow', 'healthy']);
  while (await sender.send()) acknowledgeAll(buffer, 'healthy');
  await pass(DROP_AFTER_MS);
  for (let second = 0; second < 40; second++) {
    await keepSending(sender, buffer, 2);
    buffer.acknowledge('slow', allPending(buffer, 'slow')[0]!);
    await pass(1_000);
  }
  assert.deepEqual(Object.keys(droppedOf(buffer)), [`both slow: ${PUSHED_OUT}`]);
});

test('of two destinations that are behind each loses only what is oldest of all', async (t) => {
  const { buffer, pass } = await opened(t);
  const sender = new Sender(buffer, 'all', ['healthy', 'dead for long', 'dead since then']);
  while (await sender.send()) {
    acknowledgeAll(buffer, 'healthy');
    if (sender.stored.length < 15) acknowledgeAll(buffer, 'dead since then');
  }
  const since = idsFor(buffer, 'dead since then').length;
  await pass(DROP_AFTER_MS);
  await keepSending(sender, buffer, 8);
  assert.deepEqual(Object.keys(droppedOf(buffer)), [`all dead for long: ${PUSHED_OUT}`]);
  assert.equal(idsFor(buffer, 'dead since then').length, since + 8);
  await keepSending(sender, buffer, 20);
  assert.deepEqual(
    idsFor(buffer, 'dead since then'),
    idsFor(buffer, 'dead for long'),
    'from there on both keep the same',
  );
  assert.deepEqual(Object.keys(droppedOf(buffer)), [
    `all dead for long: ${PUSHED_OUT}`,
    `all dead since then: ${PUSHED_OUT}`,
  ]);
});

test('a clock that jumps makes nobody late', async (t) => {
  const { disk, buffer } = await opened(t);
  const sender = new Sender(buffer, 'both', ['dead', 'healthy']);
  while (await sender.send()) acknowledgeAll(buffer, 'healthy');
  for (const jumpMs of [2 * 86_400_000, -4 * 86_400_000]) {
    disk.host.clock.jumpTo(disk.host.clock.now() + jumpMs);
    assert.equal(await sender.send(), false);
  }
  assert.deepEqual(droppedOf(buffer), {});
});

test('a quota that is changed holds from then on, and costs nothing that is stored', async (t) => {
  const { buffer, pass } = await opened(t);
  const sender = new Sender(buffer, 'file', ['a'], true);
  await sender.sendUntilFull();
  const first = sender.stored.length;
  buffer.setQuota(2 * QUOTA_BYTES);
  await sender.sendUntilFull();
  assert.ok(sender.stored.length > 1.8 * first, `${sender.stored.length} after ${first}`);
  assert.equal(buffer.usage().quotaBytes, 2 * QUOTA_BYTES);
  buffer.setQuota(QUOTA_BYTES);
  await pass(DROP_AFTER_MS);
  assert.equal(await sender.send(), false);
  assert.deepEqual(idsFor(buffer, 'a'), sender.stored);
  for (const id of allPending(buffer, 'a').slice(first / 4)) buffer.acknowledge('a', id);
  assert.ok(await sender.send());
  assert.ok(buffer.usage().diskBytes <= QUOTA_BYTES);
});

test('what is too old is dropped and counted, for each destination that still waits for it', async (t) => {
  const { disk, buffer, pass } = await opened(t, { ageMsMax: 3_600_000 });
  const sender = new Sender(buffer, 'flow', ['dead', 'healthy']);
  for (let i = 0; i < 4; i++) {
    assert.ok(await sender.send(100));
    if (i < 2) acknowledgeAll(buffer, 'healthy');
    await pass(1_800_000);
  }
  // Ages now: 120, 90, 60 and 30 minutes.
  buffer.seal(0);
  assert.deepEqual(idsFor(buffer, 'dead'), [2, 3]);
  assert.deepEqual(idsFor(buffer, 'healthy'), [2, 3]);
  await pass(60_000);
  buffer.seal(0);
  assert.deepEqual(idsFor(buffer, 'dead'), [3]);
  assert.deepEqual(droppedOf(buffer), {
    [`flow dead: ${TOO_OLD}`]: 3,
    [`flow healthy: ${TOO_OLD}`]: 1,
  });
  assert.match(disk.logged('warn').join(), /older than the buffer may keep/);
});
