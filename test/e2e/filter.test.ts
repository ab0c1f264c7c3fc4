/** `dcr-agent filter` as people and programs meet it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { eventXml } from '../support/evtx-writer/event-xml.ts';
import { chunkOffset, writeEvtx } from '../support/evtx-writer/evtx-writer.ts';
import { runCommand, startCommand } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const filter = (args: readonly string[], input?: string | Buffer): ReturnType<typeof runCommand> =>
  runCommand('agent', ['filter', ...args], {}, input);

/** An event with an identifier of its own, and one of two channels. */
function event(id: number): string {
  const channel = id % 2 === 0 ? 'System' : 'Security';
  const xml = eventXml({ eventId: 1000 + id, channel, data: { Number: String(id) } });
  return xml.replace('</System>', `<EventRecordID>${id}</EventRecordID></System>`);
}

const EVENTS = [1, 2, 3, 4, 5, 6].map(event);
let folder = '';
let log = '';

before(async () => {
  folder = await temporaryFolder();
  log = join(folder, 'log.evtx');
  await writeFile(log, writeEvtx(EVENTS));
  await mkdir(join(folder, 'below'));
  await writeFile(join(folder, 'below', 'more.xml'), `<Events>${event(7)}${event(8)}</Events>`);
  await writeFile(join(folder, 'notes.txt'), 'no log');
});

test('rows of every event, where no query is given', async () => {
  const { code, stdout, stderr } = await filter([log]);
  assert.deepEqual([code, stderr], [0, '']);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    rows.map(({ EventID, Channel, EventData }) => [EventID, Channel, EventData]),
    [1, 2, 3, 4, 5, 6].map((id) => [
      1000 + id,
      id % 2 === 0 ? 'System' : 'Security',
      { Number: String(id) },
    ]),
  );
});

test('rows are those of the stream that is asked for', async () => {
  const args = ['-q', '*[System[EventID=1002]]', '--stream'];
  const event = await filter([log, ...args, 'Microsoft-Event']);
  assert.equal(JSON.parse(event.stdout).ParameterXml, '<Param>2</Param>');
  const security = await filter([log, ...args, 'Microsoft-SecurityEvent']);
  assert.match(JSON.parse(security.stdout).EventData, /<Data Name="Number">2<\/Data>/);
});

test('a query names its channel, in any case, or is asked of every channel', async () => {
  const ids = async (query: string): Promise<string> =>
    (await filter([log, '-q', query, '-o', 'ids'])).stdout.replaceAll('\n', ' ');
  assert.equal(await ids('SECURITY!*'), '1 3 5 ');
  assert.equal(await ids('*[System[EventID>=1005]]'), '5 6 ');
  assert.equal(await ids('* ! *[System[EventID!=1002]]'), '1 3 4 5 6 ');
  assert.equal(await ids('Event[System[EventID!=1002 and Channel="System"]]'), '4 6 ');
});

test('an event that several queries select is printed once', async () => {
  const { stdout } = await filter([log, '-q', '*', '-q', 'System!*', '-o', 'ids']);
  assert.equal(stdout, '1\n2\n3\n4\n5\n6\n');
});

test('XML is the events as they are, one after the other', async () => {
  const { stdout } = await filter([log, '-q', '*[System[EventID=1002]]', '-o', 'xml']);
  assert.equal(stdout, `${EVENTS[1]}\n`);
  const again = await filter(['-', '-o', 'ids'], stdout);
  assert.deepEqual([again.code, again.stdout], [0, '2\n']);
});

test('folders stand for the logs below them; results of several files name them', async () => {
  const { code, stdout } = await filter([folder, '-q', 'System!*', '-o', 'ids']);
  assert.equal(code, 0);
  const more = join(folder, 'below', 'more.xml');
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    `${more}\t8`,
    ...[2, 4, 6].map((id) => `${log}\t${id}`),
  ]);
});

test('one query is counted by a number, several by a table', async () => {
  const one = await filter([folder, '-q', 'System!*', '-o', 'count']);
  assert.equal(one.stdout, '4\n');
  const two = await filter([log, '-q', 'System!*', '-q', '*[System[Level=9]]', '-o', 'count']);
  assert.equal(two.stdout, 'System!*\t3\n*[System[Level=9]]\t0\n');
});

test('standard input is event XML, in any encoding', async () => {
  const xml = `\ufeff<?xml version="1.0" encoding="utf-16"?><Events>${EVENTS.join('\r\n')}</Events>`;
  const { code, stdout } = await filter(['-', '-o', 'count'], Buffer.from(xml, 'utf16le'));
  assert.deepEqual([code, stdout], [0, '6\n']);
});

describe('a table of queries:', () => {
  const table = async (...lines: readonly string[]): Promise<string> => {
    const path = join(await temporaryFolder(), 'queries.tsv');
    await writeFile(path, lines.join('\r\n'));
    return path;
  };

  test('each file and query has a line, and events are those of the channel', async () => {
    const path = await table(
      '\ufeffid\tchannel\tquery\tnote',
      'every\t*\t*[System[EventID<=1002]]\tnote',
      '',
      'one\tsecurity\t*[System[EventID=1003 or EventID=1004]]',
      'none\tApplication\t*',
    );
    const { code, stdout } = await filter([log, '--queries', path, '-o', 'matches']);
    assert.equal(code, 0);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
      [
        { file: log, query: 'every', of: 6, matched: 2, ids: [1, 2] },
        { file: log, query: 'one', of: 3, matched: 1, ids: [3] },
        { file: log, query: 'none', of: 0, matched: 0, ids: [] },
      ],
    );
  });

  test('a refused query is told with its place, and the others are asked', async () => {
    const path = await table(
      'id\tchannel\tquery',
      'bad\tSystem\t*[System[EventID=1 OR EventID=2]]',
      'good\tSystem\t*',
      'good\tSecurity\t*',
      'short\tSystem',
    );
    const { code, stdout, stderr } = await filter([log, '--queries', path, '-o', 'count']);
    assert.deepEqual([code, stdout], [65, '3\n']);
    assert.match(stderr, /queries\.tsv:2, column 20: 'OR' is not an operator.*XPATH_OPERATOR_CASE/);
    assert.match(stderr, /queries\.tsv:4: the id 'good' is used twice/);
    assert.match(stderr, /queries\.tsv:5: needs an id, a channel/);
  });

  test('without its header it is refused', async () => {
    const path = await table('a\tSystem\t*');
    const { code, stdout, stderr } = await filter([log, '--queries', path]);
    assert.deepEqual([code, stdout], [65, '']);
    assert.match(stderr, /queries\.tsv:1: the first line has to name the columns/);
  });
});

describe('a structured query', () => {
  const list = async (text: string): Promise<string> => {
    const path = join(await temporaryFolder(), 'list.xml');
    await writeFile(path, `\ufeff${text}`, 'utf16le');
    return path;
  };

  test('selects what a Select does and no Suppress, each Query for itself', async () => {
    const path = await list(`<QueryList>
      <Query Id="0" Path="Security">
        <Select>*[System[EventID&gt;=1001]]</Select>
        <Select Path="System">*[System[EventID=1002]]</Select>
        <Suppress>*[System[EventID=1003]]</Suppress>
      </Query>
      <Query Id="1" Path="System"><Select>*[System[EventID=1006]]</Select></Query>
    </QueryList>`);
    const { code, stdout, stderr } = await filter([log, '--query-list', path, '-o', 'matches']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
      [
        { file: log, query: '0', of: 6, matched: 3, ids: [1, 2, 5] },
        { file: log, query: '1', of: 3, matched: 1, ids: [6] },
      ],
    );
  });

  test('that is refused is told with its place in the XML, the others are asked', async () => {
    const path = await list(`<QueryList>
<Query Id="7" Path="System"><Select>*[System[EventID=]]</Select></Query>
<Query Id="8" Path="System"><Select>*</Select></Query></QueryList>`);
    const { code, stdout, stderr } = await filter([log, '--query-list', path, '-o', 'count']);
    assert.deepEqual([code, stdout], [65, '3\n']);
    assert.match(stderr, /list\.xml:2:\d+, Query 7, Select 1: .*XPATH_MISSING_OPERAND/);
  });
});

test('queries of lists that share an id are all asked, each under its own', async () => {
  const path = join(await temporaryFolder(), 'list.xml');
  const query = (id: number): string =>
    `<Query Id="0" Path="System"><Select>*[System[EventID=${id}]]</Select></Query>`;
  await writeFile(path, `<QueryList>${query(1002)}${query(1003)}${query(1004)}</QueryList>`);
  const { code, stdout, stderr } = await filter([log, '--query-list', path, '-o', 'count']);
  assert.deepEqual([code, stdout], [0, '0\t1\n0#2\t0\n0#3\t1\n']);
  assert.match(stderr, /list\.xml: the id '0' is used already, so a query of it is asked as '0#2'/);
});

test('entities that were pasted from Event Viewer are decoded, with a warning', async () => {
  const query = '*[System[EventID &gt;= 1005 and Channel=&quot;System&quot;]]';
  const { code, stdout, stderr } = await filter([log, '-q', query, '-o', 'ids']);
  assert.deepEqual([code, stdout], [0, '6\n']);
  assert.match(stderr, /3 XML entities were decoded.*XPATH_ENTITIES_DECODED/);
});

test('what cannot be read is told, the rest goes on, and the code is 65', async () => {
  const garbage = join(await temporaryFolder(), 'garbage.evtx');
  await writeFile(garbage, Buffer.alloc(70_000, 'x'));
  const empty = await temporaryFolder();
  const paths = ['/nowhere/a.evtx', garbage, empty, log];
  const { code, stdout, stderr } = await filter([...paths, '-o', 'count']);
  assert.deepEqual([code, stdout], [65, '6\n']);
  assert.match(stderr, /\/nowhere\/a\.evtx: ENOENT/);
  assert.match(stderr, /garbage\.evtx: no event log: .*give an \.evtx file/);
  assert.match(stderr, /no \.evtx or \.xml file in this folder/);
});

test('damage costs only itself and is told with its place', async () => {
  const file = writeEvtx(EVENTS);
  const second = file.indexOf(Buffer.from([0x2a, 0x2a, 0, 0]), chunkOffset(0) + 520);
  file.fill(0xee, second, second + 16);
  const path = join(await temporaryFolder(), 'damaged.evtx');
  await writeFile(path, file);
  const { code, stdout, stderr } = await filter([path, '-q', '*', '-o', 'matches']);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), {
    file: path,
    query: '*',
    ...{ of: 1, matched: 1, ids: [1] },
    salvaged: { of: 4, matched: 4, ids: [3, 4, 5, 6] },
  });
  assert.match(
    stderr,
    new RegExp(`damaged\\.evtx: damaged record at offset ${second}, \\d+ bytes`),
  );
  assert.match(stderr, /4 events were found behind damage/);
  assert.equal((await filter([path, '-o', 'ids'])).stdout, '1\n3\n4\n5\n6\n');
});

test('a file that is cut is told, and ends with 65 where it is verified or nothing is left', async () => {
  const file = writeEvtx(EVENTS, { header: { chunkCount: 2, isDirty: false, nextRecordId: 7 } });
  const path = join(await temporaryFolder(), 'cut.evtx');
  await writeFile(path, file);
  const { code, stdout, stderr } = await filter([path, '-o', 'count']);
  assert.deepEqual([code, stdout], [0, '6\n']);
  assert.match(
    stderr,
    /cut\.evtx: cut file at offset 69632, 65536 missing bytes: its header counts/,
  );
  assert.equal((await filter([path, '--verify', '-o', 'count'])).code, 65);
  await writeFile(path, '');
  const empty = await filter([path, '-o', 'count']);
  assert.deepEqual([empty.code, empty.stdout], [65, '0\n']);
  assert.match(empty.stderr, /cut\.evtx: empty file/);
});

test('an .evtx file on standard input is told to be that', async () => {
  const { code, stdout, stderr } = await filter(['-', '-o', 'count'], writeEvtx(EVENTS));
  assert.deepEqual([code, stdout], [65, '0\n']);
  assert.match(stderr, /piped log: .*give the file's name/);
});

test('what changed in a file without breaking it is found by its checksums, on demand', async () => {
  const intact = await filter([log, '--verify', '-o', 'count']);
  assert.deepEqual([intact.code, intact.stderr], [0, '']);
  const file = writeEvtx(EVENTS);
  const name = file.indexOf(Buffer.from('WEB01', 'utf16le'));
  const at = name < 0 ? file.indexOf(Buffer.from('Security', 'utf16le')) : name;
  file[at] = 0x58;
  file[20] = 9;
  const path = join(await temporaryFolder(), 'changed.evtx');
  await writeFile(path, file);
  assert.deepEqual((await filter([path, '-o', 'count'])).code, 0);
  const { code, stdout, stderr } = await filter([path, '--verify', '-o', 'count']);
  assert.deepEqual([code, stdout], [65, '6\n']);
  assert.match(stderr, /wrong checksum at offset 0, 4096 bytes: file header/);
  assert.match(stderr, /wrong checksum at offset 4608, \d+ bytes: records of a chunk/);
});

test('an independent engine can be asked as well', async () => {
  const list = join(await temporaryFolder(), 'list.xml');
  const parts = '<Select>*</Select><Suppress>*[System[EventID=1002]]</Suppress>';
  await writeFile(list, `<QueryList><Query Id="7" Path="system">${parts}</Query></QueryList>`);
  const query = "Security!*[EventData[Data[@Name='Number']>2]]";
  const args = [log, '-q', query, '--query-list', list, '--cross-check'];
  const { code, stdout, stderr } = await filter(args);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(stdout, '6 events, 2 queries: no answers differ\n');
});

test('the case of texts counts when it is to', async () => {
  const query = "*[System[Computer='WEB01.EXAMPLE.COM']]";
  const path = join(await temporaryFolder(), 'a.xml');
  await writeFile(path, '<Event><System><Computer>web01.example.com</Computer></System></Event>');
  assert.equal((await filter([path, '-q', query, '-o', 'count'])).stdout, '1\n');
  assert.equal((await filter([path, '-q', query, '-o', 'count', '--exact-case'])).stdout, '0\n');
});

test('ages are measured to the moment given', async () => {
  const path = join(await temporaryFolder(), 'a.xml');
  const time = "<TimeCreated SystemTime='2025-06-08T00:00:00.000Z'/>";
  await writeFile(path, `<Event><System>${time}</System></Event>`);
  const query = '*[System[TimeCreated[timediff(@SystemTime) <= 3600000]]]';
  const count = async (now: string): Promise<string> =>
    (await filter([path, '-q', query, '-o', 'count', '--now', now])).stdout;
  assert.equal(await count('2025-06-08T01:00:00Z'), '1\n');
  assert.equal(await count('2025-06-08T01:00:01Z'), '0\n');
  const { code, stderr } = await filter([path, '--now', 'yesterday']);
  assert.equal(code, 64);
  assert.match(stderr, /--now: 'yesterday' is not a time/);
});

test('a mistake on the command line ends with 64 and what would be right', async () => {
  for (const [args, words] of [
    [[], /missing required argument 'file'/],
    [[log, '-o', 'csv'], /Allowed choices are ndjson, xml, ids, count, matches/],
    [[log, '--stream', 'Microsoft-Perf'], /Allowed choices are Microsoft-WindowsEvent/],
  ] as const) {
    const { code, stderr } = await filter(args);
    assert.equal(code, 64);
    assert.match(stderr, words);
  }
});

test('a reader that has seen enough ends it quietly', async () => {
  const { child, process: command } = startCommand('agent', ['filter', folder, '-o', 'xml']);
  child.stdout!.destroy();
  await once(child, 'exit');
  assert.equal(command.log(), '');
});
