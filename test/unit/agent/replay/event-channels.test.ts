import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventXml } from '../../../../packages/agent/src/eventlog/event-xml-reader.ts';
import { EventChannels } from '../../../../packages/agent/src/replay/event-channels.ts';
import { EventTimes } from '../../../../packages/agent/src/replay/event-times.ts';
import { numberedEvent } from '../../../support/numbered-events.ts';

function eventOf(xml: string): ReturnType<typeof parseEventXml>['events'][number] {
  const [event] = parseEventXml(xml).events;
  assert.ok(event);
  return event;
}

test('channels are found whatever their case, and those that nobody asked for by name', () => {
  const channels = new EventChannels(['Application']);
  const seen = ['application', 'Other', 'OTHER', 'Application'].map((name) => {
    const channel = channels.of(eventOf(numberedEvent(1, name)));
    channel.read += 1;
    return channel.name;
  });
  assert.deepEqual(seen, ['Application', 'Other', 'Other', 'Application']);
  assert.deepEqual(channels.seen, [
    { name: 'Application', read: 2 },
    { name: 'Other', read: 2 },
  ]);
});

test('an event without a channel is of none', () => {
  const channels = new EventChannels([]);
  const event = eventOf(numberedEvent(1).replace(/<Channel>.*<\/Channel>/, ''));
  assert.equal(channels.of(event).name, '');
});

test('the time of an event is that of its System part', () => {
  const times = new EventTimes();
  assert.equal(times.timeOf(eventOf(numberedEvent(7))), Date.UTC(2026, 10, 20, 10, 0, 7));
  const bare = numberedEvent(7).replace(/<TimeCreated[^>]*>/, '');
  assert.ok(Number.isNaN(times.timeOf(eventOf(bare))));
});

test('a time is read with and without a fraction', () => {
  const times = new EventTimes();
  const timeOf = (text: string): number =>
    times.timeOf(eventOf(numberedEvent(1).replace(/SystemTime="[^"]*"/, `SystemTime="${text}"`)));
  const expected = Date.UTC(2026, 10, 20, 10, 0, 7);
  assert.equal(timeOf('2026-11-20T10:00:07Z'), expected);
  assert.equal(timeOf('2026-11-20T10:00:07.5Z'), expected + 500);
  assert.equal(timeOf('2026-11-20T10:00:07.123456789Z'), expected + 123);
});
