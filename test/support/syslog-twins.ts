/** The same messages through the kernel and through its twin. */
import assert from 'node:assert/strict';
import type { Protocol, SyslogFlow } from '@dcr-agent/schema';
import { loadKernel } from '../../packages/agent/src/kernel/kernel-module.ts';
import type { Block } from '../../packages/agent/src/pipeline/outlet-rows.ts';
import { createPipeline, type Pipeline } from '../../packages/agent/src/pipeline/pipeline.ts';
import { syslogKernelStage } from '../../packages/agent/src/pipeline/syslog/kernel-stage.ts';
import { syslogStage } from '../../packages/agent/src/pipeline/syslog/syslog-stage.ts';
import type { SourceReject, SyslogRecord } from '../../packages/agent/src/record.ts';
import { loopGuard } from '../../packages/agent/src/sources/syslog/loop-guard.ts';
import type { Defect } from '../../packages/agent/src/sources/syslog/message/defect.ts';
import type { Arrival } from '../../packages/agent/src/sources/syslog/message/message.ts';
import { MessageBatch } from '../../packages/agent/src/sources/syslog/message-batch.ts';
import { createLocalTime } from '../../packages/agent/src/time/local-time.ts';

const CONTEXT = { computer: 'collector "one"', hostIp: '10.0.0.4', agentId: 'a' };
const BOTH: ReadonlyMap<Protocol, readonly string[]> = new Map([
  ['ods', ['workspace']],
  ['gig', ['endpoint']],
]);
const MODULE = loadKernel('syslog');
/** Two and a half hours ahead, and an hour more in summer. */
const zone = createLocalTime((epochMs) => {
  const month = new Date(epochMs).getUTCMonth();
  return month > 2 && month < 9 ? 210 : 150;
});

/** Of an agent that listens where the reference agent does. */
const LOOPS = loopGuard({ processId: '77', ports: () => [28_330], paths: () => ['/run/a.sock'] });

export type Filter = Pick<SyslogFlow, 'facilityNames' | 'logLevels'>;

export interface ArrivedMessages {
  readonly arrival: Arrival;
  /** In one piece of memory, with a line feed between them. */
  readonly messages: readonly Buffer[];
}

export interface Outcome {
  /** Of all flows and protocols, one behind the other. */
  readonly rows: readonly string[];
  readonly counts: readonly (readonly [
    read: number,
    filtered: number,
    rejected: readonly SourceReject[],
  ])[];
  /** By what their headers lack. */
  readonly unparsed: Readonly<Record<string, number>>;
  /** Records that were shown one by one. */
  readonly shown: number;
}

/** Asserts that both write the same; returns what the kernel did. */
export function assertTwins(
  batches: readonly (readonly ArrivedMessages[])[],
  filters: readonly Filter[],
): Outcome {
  const flows = filters.map((filter, i) => ({
    id: `flow ${i}`,
    stream: 'LINUX_SYSLOGS_BLOB',
    destinations: ['workspace', 'endpoint'],
    ...filter,
  }));
  const compiled = flows.map((flow) => ({
    flow,
    stage: syslogStage(flow, CONTEXT),
    destinations: BOTH,
    isBulk: true,
  }));
  const bulk = syslogKernelStage(MODULE, flows, CONTEXT);
  assert.ok(bulk);
  const twin = outcomeOf(createPipeline(compiled), batches);
  const kernel = outcomeOf(createPipeline(compiled, bulk), batches);
  // One by one: of a long text, no difference can be seen.
  for (const [i, row] of twin.rows.entries()) assert.equal(kernel.rows[i], row);
  assert.deepEqual({ ...kernel, shown: 0 }, { ...twin, shown: 0 });
  return kernel;
}

function outcomeOf(
  pipeline: Pipeline<SyslogRecord>,
  batches: readonly (readonly ArrivedMessages[])[],
): Outcome {
  const unparsed: Record<string, number> = {};
  let shown = 0;
  const onUnparsed = (defect: Defect): void => {
    unparsed[defect] = (unparsed[defect] ?? 0) + 1;
  };
  const onShow = (): void => {
    shown += 1;
  };
  for (const arrived of batches) {
    const records = new CountedBatch(onUnparsed, onShow);
    for (const { arrival, messages } of arrived) addTo(records, messages, arrival);
    pipeline.process({ records, cursors: [] }, 0);
  }
  const portion = pipeline.take();
  return {
    rows: portion?.blocks.flatMap(rowsOf) ?? [],
    counts:
      portion?.counts.map(({ read, filtered, rejected }) => [read, filtered, rejected] as const) ??
      [],
    unparsed,
    shown,
  };
}

function addTo(batch: MessageBatch, messages: readonly Buffer[], arrival: Arrival): void {
  const bytes = Buffer.concat(messages.map((message) => Buffer.concat([message, Buffer.of(10)])));
  let at = 0;
  for (const { length } of messages) {
    if (length > 0) batch.add(bytes, at, at + length, arrival);
    at += length + 1;
  }
}

/** The rows as they are written; that they are JSON is a part of it. */
function rowsOf({ json, recordCount }: Block): string[] {
  const rows = JSON.parse(`[${json}]`) as object[];
  assert.equal(rows.length, recordCount);
  const texts = rows.map((row) => JSON.stringify(row));
  const written = json.toString();
  assert.ok(written === texts.join(',') || written.includes('\\u'));
  return written.split(/(?<=\}),(?=\{"(?:ident|TimeGenerated)":)/);
}

class CountedBatch extends MessageBatch {
  readonly #onShow: () => void;

  constructor(onUnparsed: (defect: Defect) => void, onShow: () => void) {
    super({ toEpochMs: zone, onUnparsed, refusalOf: LOOPS });
    this.#onShow = onShow;
  }

  override show(...parameters: Parameters<MessageBatch['show']>): void {
    this.#onShow();
    super.show(...parameters);
  }
}
