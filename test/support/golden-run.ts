/**
 * A rule and what its data sources read, through plan, source, pipeline and the receiving side's
 * shapes: what is sent on each protocol, and the columns that are stored of it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  compilePlan,
  configureRule,
  type Plan,
  type PlannedSource,
  type Protocol,
  parseRule,
  type Resolution,
} from '@dcr-agent/schema';
import type { AgentConfig } from '../../packages/agent/src/config/agent-config.ts';
import { parseEventXml } from '../../packages/agent/src/eventlog/event-xml-reader.ts';
import { loadKernel } from '../../packages/agent/src/kernel/kernel-module.ts';
import { compilePipeline } from '../../packages/agent/src/pipeline/compile-pipeline.ts';
import { type Batch, listed } from '../../packages/agent/src/record.ts';
import { openSource } from '../../packages/agent/src/sources/kinds.ts';
import { MessageBatch } from '../../packages/agent/src/sources/syslog/message-batch.ts';
import { createLocalTime } from '../../packages/agent/src/time/local-time.ts';
import { shapeOf } from '../../packages/handlers/src/ingestion/shapes/shapes.ts';
import { createFakeHost } from './fake-host.ts';
import { ManualClock } from './manual-clock.ts';
import { NOTHING_TO_TELL } from './nothing-to-tell.ts';
import type { Row } from './rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** One of these; times are those of the machine: 2025-03-01 10:11:12 UTC, an hour ahead of UTC. */
export interface GoldenInput {
  readonly syslog?: readonly string[];
  /** Text by path; `<folder>` in the rule is the folder they are in. */
  readonly files?: Readonly<Record<string, string>>;
  /** An `Event` element each. */
  readonly events?: readonly string[];
  /** Records as the source of the kind makes them. */
  readonly records?: readonly object[];
}

export interface GoldenRule {
  readonly dataSources: object;
  readonly streamDeclarations?: object;
  readonly destinations?: object;
  readonly dataFlows: readonly object[];
}

/** Rows by stream or blob type. */
export type SentRows = Readonly<Record<string, readonly Row[]>>;

const NOW_MS = Date.UTC(2025, 2, 1, 10, 11, 12);
const FOLDER = '<folder>';
const WORKSPACE =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w';
export const MACHINE = {
  ...{ computer: 'web01', hostIp: '10.0.0.4', agentId: '5f4c0b6e-0000-4000-8000-000000000001' },
  ...{ osType: 'Linux', osName: 'Debian GNU/Linux', osMajorVersion: '12', osMinorVersion: '9' },
  ...{ agentVersion: '1.2.3', privateIps: ['10.0.0.4'] },
} as const;
const DIMENSIONS = { Computer: 'web01' };
const anHourAhead = createLocalTime(() => 60);

/** What a protocol carries. */
export async function sentRows(
  kind: PlannedSource['kind'],
  rule: GoldenRule,
  input: GoldenInput,
  protocol: Protocol,
): Promise<SentRows> {
  const folder = await temporaryFolder();
  const plan = planOf(rule, folder, protocol);
  const source = plan.sources.find((planned) => planned.kind === kind);
  if (source === undefined) throw new Error(`the plan has no ${kind}`);
  const pipeline = compilePipeline(source, plan, {
    machine: MACHINE,
    machineDimensions: DIMENSIONS,
    kernel: loadKernel,
    report: (_, query, reason) => {
      throw new Error(`${query}: ${reason}`);
    },
  });
  for (const batch of await batchesOf(source, input, folder)) {
    pipeline.process(batch as Batch<never>, NOW_MS);
  }
  const sent: Record<string, Row[]> = {};
  for (const { outlets, json } of pipeline.take()?.blocks ?? []) {
    const rows = JSON.parse(`[${json.toString().replaceAll(folder, FOLDER)}]`) as Row[];
    for (const { stream } of outlets) sent[stream] = [...(sent[stream] ?? []), ...rows];
  }
  return sent;
}

/** The columns, types aside, that the receiving side stores of an item. */
export function storedColumns(blobType: string, item: Row): Row | readonly Row[] {
  const origin = { resourceId: '/machine', clientAddress: '127.0.0.1' };
  return shapeOf(blobType)(item as never, origin) as Row;
}

function planOf(rule: GoldenRule, folder: string, protocol: Protocol): Plan {
  const logAnalytics = [{ name: 'w', workspaceResourceId: WORKSPACE }];
  const body = { location: 'westeurope', properties: { destinations: { logAnalytics }, ...rule } };
  const parsed = parseRule(JSON.stringify(body).replaceAll(FOLDER, folder));
  if (parsed.rule === undefined) throw new Error(JSON.stringify(parsed.diagnostics));
  const { configuration, diagnostics } = configureRule(parsed.rule, resolutionFor(protocol));
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return compilePlan([configuration]);
}

function resolutionFor(protocol: Protocol): Resolution {
  const workspaceId = '11111111-0000-0000-0000-000000000000';
  const endpoint = 'http://127.0.0.1:1';
  return {
    ...{ configurationId: 'dcr-1', eTag: '1', ingestionEndpoint: endpoint },
    metricsEndpoint: endpoint,
    workspace: () => ({ workspaceId, ...(protocol === 'ods' && { endpoint }) }),
  };
}

async function batchesOf(
  source: PlannedSource,
  { syslog, files, events, records }: GoldenInput,
  folder: string,
): Promise<readonly Batch<unknown>[]> {
  if (syslog !== undefined) return [{ records: messages(syslog), cursors: [] }];
  if (files !== undefined) return readFiles(source, files, folder);
  if (events !== undefined) {
    const parsed = events.flatMap((xml) => parseEventXml(xml).events);
    return [{ records: listed(parsed), cursors: [] }];
  }
  return [{ records: listed(records ?? []), cursors: [] }];
}

function messages(texts: readonly string[]): MessageBatch {
  const batch = new MessageBatch({ toEpochMs: anHourAhead, onUnparsed: () => {} });
  for (const text of texts) {
    const bytes = Buffer.from(text);
    batch.add(bytes, 0, bytes.length, { receivedAtMs: NOW_MS, senderAddress: '192.0.2.1' });
  }
  return batch;
}

/** As an agent does that starts when they are there, until nothing more comes. */
async function readFiles(
  source: PlannedSource,
  files: Readonly<Record<string, string>>,
  folder: string,
): Promise<Batch<unknown>[]> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const clock = new ManualClock(NOW_MS);
  const paths = Object.keys(files).map((name) => join(folder, name));
  const sources = { logFiles: { startAt: 'beginning' }, windowsFirewallLogs: { paths } };
  const config = { sources, heartbeat: { intervalSeconds: 60 } } as unknown as AgentConfig;
  const opened = openSource(source, new Map(), config, createFakeHost({ clock }), {
    operations: NOTHING_TO_TELL,
  });
  const stop = new AbortController();
  const batches: Batch<unknown>[] = [];
  const running = opened.run(async (batch) => {
    const copies: object[] = [];
    batch.records.each((record) => {
      const { bytes, ...fields } = record as { readonly bytes: Buffer };
      copies.push({ ...fields, bytes: Buffer.from(bytes) });
    });
    batches.push({ ...batch, records: listed(copies) });
  }, stop.signal);
  // A record of several lines is complete when nothing was written for three seconds.
  for (let quarter = 0; quarter < 24; quarter++) {
    while (clock.sleeping === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(250);
  }
  stop.abort();
  await running;
  return batches;
}
