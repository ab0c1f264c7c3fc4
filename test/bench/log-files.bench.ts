/**
 * Log files from disk to rows in blocks, without buffer and delivery: a large file of each form,
 * JSON beside `JSON.parse`, and what a thousand files cost that grow slowly. One process; the
 * fastest of some rounds counts.
 *
 * `node --conditions=dcr-agent-source test/bench/log-files.bench.ts [LINES] [SECONDS]`
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSystemHost } from '@dcr-agent/agent';
import type { Column, JsonFlow, TextFlow } from '@dcr-agent/schema';
import { loadKernel } from '../../packages/agent/src/kernel/kernel-module.ts';
import { giveBack } from '../../packages/agent/src/pipeline/block-memory.ts';
import { jsonLineStage } from '../../packages/agent/src/pipeline/json-lines/json-line-stage.ts';
import { createPipeline, type Pipeline } from '../../packages/agent/src/pipeline/pipeline.ts';
import { type RecordStage, shapedRow } from '../../packages/agent/src/pipeline/record-stage.ts';
import { textLineKernelStage } from '../../packages/agent/src/pipeline/text-lines/kernel-stage.ts';
import { textLineStage } from '../../packages/agent/src/pipeline/text-lines/text-line-stage.ts';
import { iisShape } from '../../packages/agent/src/pipeline/w3c/iis-shape.ts';
import { w3cStage } from '../../packages/agent/src/pipeline/w3c/w3c-stage.ts';
import type { LineRecord } from '../../packages/agent/src/record.ts';
import {
  type LogFileRecords,
  openLogFiles,
} from '../../packages/agent/src/sources/log-files/log-files.ts';

const [linesText = '400000', secondsText = '20'] = process.argv.slice(2);
const LINES = Number(linesText);
const SECONDS = Number(secondsText);
const ROUNDS = 3;
const SLOW_FILES = 1_000;
/** Lines a second over all of them: each grows every ten seconds. */
const SLOW_LINES = 100;
const CONTEXT = { computer: 'web01', hostIp: '10.0.0.4', agentId: 'a1' };
const folder = mkdtempSync(join(tmpdir(), 'log-files-bench-'));
const host = createSystemHost({ level: 'error', format: 'json' });
const DESTINATIONS = new Map([['gig', ['d']]] as const);

interface Form {
  readonly name: string;
  readonly line: (index: number) => string;
  readonly records?: LogFileRecords;
  readonly pipeline: () => Pipeline<LineRecord>;
}

const columns: Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Level', type: 'string' },
  { name: 'OrderId', type: 'long' },
  { name: 'DurationMs', type: 'real' },
  { name: 'Request', type: 'dynamic' },
];
const flow = { id: 'f', stream: 'Custom-Lines', destinations: ['d'] };
const textFlow: TextFlow = { ...flow, format: 'text' };
const jsonFlow: JsonFlow = { ...flow, format: 'json', columns };

function pipelineOf(stage: RecordStage<LineRecord>, isKernel = false): Pipeline<LineRecord> {
  const bulk = isKernel ? textLineKernelStage(loadKernel('lines'), CONTEXT) : undefined;
  return createPipeline([{ flow: textFlow, stage, destinations: DESTINATIONS }], bulk);
}

/** What one would write without a scanner of one's own. */
function parseStage(): RecordStage<LineRecord> {
  return {
    keep: () => true,
    row: () =>
      shapedRow(({ bytes, start, end, timeMs }) => {
        const object = JSON.parse(bytes.toString('utf8', start, end)) as Record<string, unknown>;
        const row: Record<string, unknown> = {};
        for (const { name } of columns) row[name] = object[name];
        row.TimeGenerated ??= new Date(timeMs).toISOString();
        return row;
      }),
  };
}

const text = (i: number): string =>
  `2026-03-01 10:11:12,345 INFO [worker-${i % 8}] order ${i} was priced in ${i % 97} ms`;
const json = (i: number): string =>
  `{"TimeGenerated":"2026-03-01T10:11:12.345Z","Level":"info","OrderId":${i},"DurationMs":${i / 8},"Request":{"path":"/cart","items":[1,2]}}`;
const FIELDS = '#Fields: date time s-ip cs-method cs-uri-stem s-port c-ip sc-status time-taken';
const w3c = (i: number): string =>
  i === 0 ? FIELDS : `2026-03-01 10:11:12 10.0.0.4 GET /cart/${i} 443 203.0.113.7 200 ${i % 97}`;

const FORMS: readonly Form[] = [
  {
    name: 'text, a line a record',
    line: text,
    pipeline: () => pipelineOf(textLineStage(CONTEXT), true),
  },
  {
    name: 'text, a time begins a record',
    line: text,
    records: { kind: 'timed', startFormat: 'YYYY-MM-DD HH:MM:SS' },
    pipeline: () => pipelineOf(textLineStage(CONTEXT)),
  },
  { name: 'JSON', line: json, pipeline: () => pipelineOf(jsonLineStage(jsonFlow, CONTEXT)) },
  { name: 'JSON by JSON.parse', line: json, pipeline: () => pipelineOf(parseStage()) },
  {
    name: 'W3C',
    line: w3c,
    records: { kind: 'w3c' },
    pipeline: () => pipelineOf(w3cStage(iisShape(CONTEXT))),
  },
];

/** Seconds to read a file to its end. */
async function read(form: Form, path: string, records: number): Promise<number> {
  const pipeline = form.pipeline();
  const stop = new AbortController();
  const settings = { key: 'bench', patterns: [path], startAt: 'beginning' } as const;
  const source = openLogFiles(
    { ...settings, ...(form.records && { records: form.records }) },
    new Map(),
    host,
  );
  let count = 0;
  const startedAt = performance.now();
  let seconds = 0;
  await source.run(async (batch) => {
    pipeline.process(batch, Date.now());
    count += batch.records.count;
    if (pipeline.bytes > 900_000 || count >= records) {
      for (const { json: block } of pipeline.take()?.blocks ?? []) giveBack(block);
    }
    if (count < records) return;
    seconds = (performance.now() - startedAt) / 1000;
    stop.abort();
  }, stop.signal);
  return seconds;
}

async function large(): Promise<void> {
  process.stdout.write(`${LINES} lines of one file\n`);
  for (const form of FORMS) {
    const path = join(folder, 'large.log');
    const lines = Array.from({ length: LINES }, (_, i) => form.line(i));
    writeFileSync(path, `${lines.join('\n')}\n`);
    // The last record of a timed log waits for the next one, the first line of W3C is no record.
    const records = form.records === undefined ? LINES : LINES - 1;
    let seconds = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round++) {
      seconds = Math.min(seconds, await read(form, path, records));
    }
    const each = ((seconds * 1e6) / LINES).toFixed(2);
    const rate = Math.round(LINES / seconds / 1000);
    process.stdout.write(`  ${form.name.padEnd(30)} ${each} µs, ${rate},000 a second\n`);
  }
}

const WRITER = `
const { appendFileSync } = require('node:fs');
const [folder, files, rate] = process.argv.slice(1);
let n = 0;
setInterval(() => {
  for (let i = 0; i < rate / 10; i++, n++) appendFileSync(folder + '/slow-' + (n % files) + '.log', 'line ' + n + '\\n');
}, 100);
`;

async function slow(): Promise<void> {
  for (let i = 0; i < SLOW_FILES; i++) writeFileSync(join(folder, `slow-${i}.log`), 'first\n');
  const stop = new AbortController();
  const patterns = [join(folder, 'slow-*.log')];
  const source = openLogFiles({ key: 'slow', patterns, startAt: 'beginning' }, new Map(), host);
  let count = 0;
  const run = source.run(async ({ records }) => {
    count += records.count;
  }, stop.signal);
  while (count < SLOW_FILES) await delay(50);
  await delay(2_000);
  for (const rate of [0, SLOW_LINES]) {
    const args = ['-e', WRITER, folder, String(SLOW_FILES), String(rate)];
    const writer = spawn(process.execPath, args, { stdio: 'inherit' });
    const before = process.cpuUsage();
    const countBefore = count;
    await delay(SECONDS * 1000);
    const { user, system } = process.cpuUsage(before);
    writer.kill();
    const percent = ((user + system) / 1e4 / SECONDS).toFixed(2);
    process.stdout.write(
      `  ${SLOW_FILES} files, ${rate} lines a second: ${percent} % of a core, ${count - countBefore} lines read\n`,
    );
  }
  stop.abort();
  await run;
}

try {
  await large();
  await slow();
} finally {
  rmSync(folder, { recursive: true });
}
