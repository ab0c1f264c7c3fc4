/**
 * Other people's .evtx files against the XML that a reference reader, whose output equals what
 * Windows exported, makes of them.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { EventElement } from '@dcr-agent/schema';
import type { Damage } from '../../packages/agent/src/eventlog/damage.ts';
import { parseEventXml } from '../../packages/agent/src/eventlog/event-xml-reader.ts';
import type { EvtxEvent } from '../../packages/agent/src/eventlog/evtx-event.ts';
import { EvtxFile } from '../../packages/agent/src/eventlog/evtx-file.ts';
import { scanEvtx } from '../../packages/agent/src/eventlog/evtx-scan.ts';
import { TemplateCache } from '../../packages/agent/src/eventlog/template-cache.ts';
import { corpusOptions, corpusPath } from '../support/corpus.ts';

interface ReadLog {
  readonly name: string;
  /** Events in their place: what a reader finds that stops at damage. */
  readonly events: readonly EvtxEvent[];
  /** Events found behind damage. */
  readonly salvaged: number;
  readonly damage: readonly Damage[];
}

const templates = new TemplateCache();

async function* readCorpus(): AsyncGenerator<ReadLog> {
  const folder = corpusPath('evtx');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.evtx'))) {
    const events: EvtxEvent[] = [];
    const damage: Damage[] = [];
    for (const content of scanEvtx(`${folder}/${name}`, { templates })) {
      events.push(...content.events);
      damage.push(...content.damage);
    }
    const inPlace = events.filter(({ condition }) => condition !== 'salvaged');
    yield { name, events: inPlace, salvaged: events.length - inPlace.length, damage };
  }
}

/** The reference's events, one after the other; a record without content left an empty line. */
function referenceXml(name: string): string | null {
  const path = corpusPath(`evtx-truth/${name.replace(/\.evtx$/, '.ref.xml.gz')}`);
  if (!existsSync(path)) return null;
  const xml = gunzipSync(readFileSync(path)).toString('utf8');
  return xml.replace(/^<Events>\n|<\/Events>\n$/g, '').replace(/^\n|(?<=<\/Event>\n)\n/g, '');
}

function manifestCounts(): Map<string, number> {
  const [head = '', ...lines] = readFileSync(corpusPath('evtx/MANIFEST.tsv'), 'utf8').split('\n');
  const column = head.split('\t').indexOf('records');
  const counts = new Map<string, number>();
  for (const fields of lines.map((line) => line.split('\t'))) {
    const count = fields[column] ?? '';
    if (/^\d+$/.test(count)) counts.set(fields[0]!, Number(count));
  }
  return counts;
}

test(
  'every corpus file is read: events as the reference has them',
  corpusOptions('evtx'),
  async (t) => {
    const counts = manifestCounts();
    let files = 0;
    let events = 0;
    for await (const log of readCorpus()) {
      files++;
      events += log.events.length;
      const expected = referenceXml(log.name);
      const own = log.events.map((event) => `${event.xml()}\n`).join('');
      if (expected !== null && own !== expected)
        assert.fail(firstDifference(log.name, own, expected));
      // The manifest also counts records of which nothing but the header was written.
      const hollow = log.damage.filter(({ detail }) => detail === 'holds no element').length;
      const count = counts.get(log.name);
      if (count !== undefined) assert.equal(log.events.length + hollow, count, log.name);
      if (log.damage.length > 0) {
        const reasons = log.damage.map(({ reason, offset }) => `${reason} at ${offset}`).join(', ');
        t.diagnostic(`${log.name}: ${reasons}; ${log.salvaged} events found behind it`);
      }
    }
    assert.ok(files > 0);
    t.diagnostic(`${files} files and ${events} events equal the reference`);
  },
);

test('the tree of every corpus event says what its XML says', corpusOptions('evtx'), async () => {
  for await (const { name, events } of readCorpus()) {
    for (const event of events) {
      const [parsed] = parseEventXml(event.xml()).events;
      assert.ok(parsed, `${name} ${event.recordId}: well-formed`);
      assert.deepEqual(texts(event.event), texts(parsed.event), `${name} ${event.recordId}`);
    }
  }
});

/** The tree without types, and with the replacements XML makes. */
function texts(element: EventElement): unknown {
  return [
    element.name,
    element.attributes.map(({ name, value }) => [name, asXmlCarries(value.text)]),
    element.value === null ? null : asXmlCarries(element.value.text),
    element.children.map(texts),
  ];
}

function asXmlCarries(text: string): string {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd');
}

function firstDifference(name: string, own: string, expected: string): string {
  let at = 0;
  while (own[at] === expected[at]) at++;
  const around = (text: string): string =>
    JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  return `${name} differs at ${at}: ${around(own)} instead of ${around(expected)}`;
}

test(
  'following finds what scanning finds, in every file that has not changed for a while',
  corpusOptions('evtx'),
  async () => {
    for await (const { name, events, salvaged } of readCorpus()) {
      const log = await EvtxFile.open(corpusPath(`evtx/${name}`), { templates });
      const followed: EvtxEvent[] = [];
      for await (const batch of log.read(null, { isSettled: true })) followed.push(...batch.events);
      await log.close();
      const offsetsOf = (of: readonly EvtxEvent[]): number[] =>
        of.map(({ offset }) => offset).toSorted((a, b) => a - b);
      const inPlace = followed.filter(({ condition }) => condition !== 'salvaged');
      assert.deepEqual(offsetsOf(inPlace), offsetsOf(events), name);
      assert.equal(followed.length - inPlace.length, salvaged, name);
    }
  },
);
