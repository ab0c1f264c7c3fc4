/** Crafted content: whatever a record holds, it costs itself at most, and little time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Damage } from '../../../../packages/agent/src/eventlog/damage.ts';
import { decodeFirstChunk } from '../../../support/decoded-events.ts';
import type {
  ElementSpec,
  InstanceSpec,
  ValueSpec,
} from '../../../support/evtx-writer/binxml-model.ts';
import { eventXml } from '../../../support/evtx-writer/event-xml.ts';
import { chunkOffset, writeEvtx } from '../../../support/evtx-writer/evtx-writer.ts';

const RECORD_CONTENT = chunkOffset(0) + 512 + 24;
const GUIDS = ['{11111111-2222-3333-4444-555555555555}', '{22222222-2222-3333-4444-555555555555}'];

/** The damage done by content that is followed by a good event, which must be read. */
function damageOf(content: InstanceSpec | ElementSpec, change?: (file: Buffer) => void): Damage[] {
  const file = writeEvtx([{ content }, eventXml()]);
  change?.(file);
  const { events, damage } = decodeFirstChunk(file);
  assert.deepEqual(
    events.map(({ recordId }) => recordId),
    [2],
  );
  return [...damage];
}

function instance(children: ElementSpec['children'], values: readonly ValueSpec[]): InstanceSpec {
  const root = { name: 'Event', ...(children && { children }) };
  return { template: { guid: GUIDS[0]!, root }, values };
}

function nested(levels: number): ElementSpec {
  let element: ElementSpec = { name: 'E' };
  for (let i = 0; i < levels; i++) element = { name: 'E', children: [element] };
  return element;
}

test('elements nested too deep are refused', () => {
  const [damage] = damageOf(nested(600));
  assert.equal(damage?.reason, 'undecodable record');
  assert.match(damage?.detail ?? '', /too deep/);
});

test('elements nested as deep as allowed can be rendered', () => {
  const { events } = decodeFirstChunk(writeEvtx([{ content: nested(511) }]));
  assert.equal(events[0]?.xml().length, 511 * '<E></E>'.length + '<E/>'.length);
  assert.equal(events[0]?.event.name, 'E');
});

test('fragments nested too deep are refused', () => {
  let value: ValueSpec = { fragment: { name: 'E' } };
  for (let i = 0; i < 80; i++) value = { fragment: instance([{ slot: 0 }], [value]) };
  const [damage] = damageOf(instance([{ slot: 0 }], [value]));
  assert.match(damage?.detail ?? '', /fragments nest too deep/);
});

test('a value used again and again inside itself is refused, not written out', () => {
  const twice: ElementSpec['children'] = Array.from({ length: 40 }, () => ({ slot: 0 }));
  let value: ValueSpec = { type: 'string', text: 'lol' };
  for (let i = 0; i < 12; i++) value = { fragment: instance(twice, [value]) };
  const [damage] = damageOf(instance(twice, [value]));
  assert.equal(damage?.reason, 'oversized record');
});

test('an array that would repeat a large element many times is refused', () => {
  const large = {
    name: 'Data',
    attributes: [['A', 'x'.repeat(5000)]] as const,
    children: [{ slot: 0 }],
  };
  const items = { typeCode: 0x84, bytes: Buffer.alloc(20_000) };
  const [damage] = damageOf(instance([large], [items]));
  assert.equal(damage?.reason, 'oversized record');
});

test('arrays that repeat one another are refused before they multiply', () => {
  const array = { typeCode: 0x84, bytes: Buffer.alloc(1000) };
  const inner = { name: 'C', children: [{ slot: 2 }] };
  const middle = { name: 'B', children: [{ slot: 1 }, inner] };
  const [damage] = damageOf(
    instance([{ name: 'A', children: [{ slot: 0 }, middle] }], [array, array, array]),
  );
  assert.equal(damage?.reason, 'oversized record');
});

test('an array as large as a record allows is still an event', () => {
  const items = {
    type: 'string' as const,
    items: Array.from({ length: 5_000 }, (_, i) => String(i)),
  };
  const content = instance([{ name: 'Data', children: [{ slot: 0 }] }], [items]);
  const { events } = decodeFirstChunk(writeEvtx([{ content }]));
  assert.equal(events[0]?.event.children.length, 5_000);
});

test('a value that reaches over the end of its record is refused', () => {
  const [damage] = damageOf(instance([{ slot: 0 }], [{ type: 'string', text: 'abc' }]), (file) => {
    const value = file.indexOf(Buffer.from('abc', 'utf16le'));
    file.writeUInt16LE(0xffff, value - 4);
  });
  assert.match(damage?.detail ?? '', /value outside/);
});

test('more values than the record has bytes are refused', () => {
  const [damage] = damageOf(instance([{ slot: 0 }], [{ type: 'string', text: 'abc' }]), (file) => {
    const value = file.indexOf(Buffer.from('abc', 'utf16le'));
    file.writeUInt32LE(0x7fff_ffff, value - 8);
  });
  assert.match(damage?.detail ?? '', /more values/);
});

test('a definition outside the chunk is refused', () => {
  const [damage] = damageOf(instance([{ name: 'X' }], []), (file) => {
    file.writeUInt32LE(0xfff0, RECORD_CONTENT + 4 + 6);
  });
  assert.match(damage?.detail ?? '', /outside the chunk/);
});

test('a template that instantiates itself is refused', () => {
  const inner: InstanceSpec = { template: { guid: GUIDS[1]!, root: { name: 'I' } }, values: [] };
  const [damage] = damageOf(instance([inner], []), (file) => {
    // The inner instance now names the definition that it stands in.
    const token = file.indexOf(Buffer.from('0c01', 'hex'), RECORD_CONTENT + 8);
    const outerDefinition = RECORD_CONTENT + 4 + 10 - chunkOffset(0);
    file.writeUInt32LE(outerDefinition, token + 6);
  });
  assert.equal(damage?.reason, 'undecodable record');
});

test('a name outside the chunk is refused, and one that would break XML', () => {
  const [outside] = damageOf({ name: 'Event' }, (file) => {
    file.writeUInt32LE(0xffff_0000, RECORD_CONTENT + 4 + 5);
  });
  assert.match(outside?.detail ?? '', /name outside/);
  const [broken] = damageOf({ name: 'Ev"><x' });
  assert.match(broken?.detail ?? '', /XML cannot carry/);
});

test('unknown tokens, stray closing tokens and unclosed elements are refused', () => {
  const content = { name: 'Event', children: ['ab'] };
  const details = [0x1c, 0x04, 0x00].map((token) => {
    const [damage] = damageOf(content, (file) => {
      const end = file.indexOf(Buffer.from('610062000400', 'hex')) + 4;
      file[end] = token === 0x04 ? 0x04 : token;
      if (token === 0x04) file[end + 1] = 0x04;
    });
    return damage?.detail;
  });
  assert.deepEqual(details, ['unknown token', 'element closed twice', 'element not closed']);
});

test('an attribute written twice is refused, for XML cannot carry it', () => {
  const content = { name: 'Event', attributes: [['a', '1'] as const, ['a', '2'] as const] };
  const [damage] = damageOf(content);
  assert.match(damage?.detail ?? '', /twice/);
});

test('a record without any element is refused', () => {
  const [damage] = damageOf({ name: 'Event' }, (file) => {
    file.fill(0, RECORD_CONTENT, RECORD_CONTENT + 8);
  });
  assert.match(damage?.detail ?? '', /no element/);
});
