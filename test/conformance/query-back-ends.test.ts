/**
 * Every query of the corpus asked of every event in each form the readers have: whichever way is
 * taken to the answer, it is the answer the element tree gives.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { parseEventQuery, type QueryCondition, queryCondition } from '@dcr-agent/schema';
import { parseEventXml } from '../../packages/agent/src/eventlog/event-xml-reader.ts';
import type { EvtxEvent } from '../../packages/agent/src/eventlog/evtx-event.ts';
import { scanEvtx } from '../../packages/agent/src/eventlog/evtx-scan.ts';
import { EventQueries } from '../../packages/agent/src/eventlog/query/event-queries.ts';
import { TemplateCache } from '../../packages/agent/src/eventlog/template-cache.ts';
import { corpusOptions, corpusPath } from '../support/corpus.ts';
import { corpusQueries } from '../support/corpus-queries.ts';

const NOW_MS = Date.parse('2025-06-09T00:00:00Z');

/** One in so many queries is asked with regard to case, too. */
const EXACT_SAMPLE = 5;

interface AskedQuery {
  readonly text: string;
  readonly condition: QueryCondition;
}

function allQueries(): AskedQuery[] {
  return corpusQueries().flatMap(({ text }, i) => {
    const { query } = parseEventQuery(text);
    assert.ok(query, text);
    const ignoring = { text, condition: queryCondition(query) };
    // Without a text in it, a query has no case to ignore; some of the others will do.
    if (!/["'][^"']*[a-z]/i.test(text) || i % EXACT_SAMPLE > 0) return [ignoring];
    return [ignoring, { text, condition: queryCondition(query, { stringCase: 'exact' }) }];
  });
}

/** Queries in as many parts, of which every event is asked one; all take too long. */
function parts(queries: readonly AskedQuery[], count: number): Part[] {
  return Array.from({ length: count }, (_, part) => {
    const own = queries.filter((_, i) => i % count === part);
    const conditions = own.map(({ condition }) => condition);
    return {
      comparison: new Comparison(own),
      queries: new EventQueries(conditions),
      ofTree: new EventQueries(conditions),
    };
  });
}

interface Part {
  readonly comparison: Comparison;
  readonly queries: EventQueries;
  readonly ofTree: EventQueries;
}

test('stored values give the answers of the tree', corpusOptions('xpath'), (t) => {
  const asked = parts(allQueries(), 5);
  let events = 0;
  for (const { place, event } of corpusEvents()) {
    const { comparison, queries, ofTree } = asked[events++ % asked.length]!;
    const expected = ofTree.ofElement(event.event, NOW_MS);
    comparison.add(place, queries.ofStored(event, NOW_MS), expected);
  }
  for (const { comparison } of asked) comparison.end(t);
});

test('XML text gives the answers of its tree', corpusOptions('evtx-truth'), (t) => {
  const asked = parts(allQueries(), 12);
  let events = 0;
  for (const { place, event } of corpusEvents()) {
    const { comparison, queries, ofTree } = asked[events++ % asked.length]!;
    const [read] = parseEventXml(event.xml()).events;
    assert.ok(read, place);
    const answer = read.selectedBy(queries, NOW_MS);
    comparison.add(place, answer, ofTree.ofElement(read.event, NOW_MS));
  }
  for (const { comparison } of asked) comparison.end(t);
});

class Comparison {
  readonly #queries: readonly AskedQuery[];
  readonly #differences: string[] = [];
  #events = 0;
  #selected = 0;

  constructor(queries: readonly AskedQuery[]) {
    this.#queries = queries;
  }

  add(place: string, actual: readonly number[], expected: readonly number[]): void {
    this.#events++;
    this.#selected += expected.length;
    if (actual.join() === expected.join()) return;
    for (const [index, { text }] of this.#queries.entries()) {
      if (actual.includes(index) === expected.includes(index)) continue;
      this.#differences.push(`${place}: ${text}`);
    }
  }

  end(t: TestContext): void {
    const counts = `${this.#events} events, ${this.#queries.length} queries each`;
    t.diagnostic(`${counts}, ${this.#selected} selected`);
    assert.deepEqual(this.#differences.slice(0, 20), []);
    assert.ok(this.#selected > 0);
  }
}

function* corpusEvents(): Generator<{ place: string; event: EvtxEvent }> {
  const templates = new TemplateCache();
  const folder = corpusPath('evtx');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.evtx'))) {
    for (const { events } of scanEvtx(`${folder}/${name}`, { templates })) {
      for (const event of events) yield { place: `${name} ${event.recordId}`, event };
    }
  }
}
