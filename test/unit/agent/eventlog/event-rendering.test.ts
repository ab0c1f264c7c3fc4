/** Templates and values → XML text and element tree, side by side: both follow one set of rules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventElement } from '@dcr-agent/schema';
import { roundTrip } from '../../../support/decoded-events.ts';
import { data, element, text, value } from '../../../support/event-elements.ts';
import type {
  ContentSpec,
  ElementSpec,
  InstanceSpec,
  ValueSpec,
} from '../../../support/evtx-writer/binxml-model.ts';
import { eventXml } from '../../../support/evtx-writer/event-xml.ts';

const GUID = '{11111111-2222-3333-4444-555555555555}';
const OTHER_GUID = '{99999999-2222-3333-4444-555555555555}';
const NULL: ValueSpec = { type: 'null', text: '' };

function instance(children: readonly ContentSpec[], values: readonly ValueSpec[]): InstanceSpec {
  return { template: { guid: GUID, root: { name: 'Event', children } }, values };
}

function render(content: InstanceSpec | ElementSpec): { xml: string; tree: EventElement } {
  const event = roundTrip({ content });
  return { xml: event.xml(), tree: event.event };
}

const string = (content: string): ValueSpec => ({ type: 'string', text: content });

test('an authored event comes back as it was written, with the types it was stored with', () => {
  const xml = eventXml({ userId: 'S-1-5-18', data: { LogonType: '10', User: 'Änne & <Bob>' } });
  const event = roundTrip({ xml, types: { LogonType: 'uint32' } });
  const expected = xml
    .replace('52.1635583Z"/>', '52.1635583Z"/><EventRecordID>1</EventRecordID>')
    .replace('<Bob>', '&lt;Bob&gt;')
    .replace('&lt;Bob>', '&lt;Bob&gt;');
  assert.equal(event.xml(), expected);
  const [system, eventData] = event.event.children;
  const byName = new Map(system!.children.map((child) => [child.name, child]));
  assert.deepEqual(byName.get('EventID'), element('EventID', {}, value('uint', '1')));
  assert.deepEqual(
    byName.get('Keywords'),
    element('Keywords', {}, value('hex', '0x8000000000000000')),
  );
  assert.deepEqual(
    byName.get('TimeCreated'),
    element('TimeCreated', { SystemTime: value('time', '2025-06-08T07:12:52.1635583Z') }),
  );
  assert.deepEqual(byName.get('Correlation'), element('Correlation'), 'NULL attributes vanish');
  assert.deepEqual(
    byName.get('Security'),
    element('Security', { UserID: value('sid', 'S-1-5-18') }),
  );
  assert.deepEqual(
    eventData,
    element('EventData', {}, [
      data('LogonType', value('uint', '10')),
      data('User', text('Änne & <Bob>')),
    ]),
  );
});

test('the event element is the one of the tree, without its namespace', () => {
  const { event } = roundTrip(eventXml());
  assert.equal(event.name, 'Event');
  assert.deepEqual(event.attributes, []);
});

test('an element vanishes when the value it depends on is NULL', () => {
  const children = [
    { name: 'Version', dependsOn: 0, children: [{ slot: 0 }] },
    { name: 'Level', dependsOn: 1, children: [{ slot: 1 }] },
    { name: 'Kept', dependsOn: 0xffff },
    { name: 'Beyond', dependsOn: 9 },
  ];
  const { xml, tree } = render(instance(children, [NULL, { type: 'uint8', text: '4' }]));
  assert.equal(xml, '<Event><Level>4</Level><Kept/><Beyond/></Event>');
  assert.deepEqual(
    tree,
    element('Event', {}, [
      element('Level', {}, value('uint', '4')),
      element('Kept'),
      element('Beyond'),
    ]),
  );
});

test('an optional slot alone does not take its element away', () => {
  const { xml, tree } = render(
    instance([{ name: 'Task', children: [{ slot: 0, isOptional: true }] }], [NULL]),
  );
  assert.equal(xml, '<Event><Task/></Event>');
  assert.deepEqual(tree, element('Event', {}, [element('Task')]));
});

test('an attribute vanishes when its slot is NULL or prints nothing', () => {
  const attributes = [
    ['Null', { slot: 0, isOptional: true }],
    ['Mixed', 'x', { slot: 0, isOptional: true }],
    ['Empty', { slot: 1 }],
    ['NotOptional', 'y', { slot: 0 }],
    ['Number', { slot: 2 }],
    ['Quote', { slot: 3 }],
  ] as const;
  const values: ValueSpec[] = [
    NULL,
    string(''),
    { type: 'uint32', text: '7' },
    string('a"b\tc\n&<\r'),
  ];
  const { xml, tree } = render(instance([{ name: 'E', attributes }], values));
  assert.equal(
    xml,
    '<Event><E NotOptional="y" Number="7" Quote="a&quot;b&#9;c&#10;&amp;&lt;&#13;"/></Event>',
  );
  assert.deepEqual(
    tree.children[0],
    element('E', {
      NotOptional: text('y'),
      Number: value('uint', '7'),
      Quote: text('a"b\tc\n&<\r'),
    }),
  );
});

test('an array repeats the element around it', () => {
  const children = [
    { name: 'Data', attributes: [['Name', 'x']] as const, children: [{ slot: 0 }] },
  ];
  const { xml, tree } = render(instance(children, [{ type: 'string', items: ['a', '', '<c'] }]));
  assert.equal(
    xml,
    '<Event><Data Name="x">a</Data><Data Name="x"/><Data Name="x">&lt;c</Data></Event>',
  );
  assert.deepEqual(
    tree,
    element('Event', {}, [data('x', text('a')), data('x', null), data('x', text('<c'))]),
  );
});

test('what stands beside an array is repeated with it, a second array in one line', () => {
  const children = [{ name: 'Data', children: ['<', { slot: 0 }, { slot: 1 }] }];
  const values: ValueSpec[] = [
    { type: 'uint8', items: ['1', '2'] },
    { type: 'uint8', items: ['8', '9'] },
  ];
  const { xml, tree } = render(instance(children, values));
  assert.equal(xml, '<Event><Data>&lt;18, 9</Data><Data>&lt;28, 9</Data></Event>');
  assert.deepEqual(
    tree.children.map((child) => child.value?.text),
    ['<18, 9', '<28, 9'],
  );
});

test('an empty array leaves one empty element', () => {
  const children = [{ name: 'Data', children: [{ slot: 0 }] }];
  const { xml, tree } = render(instance(children, [{ type: 'string', items: [] }]));
  assert.equal(xml, '<Event><Data/></Event>');
  assert.deepEqual(tree, element('Event', {}, [element('Data')]));
});

test('an array in an attribute stands in one line', () => {
  const children = [{ name: 'E', attributes: [['A', { slot: 0 }]] as const }];
  const { xml } = render(instance(children, [{ type: 'uint16', items: ['1', '2'] }]));
  assert.equal(xml, '<Event><E A="1, 2"/></Event>');
});

const NESTED: InstanceSpec = {
  template: {
    guid: OTHER_GUID,
    root: { name: 'EventData', children: [{ name: 'Data', children: [{ slot: 0 }] }] },
  },
  values: [string('nested')],
};

test('a nested fragment is read in all three forms it is stored in', () => {
  const plain = { name: 'EventData', children: [{ name: 'Data', children: ['nested'] }] };
  const forms: ValueSpec[] = [
    { fragment: NESTED },
    { fragment: NESTED, hasHeader: false },
    { fragment: plain, hasHeader: false },
    { fragment: plain },
  ];
  for (const form of forms) {
    const { xml, tree } = render(instance([{ slot: 0, isOptional: true }], [form]));
    assert.equal(xml, '<Event><EventData><Data>nested</Data></EventData></Event>');
    assert.deepEqual(
      tree,
      element('Event', {}, [element('EventData', {}, [element('Data', {}, text('nested'))])]),
    );
  }
});

test('a template may be instantiated in place inside another', () => {
  const { xml } = render(instance([NESTED, { name: 'After' }], []));
  assert.equal(xml, '<Event><EventData><Data>nested</Data></EventData><After/></Event>');
});

test('a forwarded event, which has no template, is all strings', () => {
  const xml = eventXml({ data: { LogonType: '10' } });
  const event = roundTrip({ xml, isForwarded: true });
  assert.equal(event.xml(), xml);
  const [system, eventData] = event.event.children;
  assert.deepEqual(
    system?.children.find(({ name }) => name === 'EventID'),
    element('EventID', {}, text('1')),
  );
  assert.deepEqual(eventData, element('EventData', {}, [data('LogonType', text('10'))]));
});

test('entities, character references and CDATA become text', () => {
  const children = [
    'a',
    { entity: 'amp' },
    { entity: 'odd' },
    { character: 0x41 },
    { cdata: '<]' },
  ];
  const { xml, tree } = render({ name: 'Event', children: [{ name: 'Data', children }] });
  assert.equal(xml, '<Event><Data>a&amp;&amp;odd;A&lt;]</Data></Event>');
  assert.deepEqual(tree.children[0]?.value, text('a&&odd;A<]'));
});

test('text beside child elements is written in XML and left out of trees', () => {
  const children = ['loose', { name: 'Child' }];
  const { xml, tree } = render({ name: 'Event', children });
  assert.equal(xml, '<Event>loose<Child/></Event>');
  assert.deepEqual(tree, element('Event', {}, [element('Child')]));
});

test('prefixes stay in XML and are left out of trees, as namespace declarations are', () => {
  const root: ElementSpec = {
    name: 'Event',
    children: [
      {
        name: 'ns:Data',
        attributes: [
          ['xmlns:ns', 'urn:x'],
          ['ns:a', 'b'],
        ],
      },
    ],
  };
  const { xml, tree } = render(root);
  assert.equal(xml, '<Event><ns:Data xmlns:ns="urn:x" ns:a="b"/></Event>');
  assert.deepEqual(tree, element('Event', {}, [element('Data', { a: text('b') })]));
});

test('a slot beyond the values there are counts as NULL', () => {
  const children = [
    { name: 'Data', attributes: [['A', { slot: 5 }]] as const, children: [{ slot: 6 }] },
  ];
  const { xml } = render(instance(children, [string('x')]));
  assert.equal(xml, '<Event><Data/></Event>');
});

test('characters that XML cannot carry are replaced in XML and kept in trees', () => {
  const children = [{ name: 'Data', children: [{ slot: 0 }] }];
  const { xml, tree } = render(instance(children, [string('a\x01\r\n\uffff\0b')]));
  assert.equal(xml, '<Event><Data>a\ufffd&#13;\n\ufffd\ufffdb</Data></Event>');
  assert.equal(tree.children[0]?.value?.text, 'a\x01\r\n\uffff\0b');
});

test('the raw values of an event can be read without rendering it', () => {
  const values: ValueSpec[] = [
    string('ab'),
    NULL,
    { type: 'uint32', text: '7' },
    { fragment: NESTED },
  ];
  const { instance: stored } = roundTrip({ content: instance([{ name: 'X' }], values) });
  assert.equal(stored.template.guid, GUID);
  assert.equal(stored.valueCount, 4);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((slot) => stored.type(slot)),
    [0x01, 0x00, 0x08, 0x21, 0x00],
  );
  assert.equal(stored.size(0), 4);
  assert.equal(stored.bytes.readUInt32LE(stored.offset(2)), 7);
  assert.equal(stored.fragment(3)?.template.guid, OTHER_GUID);
  assert.equal(stored.fragment(0), undefined);
});
