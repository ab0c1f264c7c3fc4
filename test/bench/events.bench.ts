/**
 * Event logs: filtering and rendering, as whole processes and inside one, beside what else reads
 * such files. Rates are megabytes (10^6) of log per second; the fastest of some rounds counts.
 * Ratios are of one run, on one input: a small log, repeated to 64 MB and 1 GB.
 *
 * `node --conditions=dcr-agent-source test/bench/events.bench.ts [LOG.evtx]`
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEventQuery, queryCondition } from '@dcr-agent/schema';
import { rowsOutput } from '../../packages/agent/src/cli/filter/rows-output.ts';
import {
  createOracle,
  readDocument,
} from '../../packages/agent/src/eventlog/cross-check/oracle.ts';
import { parseEventElement } from '../../packages/agent/src/eventlog/event-xml-parser.ts';
import { parseEventXml, readEventXml } from '../../packages/agent/src/eventlog/event-xml-reader.ts';
import type { EvtxEvent } from '../../packages/agent/src/eventlog/evtx-event.ts';
import { scanEvtx } from '../../packages/agent/src/eventlog/evtx-scan.ts';
import { EventQueries } from '../../packages/agent/src/eventlog/query/event-queries.ts';
import type { XmlEvent } from '../../packages/agent/src/eventlog/xml-event.ts';
import { writeEvtx } from '../support/evtx-writer/evtx-writer.ts';
import { writeLargeLog } from './support/large-log.ts';

const ROUNDS = 7;
const XML_EVENTS = 20_000;
const NOW_MS = Date.UTC(2026, 0, 1);
/** Matches nothing in any log. */
const SELECTIVE = '*[System[EventID=666]]';
const command = fileURLToPath(new URL('../../packages/agent/bin/dcr-agent.cjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'events-bench-'));

/** Milliseconds of the fastest round. */
function fastest(run: () => void, rounds = ROUNDS): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function filter(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [command, 'filter', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`filter ended with ${status}: ${stderr}`);
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function line(what: string, ms: number, bytes: number, more = ''): number {
  const rate = bytes / 1e3 / ms;
  const name = what.padEnd(52);
  say(`  ${name}${ms.toFixed(0).padStart(7)} ms ${rate.toFixed(1).padStart(8)} MB/s  ${more}`);
  return rate;
}

function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)} times`;
}

/** The log to repeat: the one given, or events of the first example. */
function smallLog(): string {
  const [given] = process.argv.slice(2);
  if (given !== undefined) return given;
  const example = new URL('../../examples/first-ten-minutes/security-events.xml', import.meta.url);
  const { events } = parseEventXml(readFileSync(example, 'utf8'));
  const path = join(folder, 'small.evtx');
  const texts = events.map((event) => event.xml());
  writeFileSync(path, writeEvtx(Array.from({ length: 2_000 }, (_, i) => texts[i % texts.length]!)));
  return path;
}

function asked(...texts: readonly string[]): EventQueries {
  return new EventQueries(
    texts.map((text) => {
      const { query } = parseEventQuery(text);
      if (query === null) throw new Error(text);
      return queryCondition(query);
    }),
  );
}

function scanned(path: string, queries: EventQueries): number {
  let selected = 0;
  for (const _ of scanEvtx(path, {
    visit(event) {
      if (event.selectedBy(queries, NOW_MS).length > 0) selected++;
      return false;
    },
  }));
  return selected;
}

/** As `filter` writes them, without the writing. */
function rows(path: string): void {
  const output = rowsOutput(() => {}, 'Microsoft-WindowsEvent');
  const visit = (event: EvtxEvent): boolean => {
    output.event(event, []);
    return false;
  };
  for (const _ of scanEvtx(path, { visit }));
}

const small = smallLog();
const large = join(folder, '64.evtx');
const events = writeLargeLog(small, large, 64_000_000);
const { size } = statSync(large);
say(`\n${(size / 1e6).toFixed(1)} MB, ${events} events, from ${statSync(small).size} bytes`);

say('\nWhole processes');
const start = fastest(() => filter('--help'));
line('dcr-agent filter --help', start, 0);
line(
  `a log of ${(statSync(small).size / 1e6).toFixed(1)} MB`,
  fastest(() => filter(small, '-q', SELECTIVE, '-o', 'count')),
  statSync(small).size,
);
const whole = fastest(() => filter(large, '-q', SELECTIVE, '-o', 'count'));
const wholeRate = line('one query that selects nothing', whole, size);
line(
  'every event, as rows',
  fastest(() => filter(large), 3),
  size,
);
line(
  'every event, as XML',
  fastest(() => filter(large, '-o', 'xml'), 3),
  size,
);
const hundred = Array.from({ length: 100 }, (_, i) => manyQuery(i)).flatMap((query) => [
  '-q',
  query,
]);
const many = fastest(() => filter(large, ...hundred, '-o', 'count'));
line('a hundred queries', many, size, `${times(many / whole)} one query`);

say('\nInside one process');
const none = asked(SELECTIVE);
line(
  'one query that selects nothing',
  fastest(() => void scanned(large, none), 15),
  size,
);
line(
  'every event, as rows',
  fastest(() => rows(large)),
  size,
);

say('\nBeside others, on the same events');
const exporter = spawnSync('evtxexport', ['-V']);
if (exporter.error === undefined) {
  const ms = fastest(() => void spawnSync('evtxexport', [large], { stdio: 'ignore' }), 1);
  const rate = line('evtxexport', ms, size);
  say(`  filter is ${times(wholeRate / rate)} as fast`);
} else {
  say('  evtxexport is not installed');
}
compareWithDom();
await compareXml();
memory();
rmSync(folder, { recursive: true });

/** Queries of many kinds: identifiers, levels, providers, data. */
function manyQuery(i: number): string {
  const id = 4600 + i;
  const kinds = [
    `Security!*[System[EventID=${id}]]`,
    `System!*[System[(EventID=${id} or EventID=${id + 1}) and Level<=3]]`,
    `*[System[Provider[@Name='Provider-${i}'] and (Level=1 or Level=2)]]`,
    `Security!*[System[EventID=${id}] and EventData[Data[@Name='LogonType']=${i % 12}]]`,
    `Application!*[System[(Level=1 or Level=2 or Level=3)]]`.replace('Level=3', `Level=${i}`),
  ];
  return kinds[i % kinds.length] as string;
}

/** XML, a document, an XPath engine: the way without a reader of one's own. */
function compareWithDom(): void {
  const { query } = parseEventQuery(SELECTIVE);
  if (query === null) return;
  const oracle = createOracle(query, 'ignore');
  const ms = fastest(() => {
    for (const content of scanEvtx(small)) {
      for (const event of content.events) {
        const document = readDocument(event.xml());
        if (typeof document === 'object') oracle.selects(document, NOW_MS);
      }
    }
  }, 2);
  const rate = line('render to XML, parse, ask the xpath package', ms, statSync(small).size);
  const own = fastest(() => void scanned(large, none), 5);
  say(
    `  the reader is ${times(size / 1e3 / own / rate)} as fast, the whole command ${times(wholeRate / rate)}`,
  );
}

/** Event XML that is dropped. */
async function compareXml(): Promise<void> {
  const texts: string[] = [];
  while (texts.length < XML_EVENTS) {
    for (const content of scanEvtx(small)) for (const e of content.events) texts.push(e.xml());
  }
  const xml = texts.join('\n');
  const parsed = fastest(() => {
    for (const text of texts) {
      const element = parseEventElement(text);
      if (typeof element !== 'string') none.ofElement(element, NOW_MS);
    }
  }, 3);
  const path = join(folder, 'events.xml');
  writeFileSync(path, xml);
  let found = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    const visit = (event: XmlEvent): boolean => event.selectedBy(none, NOW_MS).length > 0;
    for await (const _ of readEventXml(path, { visit }));
    found = Math.min(found, performance.now() - begin);
  }
  line('event XML, fast-xml-parser and the tree', parsed, xml.length);
  line('event XML, as text, from its file', found, xml.length, `${times(parsed / found)} as fast`);
}

/** Peak of the resident set over a log of 1 GB. */
function memory(): void {
  const path = join(folder, '1024.evtx');
  writeLargeLog(small, path, 1_000_000_000);
  const report =
    'process.on("exit",()=>process.stderr.write(String(process.resourceUsage().maxRSS)))';
  for (const output of ['count', 'ndjson']) {
    const args = [`--import=data:text/javascript,${encodeURIComponent(report)}`, command, 'filter'];
    const query = output === 'count' ? SELECTIVE : '*[System[EventID=4624]]';
    const begin = performance.now();
    const { stderr } = spawnSync(process.execPath, [...args, path, '-q', query, '-o', output], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const peak = Number(stderr.toString()) / 1000;
    line(
      `1 GB, ${output}`,
      performance.now() - begin,
      1e9,
      `${peak.toFixed(0)} MB of memory at most`,
    );
  }
}
