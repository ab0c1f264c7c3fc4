/**
 * Which of many queries an event can still match, given what nearly all of them ask for first: its
 * EventID and its channel, and which elements it has. For each kind that occurs, the queries are
 * resolved once with all of it known, and those that cannot match are left out; an event then
 * costs a look-up, and tests only where some are left.
 */
import type { EventValue, QueryCondition } from '@dcr-agent/schema/event-queries';
import type { Template } from '../binxml-template.ts';
import type { TemplateInstance } from '../template-instance.ts';
import { scalarValue } from '../value.ts';
import { VALUE_TYPE } from '../value-type.ts';
import { SlotValues } from './slot-values.ts';
import { elementsSlot, systemSlots } from './system-slots.ts';
import { compileTemplateQuery, type KnownContent, type KnownValues } from './template-query.ts';
import { type InstanceTest, never } from './verdict.ts';

/** A query that is not out of the question. */
export interface Candidate {
  /** Its place among the queries. */
  readonly index: number;
  readonly test: InstanceTest;
}

/** With fewer candidates than these, asking for the channel costs more than it saves. */
const ASK_CHANNEL_FROM = 4;
/** Kinds that are told apart; a crafted log holds more, which are asked everything. */
const KINDS_MAX = 4096;

/** The queries, of the events of one template. */
export class TemplateDispatch {
  readonly #queries: Queries;
  readonly #eventIdSlot: number;
  readonly #elementsSlot: number;
  /** Events of which it is not known what stands beside `System`. */
  readonly #anyElements: Kinds;
  /** By the template of what stands there. */
  readonly #byElements = new WeakMap<Template, Kinds>();
  #lastElements: Template | undefined;
  #lastKinds: Kinds | undefined;
  #count = 0;

  constructor(conditions: readonly QueryCondition[], template: Template) {
    const { eventId, channel } = systemSlots(template);
    this.#queries = { conditions, template, channelSlot: channel };
    this.#eventIdSlot = eventId;
    this.#elementsSlot = elementsSlot(template);
    this.#anyElements = new Kinds(this.#queries, new Map());
  }

  candidates(instance: TemplateInstance): readonly Candidate[] {
    return this.#variant(this.#kinds(instance), instance).candidates(instance);
  }

  #kinds(instance: TemplateInstance): Kinds {
    const slot = this.#elementsSlot;
    if (slot < 0 || instance.type(slot) !== VALUE_TYPE.fragment) return this.#anyElements;
    const template = instance.fragment(slot)?.template;
    // Without a definition a template is used once.
    if (template === undefined || template.guid === null) return this.#anyElements;
    if (template !== this.#lastElements || this.#lastKinds === undefined) {
      this.#lastElements = template;
      this.#lastKinds = this.#byElements.get(template) ?? this.#addElements(template);
    }
    return this.#lastKinds;
  }

  #addElements(template: Template): Kinds {
    if (this.#count === KINDS_MAX) return this.#anyElements;
    this.#count++;
    const kinds = new Kinds(this.#queries, new Map([[this.#elementsSlot, template]]));
    this.#byElements.set(template, kinds);
    return kinds;
  }

  #variant(kinds: Kinds, instance: TemplateInstance): Variant {
    const slot = this.#eventIdSlot;
    if (slot < 0 || instance.type(slot) !== VALUE_TYPE.uint16 || instance.size(slot) !== 2) {
      return kinds.anyId();
    }
    const { bytes } = instance;
    const at = instance.offset(slot);
    const id = bytes[at]! | (bytes[at + 1]! << 8);
    return kinds.withId(id) ?? this.#addEventId(kinds, id, slot);
  }

  #addEventId(kinds: Kinds, id: number, slot: number): Variant {
    if (this.#count === KINDS_MAX) return kinds.anyId();
    this.#count++;
    return kinds.addId(id, slot);
  }
}

/** The queries, of events that have the same elements beside `System`. */
class Kinds {
  readonly #queries: Queries;
  readonly #templates: ReadonlyMap<number, Template>;
  readonly #byEventId = new Map<number, Variant>();
  #anyId: Variant | undefined;

  constructor(queries: Queries, templates: ReadonlyMap<number, Template>) {
    this.#queries = queries;
    this.#templates = templates;
  }

  anyId(): Variant {
    this.#anyId ??= this.#variant(new Map());
    return this.#anyId;
  }

  withId(id: number): Variant | undefined {
    return this.#byEventId.get(id);
  }

  addId(id: number, slot: number): Variant {
    const variant = this.#variant(new Map([[slot, { type: 'uint', text: String(id) }]]));
    this.#byEventId.set(id, variant);
    return variant;
  }

  #variant(values: KnownValues): Variant {
    return new Variant(this.#queries, { values, templates: this.#templates });
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
  readonly #known: Required<KnownContent>;
  readonly #candidates: readonly Candidate[];
  readonly #asksChannel: boolean;
  readonly #byChannel = new SlotValues<readonly Candidate[]>();

  constructor(queries: Queries, known: Required<KnownContent>) {
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
    const { templates } = this.#known;
    const values = new Map([...this.#known.values, [this.#queries.channelSlot, channel] as const]);
    return this.#byChannel.add(bytes, at, size, () =>
      resolve(this.#queries, { values, templates }),
    );
  }
}

function resolve({ conditions, template }: Queries, known: KnownContent): Candidate[] {
  return conditions.flatMap((condition, index) => {
    const test = compileTemplateQuery(condition, template, known);
    return test === never ? [] : [{ index, test }];
  });
}
