import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventQuery, queryCondition } from '@dcr-agent/schema/event-queries';
import { TemplateDispatch } from '../../../../../packages/agent/src/eventlog/query/dispatch.ts';
import { decodeFirstChunk } from '../../../../support/decoded-events.ts';
import { eventXml } from '../../../../support/evtx-writer/event-xml.ts';
import { writeEvtx } from '../../../../support/evtx-writer/evtx-writer.ts';

const QUERIES = [
  '*[System[EventID=1]]',
  '*[System[EventID=2]]',
  "*[EventData[Data[@Name='User']='anna']]",
  "*[EventData[Data[@Name='Path']='x']]",
  '*[UserData]',
];

test('left are the queries that the EventID and the elements of an event can still fulfil', () => {
  const conditions = QUERIES.map((text) => queryCondition(parseEventQuery(text).query!));
  const { events } = decodeFirstChunk(
    writeEvtx([
      eventXml({ eventId: 1, data: { User: 'ben' } }),
      eventXml({ eventId: 2, data: { Path: 'x' } }),
      eventXml({ eventId: 2, data: { User: 'anna' } }),
      eventXml({ eventId: 1 }).replaceAll('EventData', 'UserData'),
    ]),
  );
  // `Event` and `System` are of one template, whatever stands beside them.
  const [first, ...others] = events.map(({ instance }) => instance);
  const dispatch = new TemplateDispatch(conditions, first!.template);
  for (const { template } of others) assert.equal(template, first!.template);
  const left = events.map(({ instance }) =>
    dispatch.candidates(instance).map(({ index }) => QUERIES[index]),
  );
  const [id1, id2, user, path, userData] = QUERIES;
  assert.deepEqual(left, [
    [id1, user],
    [id2, path],
    [id2, user],
    [id1, userData],
  ]);
});
