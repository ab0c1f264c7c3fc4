import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventAttribute, EventElement } from '@dcr-agent/schema';
import { parseEventElement } from '../../../../packages/agent/src/eventlog/event-xml-parser.ts';
import { EventXmlTape } from '../../../../packages/agent/src/eventlog/event-xml-tape.ts';
import { seededRandom } from '../../../support/evtx-mutations.ts';
import { eventXml } from '../../../support/evtx-writer/event-xml.ts';

const tape = new EventXmlTape();

/** The tree that a tape holds, with names looked up among those that occur. */
function treeOf(names: readonly string[], element = 0): EventElement {
  const attributes: EventAttribute[] = [];
  for (let at = tape.firstAttribute(element); at < tape.attributesEnd(element); at++) {
    const name = names.find((each) => tape.isAttributeNamed(at, each)) ?? '?';
    attributes.push({ name, value: { type: 'string', text: tape.attributeValue(at) } });
  }
  const children: EventElement[] = [];
  for (let child = tape.firstChild(element); child >= 0; child = tape.nextSibling(child)) {
    children.push(treeOf(names, child));
  }
  const name = names.find((each) => tape.isNamed(element, each)) ?? '?';
  const text = tape.value(element);
  return { name, attributes, children, value: text === '' ? null : { type: 'string', text } };
}

function namesIn(xml: string): string[] {
  return [...new Set(xml.match(/[A-Za-z_][\w.-]*/g) ?? [])];
}

/** Whether the tape takes the text; fails where the parser would say something else of it. */
function isTaken(xml: string): boolean {
  if (!tape.read(xml)) return false;
  assert.deepEqual(treeOf(namesIn(xml)), parseEventElement(xml), xml);
  return true;
}

const EVENT = eventXml({
  eventId: 4624,
  data: { User: 'O&apos;Neil &amp; S&#246;hne', Empty: '', Lines: 'a\r\nb' },
});

for (const [what, xml] of Object.entries({
  'an event as Windows writes it': EVENT,
  'an event laid out in lines': EVENT.replaceAll('><', '>\r\n\t<'),
  'an empty event': '<Event/>',
  'prefixes and declarations': '<e:Event xmlns:e="urn:e" xmlns="urn:d"><e:A b:c="1"/></e:Event>',
  'attributes in single quotes, blanks around': "<Event a = '1'\n b=\"a\tb&#10;c>'\" ></Event >",
  'attributes without text': '<Event a="" b=\'\'><A c=""/></Event>',
  'text beside elements': '<Event>a<B>b</B>c<D/> </Event>',
  'blanks as a value': '<Event><A> </A><B>\n</B></Event>',
  'more elements than are expected': `<Event>${'<A b="1"><C/></A>'.repeat(200)}</Event>`,
})) {
  test(`${what}: the tape holds what the parser finds`, () => assert.ok(isTaken(xml)));
}

for (const [what, xml] of Object.entries({
  'a comment': '<Event><!-- --></Event>',
  'a CDATA section': '<Event><A><![CDATA[<]]></A></Event>',
  'a processing instruction': '<Event><?x y?></Event>',
  'a name beyond ASCII': '<Event><Größe/></Event>',
  'an attribute given twice': '<Event a="1" a="2"/>',
  'an unknown entity': '<Event>&nbsp;</Event>',
  'a bare ampersand': '<Event a="b & c"/>',
  'a tag that is not closed': '<Event><A></Event>',
  'a wrong closing tag': '<Event><A></a></Event>',
  'an end that is missing': '<Event><A>',
  'text behind the event': '<Event/> ',
  'nesting beyond what events have': `<Event>${'<A>'.repeat(70)}${'</A>'.repeat(70)}</Event>`,
  'no blank between attributes': '<Event a="1"b="2"/>',
  'an attribute without a value': '<Event a/>',
  'nothing at all': '',
})) {
  test(`${what} is left to the parser`, () => assert.equal(tape.read(xml), false));
}

test('whatever is changed in a text, what the tape takes is what the parser finds', (t) => {
  const pieces = ['', '<', '>', '"', "'", '&', '&lt;', '</', '<A>', '/>', ' ', 'xmlns:', '=', ':'];
  let taken = 0;
  for (let seed = 1; seed <= 5000; seed++) {
    const random = seededRandom(seed);
    const below = (limit: number): number => Math.floor(random() * limit);
    let changed = EVENT;
    for (let change = below(3) + 1; change > 0; change--) {
      const at = below(changed.length);
      const cut = below(2) * below(12);
      changed = changed.slice(0, at) + pieces[below(pieces.length)] + changed.slice(at + cut);
    }
    if (isTaken(changed)) taken++;
  }
  t.diagnostic(`${taken} of 5000 texts taken`);
  assert.ok(taken > 500);
});
