/**
 * A text that must not be seen. It refuses to be printed: whatever logs or serialises it shows
 * `***`, and inspection cannot see a private field.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The only way out of the value. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }
}
