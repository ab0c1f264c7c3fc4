/** `dcr-agent filter --explain`: why queries select what they do. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { eventXml } from '../support/evtx-writer/event-xml.ts';
import { writeEvtx } from '../support/evtx-writer/evtx-writer.ts';
import { runCommand } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const filter = (...args: readonly string[]): ReturnType<typeof runCommand> =>
  runCommand('agent', ['filter', ...args]);

const QUERY =
  "Security!*[System[EventID=4625 or EventID=4624] and EventData[Data[@Name='LogonType']=10]]";

let log = '';
let more = '';

before(async () => {
  const logon = (eventId: number, type: string): string =>
    eventXml({ eventId, channel: 'Security', data: { TargetUserName: 'anna', LogonType: type } });
  const folder = await temporaryFolder();
  log = join(folder, 'security.evtx');
  const start = eventXml({ eventId: 7036, channel: 'System', data: { param1: 'Spooler' } });
  const events = [start, logon(4624, '3'), logon(4624, '2'), logon(4634, '3')];
  await writeFile(log, writeEvtx(events, { types: { LogonType: 'uint32' } }));
  more = join(folder, 'more.xml');
  await writeFile(more, `<Events>${logon(4625, '2')}</Events>`);
});

test('the report shows what each condition kept, what came nearest, and how it was asked', async () => {
  const { code, stdout, stderr } = await filter(log, more, '-q', QUERY, '--explain');
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(
    stdout.replaceAll(/slot \d+/g, 'slot n'),
    `${QUERY}
  5 events read, 4 in the channel, 0 selected

  alone  left
      4     4  channel Security
      3     3  System[EventID=4625 or EventID=4624]
      1     1    EventID=4625
      2     2    EventID=4624
      0     0  EventData[Data[@Name='LogonType']=10]   ← no event fulfils this

  nearest: Test-Provider 4624, EventRecordID 2 in ${log}
    EventData[Data[@Name='LogonType']=10]: the event has 3

  how they were asked
    2 events of 2 kinds: ruled out by EventID, channel and template alone
    2 events of Test-Provider 4624, in this order:
      1. System/EventID = slot n (uint16), looked up
      2. System/Channel = slot n (string)
      3. EventData/Data[@Name='LogonType'] = slot n of the EventData template (uint32)
    1 event of 1 kind: event XML, looked up in its text
`,
  );
});

test('every query of a table is explained, and refused ones are told as ever', async () => {
  const table = join(await temporaryFolder(), 'queries.tsv');
  const rows = ['id\tchannel\tquery', 'a\t*\t*[System[EventID=4624]]', 'b\t*\t*[', 'c\tSystem\t*'];
  await writeFile(table, rows.join('\n'));
  const { code, stdout, stderr } = await filter(log, '--queries', table, '--explain');
  assert.equal(code, 65);
  assert.match(stderr, /queries\.tsv:3/);
  assert.deepEqual(stdout.match(/^\w: .*$/gm), ['a: *[System[EventID=4624]]', 'c: System!*']);
  assert.match(stdout, /4 events read, 1 in the channel, 1 selected/);
});

test('without a query every event is selected, which is told, too', async () => {
  const { stdout } = await filter(log, '--explain');
  assert.match(stdout, /^\*\n {2}4 events read, 4 selected\n/);
});

test('an output cannot be asked for at the same time', async () => {
  const { code, stdout, stderr } = await filter(log, '--explain', '-o', 'ids');
  assert.deepEqual([code, stdout], [64, '']);
  assert.match(stderr, /'--explain' cannot be used with option '-o, --output <form>'/);
});
