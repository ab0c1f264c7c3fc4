/** Whatever a record holds, its XML is one element that any reader takes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocument } from '../../../../packages/agent/src/eventlog/cross-check/oracle.ts';
import { renderTree } from '../../../../packages/agent/src/eventlog/event-tree.ts';
import { renderXml } from '../../../../packages/agent/src/eventlog/event-xml.ts';
import { TemplateInstance } from '../../../../packages/agent/src/eventlog/template-instance.ts';
import { shapeOf } from '../../../../packages/agent/src/eventlog/template-shape.ts';
import { decodeFirstChunk, roundTrip } from '../../../support/decoded-events.ts';
import type { ElementSpec, ValueSpec } from '../../../support/evtx-writer/binxml-model.ts';
import { writeEvtx } from '../../../support/evtx-writer/evtx-writer.ts';

const GUID = '{11111111-2222-3333-4444-555555555555}';

function xmlOf(root: ElementSpec, values: readonly ValueSpec[] = []): string {
  const xml = roundTrip({ content: { template: { guid: GUID, root }, values } }).xml();
  const document = readDocument(xml);
  assert.equal(typeof document, 'object', `${document}: ${xml}`);
  return xml;
}

test('what stands beside the element of an event is left out', () => {
  const event = roundTrip({ content: { name: 'Event', children: [{ name: 'A' }] } });
  const [element] = event.instance.template.roots;
  assert.ok(element);
  const text = { kind: 'text', text: 'beside' } as const;
  const instance = new TemplateInstance();
  const roots = [text, element, text, element];
  instance.reset({ guid: null, roots, shape: shapeOf(roots) }, Buffer.alloc(0), 0, 0);
  assert.equal(renderXml(instance), '<Event><A/></Event>');
  assert.deepEqual(renderTree(instance), event.event);
});

test('an array repeats elements inside the event, not the event', () => {
  const items: ValueSpec = { type: 'string', items: ['a', 'b'] };
  assert.equal(xmlOf({ name: 'Event', children: [{ slot: 0 }] }, [items]), '<Event>a</Event>');
});

test('a prefix that nothing declares is left out', () => {
  const child: ElementSpec = {
    name: 'q:Child',
    attributes: [
      ['p:a', '1'],
      ['q:b', '2'],
      ['xml:lang', 'en'],
    ],
  };
  const root: ElementSpec = {
    name: 'p:Event',
    attributes: [['xmlns:p', 'urn:p']],
    children: [child],
  };
  assert.equal(
    xmlOf(root),
    '<p:Event xmlns:p="urn:p"><Child p:a="1" b="2" xml:lang="en"/></p:Event>',
  );
});

test('a declaration that is none is left out, and so is its prefix', () => {
  const attributes: ElementSpec['attributes'] = [
    ['xmlns', 'http://www.w3.org/2000/xmlns/'],
    ['xmlns:xmlns', 'urn:x'],
    ['xmlns:xml', 'urn:x'],
    ['xmlns:empty', ''],
    ['xmlns:stored', { slot: 0 }],
    ['empty:a', '1'],
    ['stored:b', '2'],
  ];
  const value: ValueSpec = { type: 'string', text: 'urn:x' };
  assert.equal(xmlOf({ name: 'Event', attributes }, [value]), '<Event a="1" b="2"/>');
});

test('a record in which two attributes come to one name cannot be decoded', () => {
  const attributes: ElementSpec['attributes'] = [
    ['a', '1'],
    ['p:a', '2'],
  ];
  const { events, damage } = decodeFirstChunk(
    writeEvtx([{ content: { name: 'Event', attributes } }]),
  );
  assert.deepEqual(events, []);
  assert.deepEqual(
    damage.map(({ reason, detail }) => [reason, detail]),
    [['undecodable record', 'attribute written twice']],
  );
});
