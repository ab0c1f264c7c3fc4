/** How a query is asked of the events of one kind: what is decided at once, what is looked at. */
import type { EventValue, QueryCondition, SingleCondition } from '@dcr-agent/schema/event-queries';
import { systemSlots } from '../../../eventlog/query/system-slots.ts';
import { compileTemplateQuery } from '../../../eventlog/query/template-query.ts';
import { always, never } from '../../../eventlog/query/verdict.ts';
import type { AskedCondition } from '../../../nearest-miss/asked-condition.ts';
import type { EventKind, StoredShape } from '../../../nearest-miss/event-kinds.ts';
import { type AskedValues, askedValues, knownTemplates } from './asked-values.ts';

/** Told of one query before the rest is summed up. */
const LINES_MAX = 20;

/** What EventID, channel and elements leave of a query, as the dispatch finds it. */
export type Outcome = 'selected' | 'ruled out' | 'asked' | 'asked of the tree' | 'asked of XML';

export function outcomeFor(condition: QueryCondition, { stored, ...kind }: EventKind): Outcome {
  if (stored === null) return 'asked of XML';
  if (stored.template.guid === null) return 'asked of the tree';
  const { eventId, channel } = systemSlots(stored.template);
  const known = new Map<number, EventValue>();
  if (eventId >= 0) known.set(eventId, { type: 'uint', text: kind.eventId });
  if (channel >= 0) known.set(channel, { type: 'string', text: kind.channel });
  const templates = knownTemplates(stored);
  const test = compileTemplateQuery(condition, stored.template, { values: known, templates });
  return test === never ? 'ruled out' : test === always ? 'selected' : 'asked';
}

/** One line for all that is asked of the same values, in the order in which it is tested. */
export function askedLines(query: AskedCondition, stored: StoredShape): string[] {
  const asked = singlesOf(query).map((single) => askedValues(single, stored));
  const ordered = TURNS.flatMap((turn) => asked.filter((each) => each.turn === turn));
  const texts = [...new Set(ordered.map(({ text }) => text))];
  const more = texts.length - LINES_MAX;
  return [
    ...texts.slice(0, LINES_MAX).map((text, i) => `${i + 1}. ${text}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

const TURNS: readonly AskedValues['turn'][] = ['first', 'in order', 'last'];

function singlesOf({ single, members }: AskedCondition): SingleCondition[] {
  return [...(single === null ? [] : [single]), ...members.flatMap(singlesOf)];
}
