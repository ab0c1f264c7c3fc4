/**
 * Which of many queries an event can still match, given what nearly all of them ask for first:
 * its EventID and its channel. For each pair that occurs, the queries are resolved once with both
 * known, and those that cannot match are left out; an event then costs a look-up, and tests only
 * where some are left.
 */
import type { EventValue, QueryCondition } from '@dcr-agent/schema/event-queries';
import type { Template } from '../binxml-template.ts';
import type { TemplateInstance } from '../template-instance.ts';
import { scalarValue } from '../value.ts';
import { VALUE_TYPE } from '../value-type.ts';
import { SlotValues } from './slot-values.ts';
import { systemSlots } from './system-slots.ts';
import { compileTemplateQuery, type KnownValues } from './template-query.ts';
import { type InstanceTest, never } from './verdict.ts';

/** A query that is not out of the question. */
export interface Candidate {
  /** Its place among the queries. */
  readonly index: number;
  readonly test: InstanceTest;
}

/** With fewer candidates than these, asking for the channel costs more than it saves. */
const ASK_CHANNEL_FROM = 4;
/** EventIDs that are told apart; a crafted log holds more, which are asked everything. */
const EVENT_IDS_MAX = 4096;

/** The queries, of the events of one template. */
export class TemplateDispatch {
  readonly #queries: Queries;
  readonly #eventIdSlot: number;
  readonly #all: Variant;
  readonly #byEventId = new Map<number, Variant>();

  constructor(conditions: readonly QueryCondition[], template: Template) {
    const { eventId, channel } = systemSlots(template);
    this.#queries = { conditions, template, channelSlot: channel };
    this.#eventIdSlot = eventId;
    this.#all = new Variant(this.#queries, new Map());
  }

  candidates(instance: TemplateInstance): readonly Candidate[] {
    return this.#variant(instance).candidates(instance);
  }

  #variant(instance: TemplateInstance): Variant {
    const slot = this.#eventIdSlot;
    if (slot < 0 || instance.type(slot) !== VALUE_TYPE.uint16 || instance.size(slot) !== 2) {
      return this.#all;
    }
    const { bytes } = instance;
    const at = instance.offset(slot);
    const id = bytes[at]! | (bytes[at + 1]! << 8);
    return this.#byEventId.get(id) ?? this.#addEventId(id, slot);
  }

  #addEventId(id: number, slot: number): Variant {
    if (this.#byEventId.size === EVENT_IDS_MAX) return this.#all;
    const variant = new Variant(
      this.#queries,
      new Map([[slot, { type: 'uint', text: String(id) }]]),
    );
    this.#byEventId.set(id, variant);
    return variant;
  }
}

interface Queries {
  readonly conditions: readonly QueryCondition[];
  readonly template: Template;
  /** -1 where the channel is no slot. */
  readonly channelSlot: number;
}

/** The queries, of events of which some values are known. */
class Variant {
  readonly #queries: Queries;
  readonly #known: KnownValues;
  readonly #candidates: readonly Candidate[];
  readonly #asksChannel: boolean;
  readonly #byChannel = new SlotValues<readonly Candidate[]>();

  constructor(queries: Queries, known: KnownValues) {
    this.#queries = queries;
    this.#known = known;
    this.#candidates = resolve(queries, known);
    this.#asksChannel = queries.channelSlot >= 0 && this.#candidates.length >= ASK_CHANNEL_FROM;
  }

  candidates(instance: TemplateInstance): readonly Candidate[] {
    if (!this.#asksChannel) return this.#candidates;
    const slot = this.#queries.channelSlot;
    if (instance.type(slot) !== VALUE_TYPE.string) return this.#candidates;
    const { bytes } = instance;
    const at = instance.offset(slot);
    const size = instance.size(slot);
    return (
      this.#byChannel.get(bytes, at, size) ?? this.#addChannel(bytes, at, size) ?? this.#candidates
    );
  }

  #addChannel(bytes: Buffer, at: number, size: number): readonly Candidate[] | undefined {
    const channel: EventValue = scalarValue(bytes, VALUE_TYPE.string, at, size);
    const known = new Map([...this.#known, [this.#queries.channelSlot, channel] as const]);
    return this.#byChannel.add(bytes, at, size, () => resolve(this.#queries, known));
  }
}

function resolve({ conditions, template }: Queries, known: KnownValues): Candidate[] {
  return conditions.flatMap((condition, index) => {
    const test = compileTemplateQuery(condition, template, known);
    return test === never ? [] : [{ index, test }];
  });
}
