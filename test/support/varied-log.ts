/** A log with one event of every form a record can have: food for mutations. */
import type { InstanceSpec, ValueSpec } from './evtx-writer/binxml-model.ts';
import { eventXml } from './evtx-writer/event-xml.ts';
import { writeEvtx } from './evtx-writer/evtx-writer.ts';
import type { ScalarType } from './evtx-writer/values.ts';

const SAMPLES: readonly (readonly [ScalarType, string])[] = [
  ['null', ''],
  ['string', 'text & <more>\0'],
  ['ansiString', 'ansi'],
  ['int8', '-1'],
  ['uint8', '255'],
  ['int16', '-2'],
  ['uint16', '65535'],
  ['int32', '-3'],
  ['uint32', '4294967295'],
  ['int64', '-4'],
  ['uint64', '18446744073709551615'],
  ['float', '1.5'],
  ['double', '-2.25'],
  ['boolean', 'true'],
  ['binary', '00ff'],
  ['guid', '{54849625-5478-4994-a5ba-3e3b0328c30d}'],
  ['size', '4096'],
  ['filetime', '2025-06-08T07:12:52.1635583Z'],
  ['systemtime', '2025-06-08T07:12:52.163Z'],
  ['sid', 'S-1-5-21-1-2-3-1001'],
  ['hex32', '0x3e7'],
  ['hex64', '0x8020000000000000'],
];

export function variedLog(): Buffer {
  const everyType = inData(SAMPLES.map(([type, text]) => ({ type, text })));
  const arrays = inData(
    SAMPLES.filter(([type]) => type !== 'null').map(([type, text]) => ({
      type,
      items: [text, text],
    })),
  );
  const nested = inData([{ fragment: everyType }, { fragment: arrays, hasHeader: false }]);
  const plain = eventXml({ userId: 'S-1-5-18', data: { A: 'a', B: 'b' } });
  return writeEvtx([
    plain,
    { content: everyType },
    { content: arrays },
    { content: nested },
    { xml: plain, isForwarded: true },
    ...Array.from({ length: 20 }, (_, i) => eventXml({ eventId: i, data: { Number: String(i) } })),
  ]);
}

/** An event whose data, in elements and attributes, are the values. */
function inData(values: readonly ValueSpec[]): InstanceSpec {
  const data = values.map((_, slot) => ({
    name: 'Data',
    attributes: [['Name', { slot, isOptional: true }]] as const,
    children: [{ slot, isOptional: slot % 2 === 0 }],
    ...(slot % 3 === 0 && { dependsOn: slot }),
  }));
  const root = { name: 'Event', children: [{ name: 'EventData', children: data }] };
  const guid = `{${String(values.length).padStart(8, '0')}-1111-2222-3333-444455556666}`;
  return { template: { guid, root }, values };
}
