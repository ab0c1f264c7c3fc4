import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { isAgentError } from '../../../../packages/agent/src/errors.ts';
import type { Damage } from '../../../../packages/agent/src/eventlog/damage.ts';
import {
  parseEventXml,
  readEventXml,
  readEventXmlStream,
} from '../../../../packages/agent/src/eventlog/event-xml-reader.ts';
import type { XmlEvent } from '../../../../packages/agent/src/eventlog/xml-event.ts';
import { data, element, text } from '../../../support/event-elements.ts';
import { seededRandom } from '../../../support/evtx-mutations.ts';
import { eventXml } from '../../../support/evtx-writer/event-xml.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

interface Content {
  readonly events: XmlEvent[];
  readonly damage: Damage[];
}

async function read(file: string | Buffer): Promise<Content> {
  const path = join(await temporaryFolder(), 'events.xml');
  await writeFile(path, file);
  const content: Content = { events: [], damage: [] };
  for await (const piece of readEventXml(path)) {
    content.events.push(...piece.events);
    content.damage.push(...piece.damage);
  }
  return content;
}

const numbered = (n: number): string => eventXml({ eventId: n, data: { Name: `Ünïcödé ${n}` } });

function eventIds({ events }: Pick<Content, 'events'>): (string | undefined)[] {
  return events.map(
    ({ event }) => event.children[0]?.children.find(({ name }) => name === 'EventID')?.value?.text,
  );
}

const THREE = [1, 2, 3].map(numbered);
const EXPORT = `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>${THREE.join('')}</Events>`;

test('an export of Event Viewer, a bare sequence and lines are all read', async () => {
  const forms = [
    EXPORT,
    THREE.join(''),
    `${THREE.join('\n')}\n`,
    `<Events xmlns="x">\n  ${THREE.join('\n  ')}\n</Events>\n`,
    `<!-- made by hand --><Events>${THREE.join('<!-- <Event> -->')}</Events>`,
    `${EXPORT}\n${EXPORT}`,
  ];
  for (const form of forms) {
    const content = await read(form);
    assert.deepEqual(eventIds(content).slice(0, 3), ['1', '2', '3']);
    assert.deepEqual(content.damage, []);
  }
  assert.equal((await read(forms[5]!)).events.length, 6, 'files written one after the other');
});

test('every encoding Windows writes is read, places being bytes of the file', async () => {
  const utf16 = Buffer.from(EXPORT, 'utf16le');
  const files: [string, Buffer, number][] = [
    ['UTF-8', Buffer.from(EXPORT), 1],
    ['UTF-8 with mark', Buffer.from(`\ufeff${EXPORT}`), 1],
    ['UTF-16 with mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), 2],
    ['UTF-16 without mark', utf16, 2],
    ['UTF-16BE', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]), 2],
    ['UTF-16BE without mark', Buffer.from(utf16).swap16(), 2],
  ];
  for (const [name, file, unitSize] of files) {
    const { events, damage } = await read(file);
    assert.deepEqual(damage, [], name);
    assert.deepEqual(
      events.map((event) => event.xml()),
      THREE,
      name,
    );
    const start = events[1]!.offset;
    const first = [file[start], file[start + 1]].filter((byte) => byte !== 0);
    assert.equal(first[0], 0x3c, `${name}: an event begins there`);
    assert.equal(events[2]!.offset - start, unitSize * lengthIn(THREE[1]!, unitSize), name);
  }
});

function lengthIn(content: string, unitSize: number): number {
  return unitSize === 2 ? content.length : Buffer.byteLength(content);
}

test('a declared encoding is used', async () => {
  const xml = `<?xml version='1.0' encoding='windows-1252'?><Events>${THREE[0]}</Events>`;
  const { events } = await read(Buffer.from(xml, 'latin1'));
  assert.equal(events[0]?.xml(), THREE[0]);
});

test('an event becomes a tree of strings, without namespaces and indentation', () => {
  const xml = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>
    <System><Provider Name='P' Guid=''/><Security/></System>
    <UserData><x:Payload xmlns:x="urn:x" x:a="1"><Empty></Empty></x:Payload></UserData>
    <EventData><Data Name="a">&lt;&#65;&#x42;&amp;amp;&quot;&apos;</Data><Data> two
 lines </Data><Data><![CDATA[<&amp;>]]>!</Data></EventData>
  </Event>`;
  const { events, damage } = parseEventXml(xml);
  assert.deepEqual(damage, []);
  assert.deepEqual(
    events[0]?.event,
    element('Event', {}, [
      element('System', {}, [element('Provider', { Name: text('P') }), element('Security')]),
      element('UserData', {}, [element('Payload', { a: text('1') }, [element('Empty')])]),
      element('EventData', {}, [
        data('a', text(`<AB&amp;"'`)),
        element('Data', {}, text(' two\n lines ')),
        element('Data', {}, text('<&amp;>!')),
      ]),
    ]),
  );
});

test('values are never made into numbers', () => {
  const { events } = parseEventXml(
    '<Event><A>0x10</A><B>007</B><C>1e3</C><D b="01">true</D></Event>',
  );
  const [a, b, c, d] = events[0]!.event.children;
  assert.deepEqual(
    [a?.value, b?.value, c?.value, d?.value],
    ['0x10', '007', '1e3', 'true'].map(text),
  );
  assert.deepEqual(d?.attributes, [{ name: 'b', value: text('01') }]);
});

test('an event without content is an event', () => {
  const { events, damage } = parseEventXml('<Event/><Event ></Event >');
  assert.deepEqual(
    events.map(({ event }) => event),
    [element('Event'), element('Event')],
  );
  assert.deepEqual(damage, []);
});

test('a malformed event costs only itself', async () => {
  const [first, second, third] = THREE;
  const broken = {
    'a tag not closed': second!.replace('</Channel>', ''),
    'tags crossed': second!.replace('</EventData></Event>', '</Event></EventData>'),
    'an unknown entity': second!.replace('Name', '&nbsp;'),
    'an unquoted attribute': second!.replace('ProcessID="780"', 'ProcessID=780'),
    'no end tag': second!.replace('</Event>', ''),
    'no start tag': second!.replace(/^<Event[^>]*>/, ''),
    'a start tag cut': second!.slice(0, 40),
    'a quote missing': second!.replace('events/event">', 'events/event>'),
    'a comment not closed': second!.replace('<System>', '<System><!-- '),
  };
  for (const [name, event] of Object.entries(broken)) {
    for (const join of ['', '\n']) {
      const file = `<Events>${[first, event, third].join(join)}</Events>`;
      const content = await read(file);
      assert.deepEqual(eventIds(content), ['1', '3'], name);
      assert.ok(content.damage.length > 0, name);
      const [damage] = content.damage;
      assert.equal(damage?.reason, 'malformed event', name);
      const start = Buffer.byteLength(`<Events>${first}${join}`);
      assert.ok(damage!.offset >= start && damage!.offset < start + event.length, name);
    }
  }
});

test('what is no event at all is reported', async () => {
  const log = 'no event log';
  for (const [file, reason] of [
    ['no xml', log],
    ['{"a":1}', log],
    ['<!DOCTYPE html>\n<html><body/></html>', log],
    ['<Events><Eve', log],
    ['<EventLog/>', log],
    ['<Event>', 'malformed event'],
  ]) {
    const { events, damage } = await read(file!);
    assert.equal(events.length, 0, file);
    assert.deepEqual(
      damage.map(({ reason }) => reason),
      [reason],
      file,
    );
  }
});

test('an empty file, and one with no event in it, are in order', async () => {
  for (const file of [
    '',
    '\ufeff',
    ' \n',
    '<?xml version="1.0"?><Events/>',
    '<Events>\n</Events>',
  ]) {
    assert.deepEqual(await read(file), { events: [], damage: [] }, file);
  }
});

test('entities of a document type are never resolved, outside or inside', async () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE Events [
    <!-- it's a "trap" ]> -->
    <!ENTITY file SYSTEM "file:///etc/passwd">
    <!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}">
  ]><Events>${numbered(1)}<Event><Data>&file;</Data></Event><Event><Data>&b;</Data></Event>${numbered(4)}</Events>`;
  const content = await read(bomb);
  assert.deepEqual(eventIds(content), ['1', '4']);
  assert.equal(content.damage.length, 2);
});

test('a document type inside an event does not help either', () => {
  const xml = '<Event><!DOCTYPE Event [<!ENTITY e "expanded">]><Data>&e;</Data></Event>';
  const { events } = parseEventXml(xml);
  assert.doesNotMatch(JSON.stringify(events.map(({ event }) => event)), /expanded/);
});

test('names that mean something to JavaScript are only names', () => {
  const xml = '<Event><constructor a="1"/><toString>x</toString><Data hasOwnProperty="y"/></Event>';
  const { events, damage } = parseEventXml(xml);
  assert.equal(events.length + damage.length, 1);
  assert.equal(({} as { a?: unknown }).a, undefined);
});

test('elements nested beyond all sense are malformed', () => {
  const depth = 5000;
  const xml = `<Event>${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}</Event>`;
  const { events, damage } = parseEventXml(xml);
  assert.deepEqual([events.length, damage.length], [0, 1]);
});

test('events are found across the pieces in which a file is read', async () => {
  const long = Array.from({ length: 400 }, (_, i) => numbered(i));
  const content = await read(long.join('\n'));
  assert.deepEqual(
    eventIds(content),
    long.map((_, i) => String(i)),
  );
  assert.deepEqual(content.damage, []);
});

test('reading can go on where an event ended, in every encoding', async () => {
  for (const file of [Buffer.from(EXPORT), Buffer.from(`\ufeff${EXPORT}`, 'utf16le')]) {
    const path = join(await temporaryFolder(), 'events.xml');
    await writeFile(path, file);
    const events: XmlEvent[] = [];
    for await (const piece of readEventXml(path)) events.push(...piece.events);
    const again: XmlEvent[] = [];
    for await (const piece of readEventXml(path, { from: events[0]!.end })) {
      again.push(...piece.events);
      assert.deepEqual(piece.damage, []);
    }
    assert.deepEqual(eventIds({ events: again }), ['2', '3']);
    assert.deepEqual(
      again.map(({ offset }) => offset),
      events.slice(1).map(({ offset }) => offset),
    );
  }
});

test('a stream is read as a file is, wherever it is cut', async () => {
  for (const file of [Buffer.from(EXPORT), Buffer.from(`\ufeff${EXPORT}`, 'utf16le')]) {
    const { events } = await read(file);
    for (const size of [1, 7, 300, file.length]) {
      const pieces = Array.from({ length: Math.ceil(file.length / size) }, (_, i) =>
        file.subarray(i * size, (i + 1) * size),
      );
      const streamed: XmlEvent[] = [];
      for await (const piece of readEventXmlStream(Readable.from(pieces))) {
        streamed.push(...piece.events);
        assert.deepEqual(piece.damage, []);
      }
      assert.deepEqual(
        streamed.map((event) => [event.offset, event.xml()]),
        events.map((event) => [event.offset, event.xml()]),
      );
    }
  }
  for await (const piece of readEventXmlStream(Readable.from([Buffer.from('<Event/>')]))) {
    assert.equal(piece.events.length, 1);
  }
});

test('an event still being appended reaches the end of the file', async () => {
  const file = `${THREE[0]}\n${THREE[1]!.slice(0, 80)}`;
  const { events, damage } = await read(file);
  assert.deepEqual(eventIds({ events }), ['1']);
  assert.deepEqual(
    damage.map(({ offset, length }) => offset + length),
    [Buffer.byteLength(file)],
  );
});

test('text made to be slow is read in no time', async () => {
  const hostile = [
    '<Event>',
    '<Event><!--',
    '<Event/><!--',
    '<Event/><?',
    '<Event/><!DOCTYPE [ ',
    '<Event a="',
    "<Event/>' ",
    '<Event><![CDATA[',
    '<!DOCTYPE "',
  ];
  for (const piece of hostile) {
    const count = Math.ceil(200_000 / piece.length);
    assert.ok((await read(piece.repeat(count))).events.length <= count, piece);
  }
});

test('however the text is damaged, reading goes on to its end', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seededRandom(seed);
    const below = (limit: number): number => Math.floor(random() * limit);
    let damaged = EXPORT;
    for (let change = below(8) + 1; change > 0; change--) {
      const at = below(damaged.length);
      const insert = ['', '<', '>', '"', "'", '&', '</', '<Event ', '<!--', '\0'][below(10)];
      damaged = damaged.slice(0, at) + insert + damaged.slice(at + below(30));
    }
    const { events, damage } = parseEventXml(damaged);
    assert.ok(events.length <= 4 && damage.length <= 12, `seed ${seed}`);
  }
});

test('a file that is not there is an error with the cause', async () => {
  const reading = readEventXml('/nowhere/x.xml');
  await assert.rejects(reading.next(), (error) => isAgentError(error, 'SOURCE_UNAVAILABLE'));
});
