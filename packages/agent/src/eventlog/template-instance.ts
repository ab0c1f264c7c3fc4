/**
 * A template with the values of one event, where they lie in the chunk. Nothing is decoded
 * until asked for; offsets are those of the chunk's bytes.
 */
import type { Template } from './binxml-template.ts';
import { readU16 } from './bytes.ts';
import { VALUE_TYPE } from './value-type.ts';

/** Bytes of one value descriptor: size u16, type u8, unused u8. */
export const DESCRIPTOR_SIZE = 4;

export class TemplateInstance {
  readonly template: Template;
  /** The chunk that holds the values. */
  readonly bytes: Buffer;
  /** Number of values; slots of the template beyond it count as NULL. */
  readonly valueCount: number;
  /** Upper bound for the characters of the instance written as XML. */
  readonly sizeBound: number;
  /** Elements open at once, fragments included, at most. */
  readonly depth: number;
  readonly #descriptors: number;
  readonly #fragments: readonly TemplateInstance[];
  readonly #fragmentSlots: readonly number[];
  #offsets: Uint16Array | undefined;

  constructor(
    template: Template,
    values: {
      readonly bytes: Buffer;
      readonly descriptors: number;
      readonly count: number;
      readonly fragments: readonly TemplateInstance[];
      readonly fragmentSlots: readonly number[];
    },
    limits: { readonly sizeBound: number; readonly depth: number },
  ) {
    this.template = template;
    this.bytes = values.bytes;
    this.valueCount = values.count;
    this.sizeBound = limits.sizeBound;
    this.depth = limits.depth;
    this.#descriptors = values.descriptors;
    this.#fragments = values.fragments;
    this.#fragmentSlots = values.fragmentSlots;
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
    this.#offsets ??= this.#findOffsets();
    return this.#offsets[slot]!;
  }

  /** The decoded fragment in a slot of type `VALUE_TYPE.fragment`; none where it is empty. */
  fragment(slot: number): TemplateInstance | undefined {
    return this.#fragments[this.#fragmentSlots.indexOf(slot)];
  }

  #findOffsets(): Uint16Array {
    const offsets = new Uint16Array(this.valueCount);
    let offset = this.#descriptors + DESCRIPTOR_SIZE * this.valueCount;
    for (let slot = 0; slot < this.valueCount; slot++) {
      offsets[slot] = offset;
      offset += this.size(slot);
    }
    return offsets;
  }
}
