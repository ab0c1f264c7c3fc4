/** Rows as a pipeline makes them, read back from their JSON. */
import type { Protocol } from '@dcr-agent/schema';
import type { FlowCount, Outlet } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { JsonBytes } from '../../packages/agent/src/pipeline/json-bytes.ts';
import type { Pipeline } from '../../packages/agent/src/pipeline/pipeline.ts';
import type { RecordStage } from '../../packages/agent/src/pipeline/record-stage.ts';
import {
  type Batch,
  type CursorUpdate,
  listed,
  type SourceReject,
} from '../../packages/agent/src/record.ts';

export type Row = Readonly<Record<string, unknown>>;

/** The row a stage writes for a record. */
export function rowOf<R>(stage: RecordStage<R>, protocol: Protocol, record: R): Row {
  const out = new JsonBytes(16);
  stage.row(protocol)(record, out);
  return JSON.parse(out.content().toString()) as Row;
}

/** The records of a batch, none of which may be shown as the same object twice. */
export function recordsOf<R>({ records }: Pick<Batch<R>, 'records'>): R[] {
  const all: R[] = [];
  records.each((record) => void all.push(record));
  return all;
}

export interface Processed {
  /** JSON texts joined by commas, a block each; one for each outlet of it. */
  readonly blocks: readonly { outlet: Outlet; text: string; recordCount: number }[];
  readonly cursors: readonly CursorUpdate[];
  readonly counts: readonly FlowCount[];
}

/** One batch through a pipeline. */
export function processed<R>(
  pipeline: Pipeline<R>,
  records: readonly R[],
  rejects: readonly SourceReject[] = [],
  cursors: readonly CursorUpdate[] = [],
): Processed {
  pipeline.process({ records: listed(records), cursors, rejects }, 0);
  const { blocks, ...rest } = pipeline.take()!;
  return {
    ...rest,
    blocks: blocks.flatMap(({ outlets, json, recordCount }) =>
      outlets.map((outlet) => ({ outlet, recordCount, text: json.toString() })),
    ),
  };
}
