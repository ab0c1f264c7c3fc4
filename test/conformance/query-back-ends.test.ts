/**
 * Every query of the corpus asked of every event in each form the readers have: whichever way is
 * taken to the answer, it is the answer the element tree gives.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parseEventQuery, type QueryCondition, queryCondition } from '@dcr-agent/schema';
import type { EvtxEvent } from '../../packages/agent/src/eventlog/evtx-event.ts';
import { scanEvtx } from '../../packages/agent/src/eventlog/evtx-scan.ts';
import { EventQueries } from '../../packages/agent/src/eventlog/query/event-queries.ts';
import { TemplateCache } from '../../packages/agent/src/eventlog/template-cache.ts';
import { corpusOptions, corpusPath } from '../support/corpus.ts';
import { corpusQueries } from '../support/corpus-queries.ts';

const NOW_MS = Date.parse('2025-06-09T00:00:00Z');

test('stored values give the answers of the tree', corpusOptions('xpath'), (t) => {
  const queries = corpusQueries().flatMap(({ text }) => {
    const { query } = parseEventQuery(text);
    assert.ok(query, text);
    return (['ignore', 'exact'] as const).map((stringCase) => ({
      text,
      condition: queryCondition(query, { stringCase }),
    }));
  });
  const differences: string[] = [];
  let events = 0;
  let selected = 0;
  const asked = new Asked(queries.map(({ condition }) => condition));
  for (const { place, event } of corpusEvents()) {
    const { stored, tree } = asked.of(event);
    events++;
    selected += tree.length;
    for (const index of symmetricDifference(stored, tree)) {
      differences.push(`${place}: ${queries[index]?.text}`);
    }
  }
  t.diagnostic(`${events} events, ${queries.length} queries each, ${selected} selected`);
  assert.deepEqual(differences.slice(0, 20), []);
  assert.ok(selected > 0);
});

/** The same queries twice, as answers are good until the next question. */
class Asked {
  readonly #stored: EventQueries;
  readonly #tree: EventQueries;

  constructor(conditions: readonly QueryCondition[]) {
    this.#stored = new EventQueries(conditions);
    this.#tree = new EventQueries(conditions);
  }

  of(event: EvtxEvent): { stored: readonly number[]; tree: readonly number[] } {
    const stored = this.#stored.ofStored(event, NOW_MS);
    return { stored, tree: this.#tree.ofElement(event.event, NOW_MS) };
  }
}

function symmetricDifference(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set(a).symmetricDifference(new Set(b))];
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
