import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXmlEnvelope } from '../../../../packages/handlers/src/ingestion/xml-envelope.ts';

test('properties become members, the item’s time its timestamp', () => {
  const text = `<?xml version="1.0"?>
    <DataItems DataType="HEALTH_ASSESSMENT_BLOB" IPName="LogManagement">
      <DataItem sourceHealthServiceId="guid" time="2025-03-01T10:11:00.0000000Z">
        <Property Name="Computer">a &amp; b</Property><Property Name="Empty"/>
        <Property Name="Raw"><![CDATA[<x>]]></Property>
      </DataItem>
      <DataItem><Property Name="Computer">c</Property></DataItem>
    </DataItems>`;
  assert.deepEqual(parseXmlEnvelope(text), {
    dataType: 'HEALTH_ASSESSMENT_BLOB',
    ipName: 'LogManagement',
    sourceComputerId: 'guid',
    items: [
      {
        Timestamp: '2025-03-01T10:11:00.0000000Z',
        Computer: 'a & b',
        Empty: '',
        Raw: '<x>',
      },
      { Computer: 'c' },
    ],
  });
});

test('a name that objects inherit is a member like any other', () => {
  const text =
    '<DataItems DataType="a" IPName="b"><DataItem><Property Name="__proto__">x</Property></DataItem></DataItems>';
  const [item] = parseXmlEnvelope(text).items;
  assert.deepEqual(Object.entries(item ?? {}), [['__proto__', 'x']]);
});

test('entities are not expanded and nothing is fetched', () => {
  const bomb =
    '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><DataItems/>';
  assert.throws(() => parseXmlEnvelope(bomb), /document types are not accepted/);
  assert.throws(
    () => parseXmlEnvelope('<DataItems DataType="a" IPName="b">&unknown;</DataItems>'),
    /not the XML of data items/,
  );
});
