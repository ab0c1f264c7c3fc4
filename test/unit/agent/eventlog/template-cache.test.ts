import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TemplateCache } from '../../../../packages/agent/src/eventlog/template-cache.ts';
import { decodeFirstChunk } from '../../../support/decoded-events.ts';
import type { InstanceSpec } from '../../../support/evtx-writer/binxml-model.ts';
import { writeEvtx } from '../../../support/evtx-writer/evtx-writer.ts';

const GUID = '{11111111-2222-3333-4444-555555555555}';

function eventOf(childName: string, options: { guid?: string } = {}): InstanceSpec {
  return {
    template: {
      guid: options.guid ?? GUID,
      root: { name: 'Event', children: [{ name: childName, children: [{ slot: 0 }] }] },
    },
    values: [{ type: 'string', text: 'x' }],
  };
}

/** A file in which the names given stand before the template, so that it only refers to them. */
function fileWithNamesBefore(names: readonly string[], content: InstanceSpec): Buffer {
  const before = { name: 'Names', children: names.map((name) => ({ name })) };
  return writeEvtx([{ content: before }, { content }]);
}

function templatesOf(cache: TemplateCache, ...files: readonly Buffer[]): unknown[] {
  return files.map((file) => decodeFirstChunk(file, cache).events.at(-1)?.instance.template);
}

test('the same definition in two files is one template', () => {
  const [first, second] = templatesOf(
    new TemplateCache(),
    writeEvtx([{ content: eventOf('Data') }]),
    writeEvtx([{ content: eventOf('Data') }, { content: eventOf('Data') }]),
  );
  assert.ok(first);
  assert.equal(first, second);
});

test('the place of names in the chunk makes no difference', () => {
  const [first, second] = templatesOf(
    new TemplateCache(),
    fileWithNamesBefore(['Event', 'Data'], eventOf('Data')),
    fileWithNamesBefore(['Other', 'Data', 'Event'], eventOf('Data')),
  );
  assert.equal(first, second);
});

test('offsets that lead to other names make another template', () => {
  const cache = new TemplateCache();
  // Equal bytes, equal GUID: only what stands at the offsets differs.
  const files = [
    fileWithNamesBefore(['Event', 'Data'], eventOf('Data')),
    fileWithNamesBefore(['Event', 'Note'], eventOf('Note')),
  ];
  const xml = files.map((file) => decodeFirstChunk(file, cache).events.at(-1)?.xml());
  assert.deepEqual(xml, ['<Event><Data>x</Data></Event>', '<Event><Note>x</Note></Event>']);
});

test('the same GUID with another content is another template', () => {
  const cache = new TemplateCache();
  const xml = ['Data', 'Note'].map((name) => {
    const { events } = decodeFirstChunk(writeEvtx([{ content: eventOf(name) }]), cache);
    return events[0]?.xml();
  });
  assert.deepEqual(xml, ['<Event><Data>x</Data></Event>', '<Event><Note>x</Note></Event>']);
});

test('templates that hold an instance are not shared between chunks', () => {
  const outer = (text: string): InstanceSpec => {
    const inner = eventOf('Data', { guid: '{99999999-2222-3333-4444-555555555555}' });
    const values = [{ type: 'string' as const, text }];
    return {
      template: { guid: GUID, root: { name: 'Event', children: [{ ...inner, values }] } },
      values: [],
    };
  };
  const cache = new TemplateCache();
  const xml = ['a', 'b'].map((text) =>
    decodeFirstChunk(writeEvtx([{ content: outer(text) }]), cache).events[0]?.xml(),
  );
  assert.deepEqual(xml, [
    '<Event><Event><Data>a</Data></Event></Event>',
    '<Event><Event><Data>b</Data></Event></Event>',
  ]);
});

test('the cache starts afresh rather than grow without end', () => {
  const cache = new TemplateCache();
  const file = (n: number): Buffer => {
    const guid = `{${String(n).padStart(8, '0')}-2222-3333-4444-555555555555}`;
    const root = { name: 'Event', children: ['x'.repeat(25_000)] };
    return writeEvtx([{ content: { template: { guid, root }, values: [] } }]);
  };
  const [first, again] = templatesOf(cache, file(0), file(0));
  assert.equal(first, again);
  for (let n = 1; n < 200; n++) decodeFirstChunk(file(n), cache);
  assert.notEqual(templatesOf(cache, file(0))[0], first);
});
