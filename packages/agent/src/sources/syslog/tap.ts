/**
 * Where somebody may look at the messages that pass, for as long as they want to. Unless somebody
 * does, a batch costs the one question whether they do. It outlives the source, which may be
 * opened again meanwhile.
 */
import type { Records, SyslogMessages, SyslogRecord } from '../../record.ts';
import type { WallToEpochMs } from '../../time/local-time.ts';
import { repairedText } from '../repaired-text.ts';
import { type RefusalOf, SyslogMessage } from './message/message.ts';
import { formatOf, type MessageFormat } from './message/message-format.ts';

/** Each record is good for the call only. */
export type LookAtMessage = (record: SyslogRecord, format: MessageFormat) => void;

const HEAD_BYTES = 128;

export class SyslogTap {
  #look: LookAtMessage | undefined;

  get isOpen(): boolean {
    return this.#look !== undefined;
  }

  /** Shows every message to `look` until the answer is called. Only one may look at a time. */
  open(look: LookAtMessage): () => void {
    if (this.#look !== undefined) throw new Error('somebody looks at syslog already; ask again');
    this.#look = look;
    return () => {
      if (this.#look === look) this.#look = undefined;
    };
  }

  /**
   * What a batch is shown with. The messages are taken apart in copies, since that may move
   * their bytes, and each has to be taken apart once more when its rows are written.
   */
  viewer(toEpochMs: WallToEpochMs, refusalOf: RefusalOf): (records: Records<SyslogRecord>) => void {
    const message = new SyslogMessage(toEpochMs, refusalOf);
    return (records) => {
      const look = this.#look;
      if (look !== undefined) showCopies(records as SyslogMessages, message, look);
    };
  }
}

function showCopies({ groups }: SyslogMessages, message: SyslogMessage, look: LookAtMessage): void {
  for (const { bytes, places, arrival } of groups) {
    for (let i = 0; i < places.length; i += 2) {
      const [start, end] = [places[i]!, places[i + 1]!];
      const copy = repairedText(bytes, start, end) ?? Buffer.from(bytes.subarray(start, end));
      const head = copy.toString('latin1', 0, HEAD_BYTES);
      message.become(copy, 0, copy.length, arrival);
      look(message, formatOf(message, head));
    }
  }
}
