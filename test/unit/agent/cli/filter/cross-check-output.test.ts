import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossCheckOutput } from '../../../../../packages/agent/src/cli/filter/cross-check-output.ts';
import { readWrittenQuery } from '../../../../../packages/agent/src/cli/filter/written-query.ts';
import { parseEventXml } from '../../../../../packages/agent/src/eventlog/event-xml-reader.ts';
import type { WindowsEventRecord } from '../../../../../packages/agent/src/eventlog/windows-event-record.ts';
import { eventXml } from '../../../../support/evtx-writer/event-xml.ts';

function check(
  event: WindowsEventRecord,
  selected: readonly number[],
  text = '*',
): [string, boolean] {
  const { queries } = readWrittenQuery({ id: 'mine', place: '', text }, 'ignore');
  const options = { nowMs: 0, stringCase: 'ignore', fileNow: () => 'a\u001b.evtx' } as const;
  let printed = '';
  const print = (text: string): void => {
    printed += text;
  };
  const output = crossCheckOutput(print, queries, options);
  output.event(event, selected);
  output.end?.();
  return [printed, output.hasFindings?.() === true];
}

function eventOf(xml: string): WindowsEventRecord {
  const [event] = parseEventXml(xml).events;
  assert.ok(event);
  return event;
}

const ID = '<EventRecordID>7</EventRecordID></System>';
const EVENT = eventOf(eventXml().replace('</System>', ID));

test('answers that agree are counted', () => {
  assert.deepEqual(check(EVENT, [0]), ['1 events, 1 query: no answers differ\n', false]);
});

test('an answer that differs is a finding', () => {
  const [printed, hasFindings] = check(EVENT, []);
  assert.match(printed, /^a\\u001b\.evtx, EventRecordID 7: mine does not select it/);
  assert.match(printed, /1 events, 1 query: 1 answers differ/);
  assert.equal(hasFindings, true);
});

test('XML that the engine cannot read is a finding, with its reason', () => {
  const unreadable: WindowsEventRecord = {
    event: EVENT.event,
    isSalvaged: false,
    selectedBy: () => [0],
    eventRecordId: () => '7',
    xml: () => '<Event/>beside',
  };
  const [printed, hasFindings] = check(unreadable, [0]);
  assert.match(
    printed,
    /^a\\u001b\.evtx, EventRecordID 7: the engine cannot read its XML: .*Extra content/,
  );
  assert.equal(hasFindings, true);
});

test('a channel is asked as it is written in XML, with references, once or twice', () => {
  const channel = eventXml({ channel: 'A & B' });
  const twice = channel.replace('<Channel>', '<Channel>Other</Channel><Channel>');
  for (const xml of [channel, twice]) {
    const event = eventOf(xml);
    assert.equal(check(event, [0], 'a & b!*')[1], false, xml);
    assert.equal(check(event, [], 'B!*')[1], false, xml);
  }
});

test('a query of very many conditions is asked like any other', () => {
  const conditions = Array.from({ length: 20_000 }, () => 'Level').join(' and ');
  assert.equal(check(EVENT, [0], `*[System[${conditions}]]`)[1], false);
});
