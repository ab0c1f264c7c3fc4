/**
 * A gigabyte through `dcr-agent replay`: time, and the most memory it takes. The logs are made in a
 * temporary folder and removed.
 *
 * `node --conditions=dcr-agent-source test/bench/replay.bench.ts [MEGABYTES]`
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { corpusPath } from '../support/corpus.ts';
import { startCommand } from '../support/processes.ts';
import { residentMegabytes } from './support/agent-at-work.ts';
import { writeLargeLog } from './support/large-log.ts';
import { renderMessages } from './support/messages.ts';

const BYTES = Number(process.argv[2] ?? '1000') * 1e6;
const EVENT_LOG = 'evtx/evtxrs__Security_with_size_t.evtx';
const LOOK_MS = 100;
const folder = mkdtempSync(join(tmpdir(), 'replay-bench-'));

const WORKSPACE =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w';

function writeRule(name: string, levels: readonly string[], queries: readonly string[]): string {
  const path = join(folder, name);
  const properties = {
    dataSources: {
      syslog: [
        {
          ...{ name: 'syslog', streams: ['Microsoft-Syslog'], facilityNames: ['*'] },
          logLevels: levels,
        },
      ],
      windowsEventLogs: [
        { name: 'events', streams: ['Microsoft-WindowsEvent'], xPathQueries: queries },
      ],
    },
    destinations: { logAnalytics: [{ name: 'main', workspaceResourceId: WORKSPACE }] },
    dataFlows: [
      { streams: ['Microsoft-Syslog', 'Microsoft-WindowsEvent'], destinations: ['main'] },
    ],
  };
  writeFileSync(path, JSON.stringify({ location: 'local', properties }));
  return path;
}

function writeMessages(path: string): void {
  const { bytes } = renderMessages('newline');
  const file = openSync(path, 'w');
  for (let written = 0; written < BYTES; written += bytes.length) writeSync(file, bytes);
  closeSync(file);
}

async function measure(title: string, args: readonly string[]): Promise<void> {
  const startedMs = performance.now();
  const { process: command } = startCommand('agent', ['replay', ...args, '--rows', '0']);
  let peak = 0;
  let isEnded = false;
  void command.ended.then(() => {
    isEnded = true;
  });
  while (!isEnded) {
    try {
      peak = Math.max(peak, residentMegabytes(command.pid).peak);
    } catch {
      // It ended meanwhile.
    }
    await delay(LOOK_MS);
  }
  const code = await command.ended;
  if (code !== 0) throw new Error(`replay ended with ${code}: ${command.log()}`);
  const seconds = (performance.now() - startedMs) / 1_000;
  const rate = BYTES / 1e6 / seconds;
  const figures = [`${seconds.toFixed(1)} s`, `${rate.toFixed(0)} MB/s`, `${peak.toFixed(0)} MB`];
  process.stdout.write(`${title.padEnd(44)} ${figures.join('  ')}\n`);
}

try {
  const failed = 'Security!*[System[EventID=4625]]';
  const never = 'Security!*[System[EventID=9999]]';
  const every = writeRule('every.json', ['*'], ['Security!*']);
  const few = writeRule('few.json', ['Error'], [failed]);
  const none = writeRule('none.json', ['Error'], [never]);
  process.stdout.write(`${BYTES / 1e6} MB: time, rate, most memory\n`);
  const messages = join(folder, 'messages');
  writeMessages(messages);
  await measure('syslog, everything kept', [every, '-i', `syslog=${messages}`]);
  await measure('syslog, one of eight levels', [few, '-i', `syslog=${messages}`]);
  await measure('syslog, two versions', [few, '--against', every, '-i', `syslog=${messages}`]);
  rmSync(messages);
  const log = join(folder, 'Security.evtx');
  writeLargeLog(corpusPath(EVENT_LOG), log, BYTES);
  await measure('events, everything kept', [every, '-i', `events=${log}`]);
  await measure('events, one id', [few, '-i', `events=${log}`]);
  await measure('events, one query that selects nothing', [none, '-i', `events=${log}`]);
  await measure('events, two versions', [none, '--against', few, '-i', `events=${log}`]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
