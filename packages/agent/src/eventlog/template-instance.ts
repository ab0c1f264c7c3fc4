/**
 * A template with the values of one event, where they lie in the chunk. Nothing is decoded
 * until asked for; offsets are those of the chunk's bytes.
 *
 * Most events are decoded to be dropped, so instances are used again: see `InstancePool`.
 */
import type { Template } from './binxml-template.ts';
import { readU16 } from './bytes.ts';
import { VALUE_TYPE } from './value-type.ts';

/** Bytes of one value descriptor: size u16, type u8, unused u8. */
export const DESCRIPTOR_SIZE = 4;
const NO_BYTES = Buffer.alloc(0);
const NO_TEMPLATE: Template = {
  guid: null,
  roots: [],
  shape: {
    depth: 0,
    literalSize: 0,
    slotUses: 1,
    repeatSize: 0,
    repeatDepth: 0,
    repeatsOther: false,
  },
};

export class TemplateInstance {
  template: Template = NO_TEMPLATE;
  /** The chunk that holds the values. */
  bytes: Buffer = NO_BYTES;
  /** Number of values; slots of the template beyond it count as NULL. */
  valueCount = 0;
  /** Upper bound for the characters of the instance written as XML. */
  sizeBound = 0;
  /** Elements open at once, fragments included, at most. */
  depth = 0;
  #descriptors = 0;
  /** Nearly every event has one fragment; more are rare. */
  #fragmentSlot = -1;
  #fragment: TemplateInstance | undefined;
  #moreFragments: Map<number, TemplateInstance> | undefined;
  #offsets = new Uint16Array(0);
  #offsetCount = 0;

  /** Begins a new event; the values are described from `descriptors` on. */
  reset(template: Template, bytes: Buffer, descriptors: number, valueCount: number): void {
    this.template = template;
    this.bytes = bytes;
    this.valueCount = valueCount;
    this.#descriptors = descriptors;
    this.#fragmentSlot = -1;
    this.#fragment = undefined;
    this.#moreFragments = undefined;
    this.#offsetCount = 0;
  }

  addFragment(slot: number, fragment: TemplateInstance): void {
    if (this.#fragmentSlot < 0) {
      this.#fragmentSlot = slot;
      this.#fragment = fragment;
    } else {
      this.#moreFragments ??= new Map();
      this.#moreFragments.set(slot, fragment);
    }
  }

  /** Type of a slot's value, see `value-type.ts`; NULL beyond the values there are. */
  type(slot: number): number {
    if (slot >= this.valueCount) return VALUE_TYPE.null;
    return this.bytes[this.#descriptors + DESCRIPTOR_SIZE * slot + 2]!;
  }

  /** Bytes of a slot's value. */
  size(slot: number): number {
    if (slot >= this.valueCount) return 0;
    return readU16(this.bytes, this.#descriptors + DESCRIPTOR_SIZE * slot);
  }

  /** Where a slot's value begins in `bytes`. */
  offset(slot: number): number {
    if (slot >= this.valueCount) return 0;
    if (slot >= this.#offsetCount) this.#findOffsets(slot);
    return this.#offsets[slot]!;
  }

  /** The decoded fragment in a slot of type `VALUE_TYPE.fragment`; none where it is empty. */
  fragment(slot: number): TemplateInstance | undefined {
    return slot === this.#fragmentSlot ? this.#fragment : this.#moreFragments?.get(slot);
  }

  /** From the last known offset to the one that is asked for. */
  #findOffsets(slot: number): void {
    if (this.#offsets.length < this.valueCount) {
      this.#offsets = new Uint16Array(this.valueCount);
      this.#offsetCount = 0;
    }
    const offsets = this.#offsets;
    let known = this.#offsetCount;
    if (known === 0) {
      offsets[0] = this.#descriptors + DESCRIPTOR_SIZE * this.valueCount;
      known = 1;
    }
    for (; known <= slot; known++) offsets[known] = offsets[known - 1]! + this.size(known - 1);
    this.#offsetCount = known;
  }
}

/**
 * Instances for one event after the other. `recycle` takes those of the last event back; without
 * it they belong to whoever keeps the event.
 */
export class InstancePool {
  #instances: TemplateInstance[] = [];
  #used = 0;

  take(): TemplateInstance {
    const known = this.#instances[this.#used];
    this.#used++;
    if (known !== undefined) return known;
    const made = new TemplateInstance();
    this.#instances.push(made);
    return made;
  }

  /** The last event is not needed any more: its instances are given out again. */
  recycle(): void {
    this.#used = 0;
  }

  /** The last event is kept, and its instances with it. */
  release(): void {
    if (this.#used > 0) this.#instances = this.#instances.slice(this.#used);
    this.#used = 0;
  }
}
