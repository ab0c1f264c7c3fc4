/**
 * Bytes of log files: however they are cut and whatever they hold, records are the same, JSON is
 * what `JSON.parse` says, and each row in W3C format is a row or refused. Runs for `FUZZ_SECONDS`
 * (10 unless said otherwise) per test.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonBytes } from '../../packages/agent/src/pipeline/json-bytes.ts';
import { JsonObjectScan } from '../../packages/agent/src/pipeline/json-lines/json-object-scan.ts';
import { iisShape } from '../../packages/agent/src/pipeline/w3c/iis-shape.ts';
import { w3cStage } from '../../packages/agent/src/pipeline/w3c/w3c-stage.ts';
import { groupRecords } from '../../packages/agent/src/sources/log-files/group-records.ts';
import { recordStartOf } from '../../packages/agent/src/sources/log-files/record-start.ts';
import { splitLines } from '../../packages/agent/src/sources/log-files/split-lines.ts';
import {
  afterDirective,
  NO_HEADER,
} from '../../packages/agent/src/sources/log-files/w3c-header.ts';
import { createLocalTime } from '../../packages/agent/src/time/local-time.ts';
import { TIMESTAMP_FORMATS } from '../../packages/dcr-schema/src/rule/known-values.ts';
import { lineRecord } from '../support/line-records.ts';

const parameters: fc.Parameters<unknown> = {
  numRuns: Number.POSITIVE_INFINITY,
  interruptAfterTimeLimit: Number(process.env.FUZZ_SECONDS ?? 10) * 1000,
};
const NOW_MS = Date.UTC(2026, 2, 10);
const toEpochMs = createLocalTime(() => 60);

const timePiece = fc.oneof(
  fc.constantFrom(
    '2026-03-01 10:11:12',
    '3/1/2026 9:11:12 PM',
    'Mar  1 10:11:12',
    '260301  9:11:12',
  ),
  fc.constantFrom('Mar 01, 2026 10:11:12', '01/Mar/2026:10:11:12 +0100', '2026-03-01T10:11:12Z'),
  fc.constantFrom('\n', '\r\n', ' ', '\0', '\uFEFF', '2026-', ':', '12', 'T', '99', 'AM'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const text = fc.array(timePiece, { maxLength: 40 }).map((pieces) => pieces.join(''));

/** Records of a file that is read so far, and on from each record's end, as a source does. */
function recordsOf(bytes: Buffer, format: string, places: readonly number[]): string[] {
  const begins = recordStartOf(format, toEpochMs)!;
  const records: string[] = [];
  let offset = 0;
  for (const size of [...places.filter((place) => place < bytes.length), bytes.length].sort(
    (a, b) => a - b,
  )) {
    // A copy: records are joined where they lie.
    const part = Buffer.from(bytes.subarray(offset, size));
    const isFinal = size === bytes.length;
    const grouped = groupRecords(splitLines(part, offset), begins, NOW_MS, isFinal);
    grouped.ends.forEach((end, i) => {
      records.push(part.toString('latin1', grouped.places[2 * i], grouped.places[2 * i + 1]));
      offset = end;
    });
  }
  return records;
}

test('records are the same however a file grows', () => {
  const cuts = fc.array(fc.nat(400), { maxLength: 20 });
  fc.assert(
    fc.property(text, fc.constantFrom(...TIMESTAMP_FORMATS), cuts, (content, format, places) => {
      const bytes = Buffer.from(content);
      assert.deepEqual(recordsOf(bytes, format, places), recordsOf(bytes, format, []));
    }),
    parameters,
  );
});

const jsonPiece = fc.oneof(
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '"a":', '\\u00e9', '\\', '\\x', ' ', '\t'),
  fc.constantFrom('0', '-', '01', '1.', '1e', '1e5', 'tru', 'true', 'null', '\n', '\u0001', 'é'),
);
const jsonLine = fc.oneof(
  fc.array(jsonPiece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.dictionary(fc.string(), fc.jsonValue()).map((object) => JSON.stringify(object)),
  fc
    .tuple(fc.jsonValue(), fc.nat(), fc.string({ unit: 'binary', maxLength: 2 }))
    .map(([value, place, wrong]) => {
      const json = JSON.stringify({ a: value, b: [value] });
      const at = place % (json.length + 1);
      return json.slice(0, at) + wrong + json.slice(at + 1);
    }),
);

/** The members of an object; a text where there is none. */
function scanned(line: string): Record<string, unknown> | string {
  const bytes = Buffer.from(`"${line}"`);
  const scan = new JsonObjectScan();
  const problem = scan.scan(bytes, 1, bytes.length - 1);
  if (problem !== undefined) return problem;
  const members = scan.members
    .slice(0, scan.count)
    .map((member): [string, unknown] => [
      JSON.parse(bytes.toString('utf8', member.nameStart - 1, member.nameEnd + 1)) as string,
      JSON.parse(bytes.toString('utf8', member.start, member.end)),
    ]);
  return Object.fromEntries(members);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function checkJson(line: string, scan = scanned): void {
  const mine = scan(line);
  // Through UTF-8, as a file is read: a half of a character is another one then.
  const value = parsed(Buffer.from(line).toString());
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject) assert.deepEqual(mine, Object.fromEntries(Object.entries(value)));
  else assert.equal(typeof mine, 'string', line);
}

test('an object is what JSON.parse says, and nothing else is one', () => {
  fc.assert(
    fc.property(jsonLine, (line) => checkJson(line)),
    parameters,
  );
});

const w3cPiece = fc.oneof(
  fc.constantFrom('2026-03-01', '10:11:12', '-', '"', '""', '"a b"', ' ', '\t', '200', 'GET', '#'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

test('a row in W3C format is a row, or refused', () => {
  const stage = w3cStage(iisShape({ computer: 'c', hostIp: '', agentId: '' }), toEpochMs);
  const write = stage.row('ods');
  const fields = fc.array(fc.constantFrom('date', 'time', 'c-ip', 's-port', 'x', 'sc-bytes'));
  fc.assert(
    fc.property(fields, fc.array(w3cPiece, { maxLength: 12 }), (names, pieces) => {
      const header = afterDirective(NO_HEADER, `#Fields: ${names.join(' ')}`);
      const line = pieces.join(' ').replaceAll('\n', '');
      const record = { ...lineRecord({ line, filePath: '/a', timeMs: NOW_MS }), header };
      const refusal = stage.refusal!(record);
      if (refusal !== undefined) return assert.match(refusal, /^W3C row /);
      const out = new JsonBytes(16);
      write(record, out);
      const row = JSON.parse(out.content().toString()) as Record<string, unknown>;
      assert.ok(Date.parse(String(row.TimeGenerated)) > 0);
    }),
    parameters,
  );
});

test('the canary is found: a scanner that does not look behind the object', () => {
  const lenient = (line: string): ReturnType<typeof scanned> => scanned(line.replace(/[^}]*$/, ''));
  const property = fc.property(jsonLine, (line) => checkJson(line, lenient));
  assert.ok(fc.check(property, { numRuns: 20_000 }).failed);
});
