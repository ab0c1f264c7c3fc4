/**
 * What a batch costs between the buffer and its destination: processor time for finding, reading
 * and acknowledging it, the request itself left out. Destinations answer at once.
 *
 * `node --conditions=dcr-agent-source test/bench/lanes.bench.ts [BATCHES]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openSqliteBuffer } from '../../packages/agent/src/buffer/sqlite-buffer.ts';
import { createDelivery } from '../../packages/agent/src/delivery/delivery.ts';
import { systemClock } from '../../packages/agent/src/host/clock.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { fillBuffer, numbered } from '../support/fill-buffer.ts';

const BATCHES = Number(process.argv[2] ?? 2_000);

type When = 'never' | 'as they come' | 'afterwards';

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Microseconds for all batches from the first append on, or for those of a backlog alone. */
async function measure(lanes: number, when: When): Promise<number> {
  const path = mkdtempSync(join(tmpdir(), 'lanes-bench-'));
  const host = { ...createFakeHost(), clock: systemClock, guid: () => crypto.randomUUID() };
  const buffer = openSqliteBuffer({ path, host });
  let delivered = 0;
  const delivery = createDelivery({
    buffer,
    host,
    open: ({ id }) => ({
      id,
      address: id,
      deliver: async () => {
        delivered += 1;
        return { kind: 'delivered', status: 200 };
      },
    }),
  });
  const destinations = Array.from({ length: lanes }, (_, i) => `rule/channel-${i}`);
  const planned = destinations.map((id) => ({ id, protocol: 'ods' as const, endpoint: id }));
  if (when === 'as they come') await delivery.setDestinations(planned);
  let startedAt = cpuMicroseconds();
  for (let i = 0; i < BATCHES; i++) {
    await fillBuffer(buffer, numbered(20, i), { destinations });
    await nextTurn();
  }
  if (when === 'afterwards') {
    startedAt = cpuMicroseconds();
    await delivery.setDestinations(planned);
  }
  while (when !== 'never' && delivered < BATCHES * lanes) await nextTurn();
  const spent = cpuMicroseconds() - startedAt;
  await delivery.stop();
  await buffer.close();
  rmSync(path, { recursive: true });
  return spent;
}

async function best(lanes: number, when: When): Promise<number> {
  const rounds = [];
  for (let round = 0; round < 3; round++) rounds.push(await measure(lanes, when));
  return Math.min(...rounds);
}

for (const lanes of [1, 4]) {
  const each = (spent: number): number => Math.round(spent / (BATCHES * lanes));
  const live = each((await best(lanes, 'as they come')) - (await best(lanes, 'never')));
  const backlog = each(await best(lanes, 'afterwards'));
  process.stdout.write(
    `${JSON.stringify({ lanes, batches: BATCHES, microseconds: { live, backlog } })}\n`,
  );
}
