/**
 * What each stage costs a record, and its share of the whole: syslog text, log lines and Windows
 * events of the first example, repeated, from bytes in memory to acknowledged batches. One
 * process, one thread; the fastest of some rounds counts.
 *
 * `node --conditions=dcr-agent-source test/bench/stages.bench.ts [folder of the buffer]`
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyslogFlow } from '@dcr-agent/schema';
import type { Commit, Entry } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { openSqliteBuffer } from '../../packages/agent/src/buffer/sqlite-buffer.ts';
import { scanEvtx } from '../../packages/agent/src/eventlog/evtx-scan.ts';
import type { WindowsEventRecord } from '../../packages/agent/src/eventlog/windows-event-record.ts';
import { joinFragments } from '../../packages/agent/src/fragment/join-fragments.ts';
import { createFragment } from '../../packages/agent/src/fragment.ts';
import { systemClock } from '../../packages/agent/src/host/clock.ts';
import { silentLog } from '../../packages/agent/src/host/log.ts';
import { loadKernel } from '../../packages/agent/src/kernel/kernel-module.ts';
import { giveBack } from '../../packages/agent/src/pipeline/block-memory.ts';
import { JsonBytes } from '../../packages/agent/src/pipeline/json-bytes.ts';
import { createPipeline } from '../../packages/agent/src/pipeline/pipeline.ts';
import type { RecordStage } from '../../packages/agent/src/pipeline/record-stage.ts';
import { syslogKernelStage } from '../../packages/agent/src/pipeline/syslog/kernel-stage.ts';
import { syslogStage } from '../../packages/agent/src/pipeline/syslog/syslog-stage.ts';
import { textLineStage } from '../../packages/agent/src/pipeline/text-lines/text-line-stage.ts';
import { windowsEventStage } from '../../packages/agent/src/pipeline/windows-event/windows-event-stage.ts';
import { listed, type Records } from '../../packages/agent/src/record.ts';
import { linesAsRecords } from '../../packages/agent/src/sources/log-files/line-batch.ts';
import { splitLines } from '../../packages/agent/src/sources/log-files/split-lines.ts';
import { FrameReader } from '../../packages/agent/src/sources/syslog/frame-reader.ts';
import { MessageBatch } from '../../packages/agent/src/sources/syslog/message-batch.ts';
import { writeEvtx } from '../support/evtx-writer/evtx-writer.ts';

const RECORDS = 40_000;
const ROUNDS = 5;
/** As many records as a source hands over at once. */
const COMMIT_RECORDS = 1_000;
const BLOCK_BYTES = 1_000_000;
const COMMA = 0x2c;
const CONTEXT = { computer: 'web01', hostIp: '10.0.0.4', agentId: 'a1' };
const NOW_MS = Date.UTC(2026, 0, 1);
const example = (name: string): string =>
  readFileSync(new URL(`../../examples/first-ten-minutes/${name}`, import.meta.url), 'utf8');
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'stages-bench-'));

/** Microseconds a record took, in the fastest round. */
type Costs = Map<string, number>;

async function measure<T>(costs: Costs, stage: string, run: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await run();
  const each = ((performance.now() - start) * 1_000) / RECORDS;
  costs.set(stage, Math.min(costs.get(stage) ?? Number.POSITIVE_INFINITY, each));
  return result;
}

function repeated(texts: readonly string[]): string[] {
  return Array.from({ length: RECORDS }, (_, i) => texts[i % texts.length] as string);
}

/** The stages every record passes, whichever source it comes from. */
async function carry<R>(costs: Costs, records: Records<R>, stage: RecordStage<R>): Promise<void> {
  await measure(costs, 'filter', () => records.each((record) => stage.keep(record, NOW_MS)));
  const row = stage.row('gig');
  const json = await measure(costs, 'take apart, shape, encode', () => {
    const blocks: [Buffer, number][] = [];
    const out = new JsonBytes(BLOCK_BYTES);
    let count = 0;
    records.each((record) => {
      if (count > 0) out.byte(COMMA);
      row(record, out);
      count += 1;
      if (count < COMMIT_RECORDS) return;
      blocks.push([out.handOver(Buffer.allocUnsafeSlow(BLOCK_BYTES)), count]);
      count = 0;
    });
    if (count > 0) blocks.push([out.content(), count]);
    return blocks;
  });
  const fragments = await measure(costs, 'compress', () =>
    json.map(([text, count]) => createFragment(text, count)),
  );
  const host = { clock: systemClock, guid: () => crypto.randomUUID(), log: silentLog };
  const path = mkdtempSync(join(folder, 'buffer-'));
  const buffer = openSqliteBuffer({ path, host, quotaBytes: 1e11 });
  const outlet = { flow: 'f', stream: 's', protocol: 'gig' as const, destinations: ['one', 'two'] };
  await measure(costs, 'commit, for two', async () => {
    for (const fragment of fragments) {
      const entries: Entry[] = [{ outlet, fragment }];
      const { destinations } = outlet;
      const counts = [
        { flow: 'f', destinations, read: fragment.recordCount, filtered: 0, rejected: [] },
      ];
      const commit: Commit = { entries, cursors: [{ key: 'k', value: '1' }], counts };
      await buffer.append(commit);
    }
  });
  await measure(costs, 'join, acknowledge, for two', () => {
    const [prefix, suffix] = [Buffer.from('['), Buffer.from(']')];
    buffer.seal(0);
    for (const destination of outlet.destinations) {
      for (const { id } of buffer.pending(destination, 1e6)) {
        const batch = buffer.read(id);
        if (batch === undefined) throw new Error('a batch is gone');
        joinFragments({ prefix, suffix, fragments: batch.fragments, wrapper: 'gzip' });
        buffer.acknowledge(destination, id);
      }
    }
  });
  await buffer.close();
}

function report(what: string, bytes: number, costs: Costs): void {
  const total = [...costs.values()].reduce((sum, each) => sum + each, 0);
  const size = (bytes / 1e6).toFixed(1);
  const rate = Math.round(1e6 / total / 1_000);
  process.stdout.write(`\n${what}: ${RECORDS} records, ${size} MB; ${rate},000 records/s\n`);
  for (const [stage, each] of costs) {
    const share = Math.round((each / total) * 100);
    const text = `${each.toFixed(2).padStart(8)} µs ${String(share).padStart(3)} %`;
    process.stdout.write(`  ${stage.padEnd(28)}${text}\n`);
  }
}

async function syslog(): Promise<void> {
  const lines = repeated(example('syslog.txt').split('\n').filter(Boolean));
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
  const flow = {
    id: 'f',
    stream: 'Microsoft-Syslog',
    destinations: ['one', 'two'],
    facilityNames: ['*'],
    logLevels: levels,
  };
  const stage = syslogStage(flow, CONTEXT);
  const arrival = { receivedAtMs: NOW_MS, senderAddress: '10.0.0.9' };
  const costs: Costs = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    const records = new MessageBatch({ toEpochMs: (wallMs) => wallMs, onUnparsed() {} });
    await measure(costs, 'frame', () => {
      const reader = new FrameReader(65_536, (chunk, start, end) => {
        records.add(chunk, start, end, arrival);
      });
      for (let at = 0; at < bytes.length; at += 65_536) {
        reader.push(bytes.subarray(at, at + 65_536));
      }
    });
    await measure(costs, 'parse', () => records.each(({ parts }) => parts.eventTimeMs));
    await carry(costs, records, stage);
  }
  report('syslog, the twin of the kernel', bytes.length, costs);
  await syslogKernel(bytes, flow);
}

/** What takes the place of filtering, parsing, shaping and encoding. */
async function syslogKernel(bytes: Buffer, flow: SyslogFlow): Promise<void> {
  const bulk = syslogKernelStage(loadKernel('syslog'), [flow], CONTEXT);
  const destinations: ReadonlyMap<'gig', readonly string[]> = new Map([['gig', ['one', 'two']]]);
  const stage = syslogStage(flow, CONTEXT);
  const pipeline = createPipeline([{ flow, stage, destinations, isBulk: true }], bulk);
  const arrival = { receivedAtMs: NOW_MS, senderAddress: '10.0.0.9' };
  const costs: Costs = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    const batches: MessageBatch[] = [];
    let filling: MessageBatch | undefined;
    const reader = new FrameReader(65_536, (chunk, start, end) => {
      if (filling === undefined || filling.byteCount > 65_536) {
        filling = new MessageBatch({ toEpochMs: (wallMs) => wallMs, onUnparsed() {} });
        batches.push(filling);
      }
      filling.add(chunk, start, end, arrival);
    });
    await measure(costs, 'frame', () => {
      for (let at = 0; at < bytes.length; at += 65_536) {
        reader.push(bytes.subarray(at, at + 65_536));
      }
    });
    await measure(costs, 'filter, parse, encode', () => {
      for (const records of batches) {
        pipeline.process({ records, cursors: [] }, NOW_MS);
        if (pipeline.bytes < BLOCK_BYTES) continue;
        for (const { json } of pipeline.take()?.blocks ?? []) giveBack(json);
      }
    });
  }
  report('syslog, by the kernel', bytes.length, costs);
}

async function logLines(): Promise<void> {
  const bytes = Buffer.from(
    `${repeated(example('orders.log').split('\n').filter(Boolean)).join('\n')}\n`,
  );
  const costs: Costs = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    const records = await measure(costs, 'split', () => {
      const lines = splitLines(bytes, 0);
      return linesAsRecords({ lines, from: 0, to: lines.ends.length }, '/l', NOW_MS);
    });
    await carry(costs, records, textLineStage(CONTEXT));
  }
  report('log lines', bytes.length, costs);
}

async function windowsEvents(): Promise<void> {
  const events = example('security-events.xml').match(/<Event [\s\S]*?<\/Event>/g) ?? [];
  const path = join(folder, 'Security.evtx');
  const bytes = writeEvtx(repeated(events));
  writeFileSync(path, bytes);
  const query = '*[System[EventID > 0]]';
  const flow = {
    id: 'f',
    stream: 'Microsoft-SecurityEvent',
    destinations: ['one', 'two'],
    queries: [query],
  };
  const stage = windowsEventStage(flow, CONTEXT, (_, reason) => {
    throw new Error(reason);
  });
  const costs: Costs = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    const records: WindowsEventRecord[] = [];
    await measure(costs, 'read, decode', () => {
      for (const { events } of scanEvtx(path)) records.push(...events);
    });
    await carry(costs, listed(records), stage);
  }
  report('Windows events (.evtx to SecurityEvent)', bytes.length, costs);
}

try {
  await syslog();
  await logLines();
  await windowsEvents();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
