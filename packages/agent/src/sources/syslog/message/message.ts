/**
 * One syslog message: its priority, then RFC 5424 where the text is that, RFC 3164 otherwise.
 * Total: all bytes are a message, and what is not understood stays in its text.
 *
 * One object is each message in turn. Rules often drop a message by its priority alone, so the
 * rest is taken apart when it is asked for.
 */
import type { SyslogRecord } from '../../../record.ts';
import type { WallToEpochMs } from '../../../time/local-time.ts';
import { isDigit, Scanner, ZERO } from '../../../time/scanner.ts';
import { type Defect, priorityDefect, timeDefect } from './defect.ts';
import { type MessageParts, noParts } from './message-parts.ts';
import { readRfc3164 } from './rfc3164.ts';
import { readRfc5424 } from './rfc5424.ts';

export interface Arrival {
  readonly receivedAtMs: number;
  /** Empty for local sockets. */
  readonly senderAddress: string;
}

/** Why a message is not to be collected; `undefined` for one that is. */
export type RefusalOf = (message: SyslogRecord) => string | undefined;

const PRIORITY_MAX = 191;
const PRIORITY_DIGITS_MAX = 3;
/** The last moment that a row's times can tell; an offset may lead beyond. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;

export class SyslogMessage implements SyslogRecord {
  facility = -1;
  severity = -1;
  receivedAtMs = 0;
  senderAddress = '';

  readonly #toEpochMs: WallToEpochMs;
  readonly #refusalOf: RefusalOf | undefined;
  readonly #scan = new Scanner();
  readonly #parts: MessageParts = noParts();
  #isTakenApart = false;
  #defect: Defect | undefined;

  /** Times without zone are read with `toEpochMs`. */
  constructor(toEpochMs: WallToEpochMs, refusalOf?: RefusalOf) {
    this.#toEpochMs = toEpochMs;
    this.#refusalOf = refusalOf;
  }

  /**
   * Becomes the message in `bytes[start..end)`, which has no framing any more and is valid UTF-8.
   * Its bytes may be moved about.
   */
  become(bytes: Buffer, start: number, end: number, arrival: Arrival): void {
    this.#scan.reset(bytes, start, end);
    this.#isTakenApart = false;
    this.#defect = undefined;
    this.receivedAtMs = arrival.receivedAtMs;
    this.senderAddress = arrival.senderAddress;
    const priority = readPriority(this.#scan);
    this.facility = priority < 0 ? -1 : priority >> 3;
    this.severity = priority < 0 ? -1 : priority & 7;
    if (priority < 0) this.#defect = priorityDefect(this.#scan);
  }

  get bytes(): Buffer {
    return this.#scan.bytes;
  }

  get parts(): MessageParts {
    if (!this.#isTakenApart) this.#takeApart();
    return this.#parts;
  }

  get refusal(): string | undefined {
    return this.#refusalOf?.(this);
  }

  /** What its header lacks; beyond its priority, as far as it has been looked at. */
  get defect(): Defect | undefined {
    return this.#defect;
  }

  #takeApart(): void {
    this.#isTakenApart = true;
    const scan = this.#scan;
    const parts = this.#parts;
    const start = scan.at;
    const hasPriority = this.facility >= 0;
    const isRfc5424 = readRfc5424(scan, parts, this.#toEpochMs, hasPriority);
    if (isRfc5424) {
      if (scan.at === scan.end) this.#defect ??= 'RFC 5424 header incomplete';
    } else readRfc3164(scan, parts, this.#toEpochMs, this.receivedAtMs);
    if (parts.eventTimeMs > LATEST_MS) parts.eventTimeMs = LATEST_MS;
    if (isRfc5424) return;
    // Without priority and time there is no header, and a word before a colon proves nothing.
    if (!Number.isNaN(parts.eventTimeMs)) return;
    this.#defect ??= timeDefect(scan, start);
    if (hasPriority) return;
    parts.hostEnd = parts.hostStart;
    parts.identEnd = parts.identStart;
    parts.processIdEnd = parts.processIdStart;
    parts.messageStart = start;
  }
}

/** 0–191 from `<191>`, or -1 where there is none; RFC 5424 §6.2.1. */
function readPriority(scan: Scanner): number {
  if (scan.code !== LESS_THAN) return -1;
  let priority = 0;
  let at = scan.at + 1;
  for (; isDigit(scan.codeAt(at)); at++) {
    if (at - scan.at > PRIORITY_DIGITS_MAX) return -1;
    priority = priority * 10 + scan.codeAt(at) - ZERO;
  }
  if (scan.codeAt(at) !== GREATER_THAN || at === scan.at + 1 || priority > PRIORITY_MAX) return -1;
  scan.at = at + 1;
  return priority;
}
