/**
 * Queries people have written, over events computers have logged: wherever two queries select one
 * real event, they are told to overlap.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { type EventElement, parseEventQuery, queryCondition } from '@dcr-agent/schema';
import { scanEvtx } from '../../../../packages/agent/src/eventlog/evtx-scan.ts';
import { EventQueries } from '../../../../packages/agent/src/eventlog/query/event-queries.ts';
import { TemplateCache } from '../../../../packages/agent/src/eventlog/template-cache.ts';
import { corpusOptions, corpusPath } from '../../../support/corpus.ts';
import { corpusQueries } from '../../../support/corpus-queries.ts';
import { eventRule, NOW, overlapsOf } from './attached-rules.ts';

/** One in so many events is asked. */
const SAMPLE = 60;
/** Of the queries that select an event, so many are put beside each other. */
const SELECTING_MAX = 15;

test('queries that select one event of the corpus overlap', corpusOptions('xpath'), (t) => {
  const queries = [...new Set(corpusQueries().map(({ text }) => text))];
  const pairs = pairsSelectingOneEvent(queries);
  const missed = [...pairs.values()].filter(([channel, a, b]) => {
    return (
      overlapsOf(eventRule('a', `${channel}!${a}`), eventRule('b', `${channel}!${b}`)).length < 1
    );
  });
  t.diagnostic(`${pairs.size} pairs`);
  assert.deepEqual(missed, []);
  assert.ok(pairs.size > 500);
});

type Pair = readonly [channel: string, a: string, b: string];

function pairsSelectingOneEvent(queries: readonly string[]): ReadonlyMap<string, Pair> {
  const asked = new EventQueries(
    queries.map((text) => {
      const { query } = parseEventQuery(text);
      assert.ok(query, text);
      return queryCondition(query);
    }),
  );
  const pairs = new Map<string, Pair>();
  for (const event of corpusEvents()) {
    const channel = channelOf(event);
    const selecting = [...asked.ofElement(event, NOW)].slice(0, SELECTING_MAX);
    for (const [i, a] of selecting.entries()) {
      for (const b of selecting.slice(i)) {
        pairs.set(`${channel} ${a} ${b}`, [channel, queries[a] ?? '', queries[b] ?? '']);
      }
    }
  }
  return pairs;
}

function channelOf({ children: [system] }: EventElement): string {
  return system?.children.find(({ name }) => name === 'Channel')?.value?.text ?? 'none';
}

function* corpusEvents(): Generator<EventElement> {
  const templates = new TemplateCache();
  const folder = corpusPath('evtx');
  let seen = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.evtx'))) {
    for (const { events } of scanEvtx(`${folder}/${name}`, { templates })) {
      for (const { event } of events) if (seen++ % SAMPLE === 0) yield event;
    }
  }
}
