/**
 * Real queries over real events: what each query selects in each log must be what an independent
 * XPath engine selected. The events are read from XML, so every value is a string.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import {
  compileEventQuery,
  type EventElement,
  type EventPredicate,
  parseEventQuery,
  parseQueryEntry,
  type StringCase,
} from '@dcr-agent/schema';
import { corpusOptions, corpusPath } from '../support/corpus.ts';
import { corpusLines, corpusQueries, corpusRows } from '../support/corpus-queries.ts';
import { parseEvents } from '../support/event-xml.ts';

const TRUTH_FILES = ['xpath/truth.jsonl', 'xpath/truth-dcr.jsonl'];

/** Which events of a file a query selects: indices into the events of the file. */
interface Truth {
  readonly file: string;
  readonly q: string;
  readonly pos: readonly number[];
  /** Where ignoring the case of texts changes the answer. */
  readonly pos_ci?: readonly number[];
}

test('every query of the corpus is accepted', corpusOptions('xpath'), (t) => {
  const queries = corpusQueries();
  for (const { id, channel, text } of queries) {
    const { query, diagnostics } = parseEventQuery(text);
    assert.ok(query, `${id} ${text}: ${JSON.stringify(diagnostics)}`);
    if (channel === '*') continue;
    const entry = parseQueryEntry(`${channel}!${text}`);
    assert.equal(entry.channel, channel);
    assert.deepEqual(entry.query, query);
  }
  t.diagnostic(`${queries.length} queries`);
});

test('every malformed query of the corpus is refused', corpusOptions('xpath'), (t) => {
  const rows = corpusRows('xpath/invalid.tsv');
  for (const [id, text = '', why] of rows) {
    assert.equal(parseEventQuery(text).query, null, `${id} ${text}: ${why}`);
  }
  t.diagnostic(`${rows.length} queries`);
});

for (const stringCase of ['ignore', 'exact'] as const) {
  const name = `queries select the events of the truth file (case of texts: ${stringCase})`;
  test(name, corpusOptions('evtx-truth'), (t) => {
    const predicates = compileQueries(stringCase);
    const differences: string[] = [];
    let pairs = 0;
    for (const path of TRUTH_FILES) {
      const [meta, ...truths] = corpusLines(path).map((line) => JSON.parse(line));
      const nowMs = Date.parse(meta.now);
      for (const truth of truths as Truth[]) {
        const { channel, predicate } = predicates.get(truth.q)!;
        const expected = stringCase === 'ignore' ? (truth.pos_ci ?? truth.pos) : truth.pos;
        const selected = select(readEvents(truth.file), channel, predicate, nowMs);
        pairs += 1;
        if (selected.join() === expected.join()) continue;
        differences.push(`${truth.file} ${truth.q}: ${selected.length}, not ${expected.length}`);
      }
    }
    t.diagnostic(`${pairs} pairs of file and query compared, ${differences.length} differ`);
    assert.deepEqual(differences, []);
    assert.ok(pairs > 0);
  });
}

function select(
  events: readonly EventElement[],
  channel: string,
  predicate: EventPredicate,
  nowMs: number,
): number[] {
  return events.flatMap((event, index) => {
    const isOfChannel = channel === '*' || channelOf(event) === channel.toLowerCase();
    return isOfChannel && predicate(event, nowMs) ? [index] : [];
  });
}

function channelOf(event: EventElement): string | undefined {
  const system = event.children.find(({ name }) => name === 'System');
  return system?.children.find(({ name }) => name === 'Channel')?.value?.text.toLowerCase();
}

function compileQueries(
  stringCase: StringCase,
): Map<string, { readonly channel: string; readonly predicate: EventPredicate }> {
  return new Map(
    corpusQueries().map(({ id, channel, text }) => {
      const { query } = parseEventQuery(text);
      assert.ok(query);
      return [id, { channel, predicate: compileEventQuery(query, { stringCase }) }];
    }),
  );
}

const eventsByFile = new Map<string, readonly EventElement[]>();

function readEvents(file: string): readonly EventElement[] {
  const known = eventsByFile.get(file);
  if (known !== undefined) return known;
  const path = corpusPath(`evtx-truth/${file.replace(/\.evtx$/, '')}.ref.xml.gz`);
  const events = parseEvents(gunzipSync(readFileSync(path)).toString('utf8'));
  eventsByFile.set(file, events);
  return events;
}
