/** An event in a few words: what the queries ask of it, and nothing else. */
import { nameOf } from '../../rule/text/show.ts';
import type { ChosenValue } from './draft-event.ts';
import { DATA } from './place.ts';

/** Things that are named; an event of more is clear enough by these. Own choice. */
const NAMED_MAX = 6;

/** Stands for a value that may be anything, and in many events for none. */
const PLACEHOLDER = '-';

const EVENT_ID = 'Event/System/EventID';
const PROVIDER = 'Event/System/Provider/@Name';
const TIME = 'Event/System/TimeCreated/@SystemTime';

/** `Security event 4624 from Microsoft-Windows-Security-Auditing with LogonType 10`. */
export function describeEvent(channel: string, chosen: readonly ChosenValue[]): string {
  const textAt = (path: string): string | null =>
    chosen.find((each) => each.path === path)?.text ?? null;
  const [eventId, provider, time] = [textAt(EVENT_ID), textAt(PROVIDER), textAt(TIME)];
  const named = chosen.filter(isNamed).map(describeValue);
  const shown = [...new Set(named)].slice(0, NAMED_MAX);
  const head = eventId === null ? `${channel} event` : `${channel} event ${eventId}`;
  const parts = [
    eventId === null && provider === null && time === null && shown.length === 0
      ? `any ${head}`
      : head,
    ...(provider === null ? [] : [`from ${shownText(provider)}`]),
    ...(shown.length === 0 ? [] : [`with ${joined(shown)}`]),
    ...(time === null ? [] : [`logged at ${time}`]),
  ];
  return parts.join(' ');
}

function isNamed({ path, dataName }: ChosenValue): boolean {
  if (path === EVENT_ID || path === PROVIDER || path === TIME) return false;
  return !(path === `${DATA}/@Name` && dataName !== '');
}

function describeValue({ path, dataName, text }: ChosenValue): string {
  const ownName = path === DATA ? 'a value' : path.slice(path.lastIndexOf('/') + 1);
  const name = dataName === '' ? ownName.replace(/^[@*]/, '') || 'a value' : dataName;
  return text === null || text === PLACEHOLDER ? name : `${name} ${shownText(text)}`;
}

/** Names and numbers as they are, other texts in quotes. */
function shownText(text: string): string {
  return /^[\w.:{}-]{1,60}$/.test(text) ? text : nameOf(text);
}

function joined(parts: readonly string[]): string {
  const [last = '', ...before] = parts.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(', ')} and ${last}`;
}
