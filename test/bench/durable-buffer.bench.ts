/**
 * What durability costs: commits of 1,000 syslog-like records of 250 bytes, compressed, appended
 * and acknowledged, with one destination and with several, and reopening with a backlog. Prints
 * one JSON line per measurement; the disk decides most of it.
 *
 * `node --conditions=dcr-agent-source test/bench/durable-buffer.bench.ts [folder] [backlog MB]`
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DurableBuffer, Entry } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { openSqliteBuffer } from '../../packages/agent/src/buffer/sqlite-buffer.ts';
import { joinFragments } from '../../packages/agent/src/fragment/join-fragments.ts';
import { createFragment, type Fragment } from '../../packages/agent/src/fragment.ts';
import { systemClock } from '../../packages/agent/src/host/clock.ts';
import { silentLog } from '../../packages/agent/src/host/log.ts';

const RECORDS = 1_000;
const ROUNDS = 3;
const folder = process.argv[2] ?? tmpdir();
const backlogBytes = Number(process.argv[3] ?? 100) * 1_000_000;
const host = { clock: systemClock, guid: () => crypto.randomUUID(), log: silentLog };

function syslogJson(round: number): Buffer {
  const records = Array.from({ length: RECORDS }, (_, i) =>
    JSON.stringify({
      TimeGenerated: new Date(1.75e12 + round * 60_000 + i * 7).toISOString(),
      Computer: `host-${i % 17}`,
      Facility: 'auth',
      SeverityLevel: 'info',
      ProcessName: 'sshd',
      ProcessID: 1_000 + ((i * 7) % 5_000),
      HostIP: `10.0.0.${i % 250}`,
      SyslogMessage:
        `Accepted publickey for user${(i * 13 + round) % 977} from 10.1.${i % 256}.` +
        `${(i * 7) % 256} port ${30_000 + ((i * 13 + round) % 30_000)} ssh2`,
    }),
  );
  return Buffer.from(records.join(','));
}

/** Fastest of some rounds, in milliseconds. */
async function fastest(run: () => void | Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function report(what: string, facts: object): void {
  process.stdout.write(`${JSON.stringify({ what, ...facts })}\n`);
}

function rate(records: number, rawBytes: number, ms: number): object {
  return {
    recordsPerSecond: Math.round(records / (ms / 1_000)),
    rawMbPerSecond: Math.round(rawBytes / 1_000 / ms),
  };
}

async function withBuffer(use: (buffer: DurableBuffer, path: string) => Promise<void>) {
  const path = mkdtempSync(join(folder, 'buffer-bench-'));
  try {
    const buffer = openSqliteBuffer({ path, host, quotaBytes: 1e11 });
    await use(buffer, path);
    await buffer.close();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

async function append(
  buffer: DurableBuffer,
  fragment: Fragment,
  destinations: string[],
  flow = 'f',
) {
  const outlet = { flow, stream: 'Custom-Syslog_CL', protocol: 'gig' as const, destinations };
  const entries: Entry[] = [{ outlet, fragment }];
  const read = fragment.recordCount;
  const counts = [{ flow, destinations, read, filtered: 0, rejected: [] }];
  await buffer.append({ entries, cursors: [{ key: 'syslog', value: '{"at":1}' }], counts });
}

function settleAll(buffer: DurableBuffer, destinations: string[]): number {
  let batches = 0;
  buffer.seal(0);
  for (const destination of destinations) {
    for (const { id } of buffer.pending(destination, 1e6)) {
      buffer.acknowledge(destination, id);
      batches++;
    }
  }
  return batches;
}

const texts = Array.from({ length: 64 }, (_, round) => syslogJson(round));
const rawBytes = texts.reduce((sum, { byteLength }) => sum + byteLength, 0);
const fragments = texts.map((json) => createFragment(json, RECORDS));
const deflatedBytes = fragments.reduce((sum, { deflated }) => sum + deflated.byteLength, 0);

const compressMs = await fastest(() => {
  for (const json of texts) createFragment(json, RECORDS);
});
const inputs = { records: RECORDS, ratio: Number((rawBytes / deflatedBytes).toFixed(1)) };
report('createFragment', { ...inputs, ...rate(64 * RECORDS, rawBytes, compressMs) });

const [prefix, suffix] = [Buffer.from('['), Buffer.from(']')];
const joinMs = await fastest(() => {
  for (let at = 0; at < 64; at += 4) {
    joinFragments({ prefix, suffix, fragments: fragments.slice(at, at + 4), wrapper: 'gzip' });
  }
});
report('joinFragments, 4 each', rate(64 * RECORDS, rawBytes, joinMs));

for (const count of [1, 2, 5]) {
  const destinations = Array.from({ length: count }, (_, i) => `rule/channel-${i}`);
  await withBuffer(async (buffer) => {
    const appendMs = await fastest(async () => {
      for (const fragment of fragments) await append(buffer, fragment, destinations);
    });
    report('append, one call at a time', {
      destinations: count,
      msPerCommit: Number((appendMs / 64).toFixed(3)),
      ...rate(64 * RECORDS, rawBytes, appendMs),
    });
    const start = performance.now();
    const batches = settleAll(buffer, destinations);
    const each = (performance.now() - start) / batches;
    report('acknowledge', { destinations: count, msPerBatch: Number(each.toFixed(3)) });
  });
}

await withBuffer(async (buffer) => {
  const groupMs = await fastest(async () => {
    for (let at = 0; at < 64; at += 8) {
      const group = fragments.slice(at, at + 8);
      await Promise.all(group.map((fragment, i) => append(buffer, fragment, ['d'], `flow ${i}`)));
    }
  });
  report('append, 8 calls at once', rate(64 * RECORDS, rawBytes, groupMs));
});

await withBuffer(async (buffer, path) => {
  const rounds = Math.ceil(backlogBytes / deflatedBytes);
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < 64; at += 8) {
      const group = fragments.slice(at, at + 8);
      await Promise.all(group.map((fragment) => append(buffer, fragment, ['a', 'b'])));
    }
  }
  await buffer.close();
  const fileMb = Math.round(statSync(join(path, 'buffer.db')).size / 1e6);
  const start = performance.now();
  const again = openSqliteBuffer({ path, host, quotaBytes: 1e11 });
  const openMs = Math.round(performance.now() - start);
  const before = performance.now();
  const { destinations } = again.usage();
  const usageMs = Math.round(performance.now() - before);
  const asked = performance.now();
  again.ledger();
  const ledgerMs = Math.round(performance.now() - asked);
  report('reopen', { fileMb, batches: destinations[0]?.batches, openMs, usageMs, ledgerMs });
  const drain = performance.now();
  const batches = settleAll(again, ['a', 'b']);
  again.seal(0);
  const drainMs = Math.round(performance.now() - drain);
  const leftMb = Math.round(again.usage().diskBytes / 1e6);
  report('drain', { deliveries: batches, drainMs, leftMb });
  await again.close();
});
