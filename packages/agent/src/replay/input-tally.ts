/** What was found in one input, beside what became of it. */
import type { Asked } from './asked-parts.ts';
import type { ReplayInput } from './replay-input.ts';

export class InputTally {
  readonly input: ReplayInput;
  records = 0;
  bytes = 0;
  /** Events by channel, messages of syslog by facility and level. */
  readonly parts: Map<string, { count: number; asked: Asked }> = new Map();
  /** What could not be read, in lines for a person. */
  readonly problems: string[] = [];
  /** A file of it could not be read at all. */
  isUnreadable = false;

  constructor(input: ReplayInput) {
    this.input = input;
  }

  addPart(name: string, asked: Asked, count = 1): void {
    const part = this.parts.get(name);
    if (part === undefined) this.parts.set(name, { count, asked });
    else part.count += count;
  }
}
