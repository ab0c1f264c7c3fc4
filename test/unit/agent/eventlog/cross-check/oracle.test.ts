/**
 * Every way to the answer of a query against an XPath 1.0 engine over the event's XML: stored
 * values, a forwarded event without a template, XML text, and the tree.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import {
  type EventQuery,
  parseEventQuery,
  queryCondition,
  type StringCase,
} from '@dcr-agent/schema';
import fc from 'fast-check';
import {
  createOracle,
  type EventDocument,
  readDocument,
} from '../../../../../packages/agent/src/eventlog/cross-check/oracle.ts';
import { parseEventXml } from '../../../../../packages/agent/src/eventlog/event-xml-reader.ts';
import { scanEvtx } from '../../../../../packages/agent/src/eventlog/evtx-scan.ts';
import { EventQueries } from '../../../../../packages/agent/src/eventlog/query/event-queries.ts';
import type { WindowsEventRecord } from '../../../../../packages/agent/src/eventlog/windows-event-record.ts';
import { corpusOptions, corpusPath } from '../../../../support/corpus.ts';
import { corpusQueries } from '../../../../support/corpus-queries.ts';
import { roundTrip } from '../../../../support/decoded-events.ts';
import { seededRandom } from '../../../../support/evtx-mutations.ts';
import { DATA_TYPES, randomEvent, randomQuery } from '../../../../support/random-events.ts';

const NOW_MS = Date.parse('2025-06-09T00:00:00Z');

function parsed(text: string): EventQuery {
  const { query, diagnostics } = parseEventQuery(text);
  assert.ok(query, `${text}: ${JSON.stringify(diagnostics)}`);
  return query;
}

function documentOf(xml: string): EventDocument {
  const document = readDocument(xml);
  assert.ok(typeof document === 'object', `${document}\n${xml}`);
  return document;
}

test('random queries over random events, however they are stored', (t) => {
  let answers = 0;
  let selected = 0;
  const stringCase = fc.constantFrom<StringCase>('ignore', 'exact');
  fc.assert(
    fc.property(randomQuery, stringCase, randomEvent, (text, stringCase, xml) => {
      const query = parsed(text);
      const oracle = createOracle(query, stringCase);
      const queries = new EventQueries([queryCondition(query, { stringCase })]);
      const forms: Record<string, WindowsEventRecord | undefined> = {
        stored: roundTrip({ xml, types: DATA_TYPES }),
        forwarded: roundTrip({ xml, isForwarded: true }),
        text: parseEventXml(xml).events[0],
      };
      for (const [form, event] of Object.entries(forms)) {
        assert.ok(event);
        const expected = oracle.selects(documentOf(event.xml()), NOW_MS);
        const place = `${form}: ${text}\n${event.xml()}`;
        assert.equal(event.selectedBy(queries, NOW_MS).length > 0, expected, place);
        assert.equal(queries.ofElement(event.event, NOW_MS).length > 0, expected, place);
        answers++;
        if (expected) selected++;
      }
    }),
    { numRuns: 500 },
  );
  t.diagnostic(`${answers} answers compared, ${selected} of them yes`);
  assert.ok(selected > answers / 20 && selected < answers);
});

test('queries of the corpus over its events, some of each', corpusOptions('xpath'), (t) => {
  const queries = corpusQueries().map(({ text }) => parsed(text));
  const oracles = queries.map((query) => createOracle(query, 'ignore'));
  const compiled = new EventQueries(queries.map((query) => queryCondition(query)));
  const random = seededRandom(1);
  const folder = corpusPath('evtx');
  let answers = 0;
  let selected = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.evtx'))) {
    for (const { events } of scanEvtx(`${folder}/${name}`)) {
      for (const event of events.filter(() => random() < 0.05)) {
        const xml = event.xml();
        const document = documentOf(xml);
        const own = new Set(event.selectedBy(compiled, NOW_MS));
        // What is selected is looked at most of all; what is not is nearly everything.
        for (const index of queries.keys()) {
          if (random() > (own.has(index) ? 0.2 : 0.01)) continue;
          const expected = oracles[index]!.selects(document, NOW_MS);
          assert.equal(own.has(index), expected, `${name} ${queries[index]!.text}\n${xml}`);
          answers++;
          if (expected) selected++;
        }
      }
    }
  }
  t.diagnostic(`${answers} answers compared, ${selected} of them yes`);
  assert.ok(selected > 0);
});
