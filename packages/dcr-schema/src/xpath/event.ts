/**
 * An event as queries see it: the element tree of the event schema, with the type each value
 * had where it was stored. Any reader (binary log, event XML, live subscription) can provide it.
 */

/**
 * The stored type of a value. Event XML text and forwarded events only know `string`.
 * `hex` is the HexInt32/HexInt64 family, `uint` and `int` cover 8 to 64 bits.
 */
export type EventValueType =
  | 'string'
  | 'int'
  | 'uint'
  | 'float'
  | 'boolean'
  | 'binary'
  | 'guid'
  | 'hex'
  | 'time'
  | 'sid';

export interface EventValue {
  readonly type: EventValueType;
  /** The text Windows prints for it; exact, 64-bit numbers included. */
  readonly text: string;
}

export interface EventAttribute {
  readonly name: string;
  readonly value: EventValue;
}

export interface EventElement {
  /** Local name, as written. */
  readonly name: string;
  /** Attributes that exist; one whose value is NULL or empty is left out, as Windows does. */
  readonly attributes: readonly EventAttribute[];
  readonly children: readonly EventElement[];
  /** Value of a leaf; `null` for an element with child elements and for an empty one. */
  readonly value: EventValue | null;
}
