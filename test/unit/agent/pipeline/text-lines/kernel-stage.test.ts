import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Protocol } from '@dcr-agent/schema';
import fc from 'fast-check';
import { loadKernel } from '../../../../../packages/agent/src/kernel/kernel-module.ts';
import {
  type BulkStage,
  createPipeline,
} from '../../../../../packages/agent/src/pipeline/pipeline.ts';
import { textLineKernelStage } from '../../../../../packages/agent/src/pipeline/text-lines/kernel-stage.ts';
import { textLineStage } from '../../../../../packages/agent/src/pipeline/text-lines/text-line-stage.ts';
import type { LineRecord } from '../../../../../packages/agent/src/record.ts';
import { linesAsRecords } from '../../../../../packages/agent/src/sources/log-files/line-batch.ts';
import { splitLines } from '../../../../../packages/agent/src/sources/log-files/split-lines.ts';

const CONTEXT = { computer: 'collector "one"', hostIp: '10.0.0.4', agentId: 'a' };
const BOTH: ReadonlyMap<Protocol, readonly string[]> = new Map([
  ['ods', ['workspace']],
  ['gig', ['endpoint']],
]);
const bulk = textLineKernelStage(loadKernel('lines'), CONTEXT);

interface Written {
  readonly json: readonly string[];
  readonly counts: readonly unknown[];
  /** Whether lines were looked at one by one. */
  readonly isTwin: boolean;
}

function written(
  bytes: Buffer,
  filePath: string,
  stage: BulkStage<LineRecord> | undefined,
  skip = 0,
): Written {
  const flow = { id: 'f', stream: 'Custom-Lines', destinations: ['workspace', 'endpoint'] };
  const flows = [flow, { ...flow, id: 'g' }].map((each) => ({
    flow: each,
    stage: textLineStage(CONTEXT),
    destinations: BOTH,
    isBulk: true,
  }));
  const pipeline = createPipeline(flows, stage);
  const lines = splitLines(bytes, 0);
  const range = { lines, from: Math.min(skip, lines.ends.length), to: lines.ends.length };
  const records = linesAsRecords(range, filePath, Date.UTC(2026, 0, 1));
  let isTwin = false;
  const each = (visit: (line: LineRecord) => void): void => {
    isTwin = true;
    records.each(visit);
  };
  pipeline.process({ records: { ...records, each }, cursors: [] }, 0);
  const { blocks, counts } = pipeline.take()!;
  for (const { json, recordCount } of blocks) {
    assert.equal((JSON.parse(`[${json}]`) as object[]).length, recordCount);
  }
  return { json: blocks.map(({ json }) => String(json)), counts, isTwin };
}

function assertTwins(bytes: Buffer, filePath = '/var/log/a.log', skip = 0): Written {
  const kernel = written(bytes, filePath, bulk, skip);
  const { json, counts } = written(bytes, filePath, undefined, skip);
  assert.deepEqual([kernel.json, kernel.counts], [json, counts]);
  return kernel;
}

test('lines make the rows of the twin, for every flow and protocol', () => {
  const text = 'one\n\ntwo "quoted" \\ \u0001\u007f\t\r\n\u00e9\u6f22\ud83d\ude00 three\n';
  const { isTwin, json } = assertTwins(Buffer.from(text));
  assert.equal(isTwin, false);
  assert.equal(json.length, 4);
});

test('a path may hold what JSON escapes', () => {
  assert.equal(assertTwins(Buffer.from('x\n'), '/var/"log"\\\n\u6f22').isTwin, false);
});

test('a part of the lines of a slice makes rows of its own', () => {
  assert.equal(assertTwins(Buffer.from('a\nb\nc\n'), '/a', 2).isTwin, false);
});

test('more rows than the kernel holds at once come in the same order', () => {
  const line = `${'\u0001'.repeat(20_000)}\n`;
  assert.equal(assertTwins(Buffer.from(line.repeat(6))).isTwin, false);
});

test('what does not fit, and what is no UTF-8, is left to the twin', () => {
  assert.equal(assertTwins(Buffer.from(`${'x'.repeat(200_000)}\n`)).isTwin, true);
  assert.equal(assertTwins(Buffer.from(`${'\u0001'.repeat(140_000)}\n`)).isTwin, true);
  assert.equal(assertTwins(Buffer.from('x\n'), `/${'\u0001'.repeat(6_000)}`).isTwin, true);
  assert.equal(assertTwins(Buffer.from('x\n'.repeat(5_000))).isTwin, true);
  assert.equal(assertTwins(Buffer.from([0x61, 0xff, 0x0a])).isTwin, true);
});

test('a line that has to be cut for a service is left to the twin', () => {
  assert.equal(assertTwins(Buffer.from(`${'x'.repeat(65_536)}\n`)).isTwin, false);
  assert.equal(assertTwins(Buffer.from(`${'x'.repeat(65_537)}\n`)).isTwin, true);
});

test('whatever a file holds, the kernel writes what its twin writes', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text)),
    fc.constantFrom('\n', '\r\n', '\0', '"', '\\', '\t').map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      assertTwins(Buffer.concat([...pieces, Buffer.from('\n')]));
    }),
    { numRuns: 200 },
  );
});
