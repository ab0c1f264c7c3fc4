/**
 * The agent beside syslog-ng: the same messages, the same ingestion service, in turn on the same
 * machine. syslog-ng sends what it sends fastest, JSON that is not compressed; the agent stores
 * every record on the disk first and compresses. Needs Debian's `syslog-ng-core` and
 * `syslog-ng-mod-http`; without them, this says so and ends.
 *
 * `npm run build && node --conditions=dcr-agent-source test/bench/peer.bench.ts [MESSAGES] [ROUNDS]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pollUntil } from '../support/processes.ts';
import { cpuSeconds, residentMegabytes, startAgentAtWork } from './support/agent-at-work.ts';
import { type Sink, sendMessages, startSink } from './support/load-and-sink.ts';
import { startSyslogNg, syslogNgVersion } from './support/syslog-ng.ts';

const [messagesText = '1000000', roundsText = '3'] = process.argv.slice(2);
const MESSAGES = Number(messagesText);
const ROUNDS = Number(roundsText);

interface Figures {
  readonly eventsPerSecond: number;
  readonly cpuSecondsPerMillion: number;
  readonly megabytes: number;
}

async function agent(): Promise<Figures> {
  const rule = { destinations: 1, facilityNames: ['*'], logLevels: ['*'] };
  const atWork = await startAgentAtWork(rule, { heartbeat: { intervalSeconds: 3600 } });
  try {
    const before = cpuSeconds(atWork.agent.pid);
    const { startedAtMs } = await atWork.send(MESSAGES);
    await pollUntil(
      () => atWork.agent.status(),
      ({ ledger }) => ledger.some(({ delivered }) => delivered === MESSAGES),
      300_000,
    );
    return figures(atWork.agent.pid, before, startedAtMs, await atWork.lastArrivalMs());
  } finally {
    await atWork.close();
  }
}

async function syslogNg(isDurable: boolean): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'syslog-ng-bench-'));
  const sink = await startSink();
  const daemon = await startSyslogNg(folder, `${sink.url}/d1`, isDurable);
  try {
    const before = cpuSeconds(daemon.pid);
    const { startedAtMs } = await sendMessages(daemon.port, MESSAGES);
    await untilQuiet(sink);
    const result = figures(daemon.pid, before, startedAtMs, (await sink.stats()).d1!.lastAtMs);
    const verdict = (await sink.verify()).d1;
    if (verdict?.different !== MESSAGES) {
      process.stdout.write(`  (syslog-ng: ${verdict?.different} of ${MESSAGES} arrived)\n`);
    }
    return result;
  } finally {
    await daemon.stop();
    sink.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing came for two seconds. */
async function untilQuiet(sink: Sink): Promise<void> {
  for (let before = -1; ; ) {
    const bytes = (await sink.stats()).d1?.bytes ?? 0;
    if (bytes > 0 && bytes === before) return;
    before = bytes;
    await delay(2_000);
  }
}

function figures(pid: number, cpuBefore: number, startedAtMs: number, endedAtMs: number): Figures {
  return {
    eventsPerSecond: MESSAGES / ((endedAtMs - startedAtMs) / 1_000),
    cpuSecondsPerMillion: ((cpuSeconds(pid) - cpuBefore) / MESSAGES) * 1e6,
    megabytes: residentMegabytes(pid).peak,
  };
}

function median(of: readonly Figures[], value: (each: Figures) => number): number {
  return of.map(value).toSorted((a, b) => a - b)[of.length >> 1]!;
}

function medians(of: readonly Figures[]): Figures {
  return {
    eventsPerSecond: median(of, (each) => each.eventsPerSecond),
    cpuSecondsPerMillion: median(of, (each) => each.cpuSecondsPerMillion),
    megabytes: median(of, (each) => each.megabytes),
  };
}

function line(name: string, of: Figures, ours: Figures): string {
  const rate = (of.eventsPerSecond / 1e3).toFixed(0).padStart(6);
  const cpu = of.cpuSecondsPerMillion.toFixed(2).padStart(6);
  const faster = (ours.eventsPerSecond / of.eventsPerSecond).toFixed(2);
  const cheaper = (ours.cpuSecondsPerMillion / of.cpuSecondsPerMillion).toFixed(2);
  const ratio = of === ours ? '' : `   ours: ${faster}× the rate at ${cheaper}× the CPU`;
  return `  ${name.padEnd(28)}${rate} ·${cpu} · ${of.megabytes.toFixed(0).padStart(4)}${ratio}\n`;
}

const version = syslogNgVersion();
if (version === undefined) {
  process.stdout.write('syslog-ng and its module for HTTP are not installed: nothing to compare\n');
} else {
  const results: Record<'agent' | 'memory' | 'disk', Figures[]> = {
    agent: [],
    memory: [],
    disk: [],
  };
  for (let round = 0; round < ROUNDS; round++) {
    results.agent.push(await agent());
    results.memory.push(await syslogNg(false));
    results.disk.push(await syslogNg(true));
  }
  const ours = medians(results.agent);
  process.stdout.write(
    `${MESSAGES.toLocaleString('en')} messages, medians of ${ROUNDS}; ` +
      'thousand events/s · CPU-s per million · peak MB\n' +
      line('dcr-agent', ours, ours) +
      line(`syslog-ng ${version}, in memory`, medians(results.memory), ours) +
      line(`syslog-ng ${version}, on disk`, medians(results.disk), ours),
  );
}
