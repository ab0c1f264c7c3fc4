/**
 * Every event of the corpus, shaped for all three tables: a row has only columns its table has,
 * with values of the column's type, XML that a reader takes, and every value of the event.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ColumnType, type EventElement, findTable } from '@dcr-agent/schema';
import { DOMParser } from '@xmldom/xmldom';
import { readEventXml } from '../../packages/agent/src/eventlog/event-xml-reader.ts';
import { scanEvtx } from '../../packages/agent/src/eventlog/evtx-scan.ts';
import { TemplateCache } from '../../packages/agent/src/eventlog/template-cache.ts';
import type { WindowsEventRecord } from '../../packages/agent/src/eventlog/windows-event-record.ts';
import { windowsEventStage } from '../../packages/agent/src/pipeline/windows-event/windows-event-stage.ts';
import { escapeText } from '../../packages/agent/src/xml-escape.ts';
import { corpusOptions, corpusPath } from '../support/corpus.ts';
import { type Row, rowOf } from '../support/rows.ts';

const TABLES = ['Event', 'SecurityEvent', 'WindowsEvent'];
/** XML columns of one event in so many are read back; reading all takes too long. */
const PARSED_SAMPLE = 10;
const CONTEXT = { computer: 'collector', hostIp: '10.0.0.4', agentId: 'a1' };

type Shape = (record: WindowsEventRecord) => Row;

const SHAPES: ReadonlyMap<string, Shape> = new Map(
  TABLES.map((table): [string, Shape] => {
    const flow = { id: 'f', stream: `Microsoft-${table}`, destinations: ['d'], queries: ['*'] };
    const stage = windowsEventStage(flow, CONTEXT, () => assert.fail('refused'));
    return [table, (record) => rowOf(stage, 'gig', record)];
  }),
);

const IS_OF_TYPE: Readonly<Record<ColumnType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string' && value.isWellFormed(),
  int: (value) => typeof value === 'number' && (value | 0) === value,
  datetime: (value) => typeof value === 'string' && isTime(value),
  dynamic: (value) => typeof value === 'object' && value !== null,
  long: () => false,
  real: () => false,
  boolean: () => false,
};

function isTime(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/.test(text)) return false;
  return !Number.isNaN(Date.parse(text));
}

const parser = new DOMParser({
  onError: (level, message) => {
    if (level !== 'warning') throw new Error(message);
  },
});

interface PlacedRecord {
  readonly place: string;
  readonly record: WindowsEventRecord;
}

async function* corpusEvents(): AsyncGenerator<PlacedRecord> {
  const templates = new TemplateCache();
  const folder = corpusPath('evtx');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.evtx'))) {
    for (const { events } of scanEvtx(`${folder}/${name}`, { templates })) {
      for (const record of events) yield { place: `${name} ${record.recordId}`, record };
    }
  }
}

async function* exampleEvents(): AsyncGenerator<PlacedRecord> {
  for (const name of ['security-events.xml', 'system-events.xml']) {
    const path = fileURLToPath(
      new URL(`../../examples/first-ten-minutes/${name}`, import.meta.url),
    );
    for await (const { events } of readEventXml(path)) {
      for (const record of events) yield { place: `${name} at ${record.offset}`, record };
    }
  }
}

test('every event of the examples makes a row of each table', async (t) => {
  await checkRows(t, exampleEvents(), 1);
});

test('every corpus event makes a row of each table', corpusOptions('evtx'), async (t) => {
  await checkRows(t, corpusEvents(), PARSED_SAMPLE);
});

async function checkRows(
  t: TestContext,
  records: AsyncIterable<PlacedRecord>,
  parsedSample: number,
): Promise<void> {
  const rows = new Map(TABLES.map((table) => [table, 0]));
  let events = 0;
  let parsed = 0;
  for await (const { place, record } of records) {
    const isSampled = events++ % parsedSample === 0;
    const xml = record.xml();
    for (const [table, shape] of SHAPES) {
      const row = shape(record);
      checkCells(table, row, place);
      checkIdentity(row, xml, place);
      checkValues(table, row, record.event, place);
      if (isSampled) parsed += checkXml(table, row, place);
      rows.set(table, rows.get(table)! + 1);
    }
  }
  assert.ok(events > 0);
  for (const [table, count] of rows) t.diagnostic(`${count} rows of ${table}`);
  t.diagnostic(`${parsed} of their XML values read back`);
}

function checkCells(table: string, row: Row, place: string): void {
  const { columns } = findTable(table)!;
  for (const [name, value] of Object.entries(row)) {
    const type = columns.get(name);
    assert.ok(type !== undefined, `${place}: ${table} has no column ${name}`);
    if (!IS_OF_TYPE[type](value)) assert.fail(`${place}: ${table}.${name} is ${typeof value}`);
  }
}

/** Time and identifier as the event's XML has them, whose `System` comes first. */
function checkIdentity(row: Row, xml: string, place: string): void {
  const [, seconds, fraction = ''] =
    /<TimeCreated SystemTime="([^".]{19})\.?(\d*)Z"/.exec(xml) ?? [];
  const time =
    seconds === undefined ? undefined : `${seconds}.${`${fraction}0000000`.slice(0, 7)}Z`;
  const eventId = /<EventID[^>]*>(\d+)</.exec(xml)?.[1];
  assert.equal(row.TimeGenerated, time, place);
  assert.equal(row.EventID, eventId === undefined ? undefined : Number(eventId), place);
}

/** No value of the event is lost on the way to its row. */
function checkValues(table: string, row: Row, event: EventElement, place: string): void {
  const payload = event.children.filter(({ name }) => !/^(System|RenderingInfo)$/.test(name));
  const cells = new Set(Object.values(row).flatMap(leaves));
  const xml = typeof row.EventData === 'string' ? row.EventData : '';
  for (const text of payload.flatMap(valuesOf)) {
    const isThere =
      cells.has(text) || xml.includes(escapeText(text)) || cells.has(String(Number(text)));
    if (!isThere) assert.fail(`${place}: ${JSON.stringify(text)} is not in ${table}`);
  }
}

function leaves(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.values(value).flatMap(leaves);
}

function valuesOf({ value, children }: EventElement): string[] {
  return [...(value === null ? [] : [value.text]), ...children.flatMap(valuesOf)];
}

/** Returns how many values it read. */
function checkXml(table: string, row: Row, place: string): number {
  const texts = [row.ParameterXml, table === 'WindowsEvent' ? undefined : row.EventData];
  const xml = texts.filter((text) => typeof text === 'string');
  for (const text of xml) {
    assert.doesNotThrow(() => parser.parseFromString(`<root>${text}</root>`, 'text/xml'), place);
  }
  return xml.length;
}
