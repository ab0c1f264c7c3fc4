/**
 * A pipeline: everything the rules say about one source, compiled. For every flow it filters,
 * shapes to the stream's columns and encodes; what one flow does never affects another.
 *
 * `process` is synchronous and total. A record that cannot be shaped becomes a reject with a
 * reason; nothing is thrown for what a record contains.
 */
import type { PlannedFlow, Protocol } from '@dcr-agent/schema';
import type { Commit, Entry, FlowCount, ReasonCount } from '../buffer/durable-buffer.ts';
import type { Batch, SourceReject } from '../record.ts';
import { FragmentWriter } from './fragment-writer.ts';
import type { RecordStage } from './record-stage.ts';

/** Rows over this are refused: the services drop them. Source: Azure Monitor service limits. */
const RECORD_BYTES_MAX = 900_000;

export interface Pipeline<R> {
  /**
   * What the flows make of one batch, ready for the buffer, cursors included. `nowMs` is the
   * one moment, epoch milliseconds, that all records of the batch are measured against.
   */
  process(batch: Batch<R>, nowMs: number): Commit;
}

/** One flow with its record stage; `protocols` are those of its destinations. */
export interface CompiledFlow<R> {
  readonly flow: PlannedFlow;
  readonly stage: RecordStage<R>;
  readonly destinations: ReadonlyMap<Protocol, readonly string[]>;
}

export function createPipeline<R>(flows: readonly CompiledFlow<R>[]): Pipeline<R> {
  return {
    process(batch, nowMs) {
      const entries: Entry[] = [];
      const counts = flows.map((flow) => runFlow(flow, batch, nowMs, entries));
      return { entries, cursors: batch.cursors, counts };
    },
  };
}

function runFlow<R>(
  compiled: CompiledFlow<R>,
  batch: Batch<R>,
  nowMs: number,
  entries: Entry[],
): FlowCount {
  const { flow, stage, destinations } = compiled;
  const rejected = new Map<string, number>();
  const writers = [...destinations].map(([protocol, ids]) => ({
    shape: stage.shape(protocol),
    writer: new FragmentWriter(
      {
        flow: flow.id,
        stream: flow.stream,
        protocol,
        destinations: ids,
        ...(flow.solution !== undefined && { solution: flow.solution }),
      },
      entries,
    ),
  }));
  let filtered = 0;
  for (const record of batch.records) {
    const verdict = filter(stage, record, nowMs);
    if (verdict === false) {
      filtered++;
      continue;
    }
    if (verdict !== true) {
      count(rejected, verdict.reject, 1);
      continue;
    }
    // Every encoding is made before any is written, so a record is kept whole or not at all.
    const texts = writers.map(({ shape }) => encode(shape, record));
    const reason = texts.find((text) => typeof text !== 'string');
    if (reason !== undefined) count(rejected, (reason as Refusal).reject, 1);
    else
      writers.forEach(({ writer }, i) => {
        writer.add(texts[i] as string);
      });
  }
  for (const { writer } of writers) writer.flush();
  for (const reject of batch.rejects ?? []) count(rejected, reject.reason, reject.count);
  return {
    flow: flow.id,
    destinations: flow.destinations,
    read: batch.records.length + sum(batch.rejects ?? []),
    filtered,
    rejected: [...rejected].map(([reason, n]): ReasonCount => ({ reason, count: n })),
  };
}

interface Refusal {
  readonly reject: string;
}

function filter<R>(stage: RecordStage<R>, record: R, nowMs: number): boolean | Refusal {
  try {
    return stage.keep(record, nowMs);
  } catch {
    return { reject: 'cannot be filtered' };
  }
}

function encode<R>(shape: (record: R) => object, record: R): string | Refusal {
  let text: string;
  try {
    text = JSON.stringify(shape(record));
  } catch {
    return { reject: 'cannot be shaped' };
  }
  // A UTF-16 unit takes three bytes at most; only long rows are worth measuring exactly.
  if (text.length * 3 > RECORD_BYTES_MAX && Buffer.byteLength(text) > RECORD_BYTES_MAX) {
    return { reject: 'record too large' };
  }
  return text;
}

function count(reasons: Map<string, number>, reason: string, n: number): void {
  reasons.set(reason, (reasons.get(reason) ?? 0) + n);
}

function sum(rejects: readonly SourceReject[]): number {
  return rejects.reduce((total, reject) => total + reject.count, 0);
}
