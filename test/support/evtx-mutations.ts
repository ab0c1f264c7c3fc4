/**
 * Damages log files at random and reads them to the end. Whatever the damage, reading must not
 * throw, must come to an end, and what it yields must be well-formed XML of bounded size.
 */
import assert from 'node:assert/strict';
import { parseEventQuery, queryCondition } from '@dcr-agent/schema';
import { CHUNK_SIZE, Chunk, hasChunkSignature } from '../../packages/agent/src/eventlog/chunk.ts';
import { readDocument } from '../../packages/agent/src/eventlog/cross-check/oracle.ts';
import { decodeChunk } from '../../packages/agent/src/eventlog/decode-chunk.ts';
import { parseEventElement } from '../../packages/agent/src/eventlog/event-xml-parser.ts';
import type { EvtxEvent } from '../../packages/agent/src/eventlog/evtx-event.ts';
import { EventQueries } from '../../packages/agent/src/eventlog/query/event-queries.ts';
import { RecordIdSet } from '../../packages/agent/src/eventlog/record-id-set.ts';
import { TemplateCache } from '../../packages/agent/src/eventlog/template-cache.ts';
import { EVENT_SIZE_MAX } from '../../packages/agent/src/eventlog/template-shape.ts';
import { JsonBytes } from '../../packages/agent/src/pipeline/json-bytes.ts';
import { storedWindowsEventRow } from '../../packages/agent/src/pipeline/windows-event/stored/stored-windows-event-row.ts';
import { windowsEventRow } from '../../packages/agent/src/pipeline/windows-event/windows-event-row.ts';
import { FILE_HEADER_SIZE } from './evtx-writer/evtx-writer.ts';

export type Random = () => number;

/** Numbers in [0, 1) from a seed (mulberry32), so that a failure can be repeated. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A damaged copy: some bytes changed, a stretch moved or zeroed, or the end cut off. */
export function mutated(file: Buffer, random: Random): Buffer {
  const copy = Buffer.from(file);
  const below = (limit: number): number => Math.floor(random() * limit);
  // Sizes, offsets and types are where it hurts, so small values are likely.
  const interesting = [0, 1, 2, 0x0c, 0x0f, 0x21, 0x81, 0xff];
  for (let change = below(12) + 1; change > 0; change--) {
    const at = FILE_HEADER_SIZE + below(Math.max(1, copy.length - FILE_HEADER_SIZE));
    const kind = below(10);
    const copyPiece = (): void => {
      const from = below(copy.length);
      copy.copyWithin(at, from, from + below(300));
    };
    if (kind < 5) copy[at] = interesting[below(interesting.length)]!;
    else if (kind < 7) copy[at] = below(256);
    else if (kind < 8) copy.subarray(at, at + below(600)).fill(0);
    else if (kind < 9) copyPiece();
    else return copy.subarray(0, at);
  }
  return copy;
}

export interface ReadResult {
  readonly events: number;
  readonly damage: number;
}

const QUERIES = [
  '*[System[EventID=4624]]',
  'Event[System[(Level<=3 or Level=4) and EventID!=7036]]',
  "*[System[Provider[@Name='Microsoft-Windows-Security-Auditing'] and band(Keywords,1)]]",
  "*[System[TimeCreated[@SystemTime>='2019-01-01' and timediff(@SystemTime)<=864000000000]]]",
  "*[EventData[Data[@Name='LogonType']=3 or Data='x' or Data!='']]",
  '*[EventData[Data[2]] or UserData/*/*]',
  "*[System[Security[@UserID='S-1-5-18'] and Execution[@ProcessID>4]] and EventData/Binary]",
];
const queries = new EventQueries(
  QUERIES.map((text) => {
    const { query } = parseEventQuery(text);
    assert.ok(query);
    return queryCondition(query);
  }),
);
const NOW_MS = Date.UTC(2025, 5, 9);
const CONTEXT = { computer: '', hostIp: '', agentId: '' };
const writeStored = storedWindowsEventRow(CONTEXT);
const out = new JsonBytes(1024);

/** Whichever way an event is asked or written, the tree says the same. */
function checkAgainstTree(event: EvtxEvent): void {
  const stored = [...queries.ofStored(event, NOW_MS)];
  assert.deepEqual(stored, [...queries.ofElement(event.event, NOW_MS)], event.xml());
  out.truncate(0);
  if (!writeStored(out, event.instance)) return;
  assert.equal(out.content().toString(), JSON.stringify(windowsEventRow(event, CONTEXT)));
}

/** Reads every chunk, renders every event both ways, and checks what comes out. */
export function readToTheEnd(file: Buffer): ReadResult {
  const templates = new TemplateCache();
  const seen = new RecordIdSet();
  let events = 0;
  let damage = 0;
  for (let offset = FILE_HEADER_SIZE; offset < file.length; offset += CHUNK_SIZE) {
    const bytes = file.subarray(offset, offset + CHUNK_SIZE);
    if (!hasChunkSignature(bytes)) continue;
    const content = decodeChunk(new Chunk(bytes, offset), { templates, seen });
    damage += content.damage.length;
    for (const event of content.events) {
      events++;
      const xml = event.xml();
      assert.ok(xml.length <= event.instance.sizeBound, 'the bound holds');
      assert.ok(xml.length <= EVENT_SIZE_MAX);
      assert.ok(event.event.name.length > 0);
      checkAgainstTree(event);
      if (xml.length < 100_000) {
        assert.equal(typeof parseEventElement(xml), 'object', xml);
        const document = readDocument(xml);
        assert.equal(typeof document, 'object', `${document}\n${xml}`);
      }
    }
  }
  return { events, damage };
}
