/**
 * Takes the byte stream of one connection apart into messages, RFC 6587 §3.4. Both ways of
 * framing may alternate on one connection; each frame is told by how it begins:
 *
 *     <34>Oct 11 …\n           ends at a line feed or NUL, a carriage return before it dropped
 *     83 <34>1 2003-10-11…     a count of bytes, a space, as many bytes, which may hold any
 *
 * A count that no `<` follows may also be the first word of a line: it is read like the frame
 * before it, and as a count when there was none.
 *
 * The same bytes give the same messages however they are cut into chunks. At most
 * `frameBytesMax` bytes are held; of a longer frame the beginning is kept, the rest discarded.
 *
 * A message is handed over where it lies: in the chunk, or in memory of its own when it came in
 * several. So a chunk must not change while its messages are in use.
 */
import { isDigit, SPACE, ZERO } from '../../time/scanner.ts';
import { isTerminator, LINE_FEED, messageEnd, NUL, wholeCharacters } from './text.ts';

/** Takes the message in `bytes[start..end)`. */
export type TakeFrame = (bytes: Buffer, start: number, end: number) => void;

/** Up to 9,999,999: more than any message has is not a count (compare CVE-2022-24903). */
const COUNT_DIGITS_MAX = 7;
const LESS_THAN = 0x3c;
const HELD_BYTES_MIN = 256;
const NOTHING = Buffer.alloc(0);

type State =
  /** Between frames. */
  | 'start'
  /** Digits read, which may be a count. */
  | 'count'
  /** Count and space read; the next byte decides. */
  | 'counted'
  | 'line'
  | 'octets'
  /** The rest of a frame that was too long. */
  | 'skip line'
  | 'skip octets';

export class FrameReader {
  /** Frames whose end was discarded. */
  truncatedCount = 0;
  /** Frames of which something had to be held, so far. */
  heldFrames = 0;

  readonly #frameBytesMax: number;
  readonly #take: TakeFrame;
  #state: State = 'start';
  /** Bytes of the unfinished frame are `#held[0..#heldBytes)`. */
  #held: Buffer = NOTHING;
  #heldBytes = 0;
  /** While counting, the number so far; then the bytes of the frame still to come. */
  #octets = 0;
  #wasLine = false;
  /** Where the next NUL of the current chunk is, at or after the place being read. */
  #nulAt = 0;

  /** `frameBytesMax` is at least 16. */
  constructor(frameBytesMax: number, take: TakeFrame) {
    this.#frameBytesMax = frameBytesMax;
    this.#take = take;
  }

  /** Memory of the unfinished frame. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /** Hands over the messages that end in this chunk. */
  push(chunk: Buffer): void {
    this.#nulAt = -1;
    let at = 0;
    while (at < chunk.length) at = this.#step(chunk, at);
  }

  /** Hands over what is left when the connection ends: a last frame that was never finished. */
  end(): void {
    if (this.#state === 'count' || this.#state === 'counted') this.#turnIntoLine();
    this.#takeHeld(this.#heldBytes);
    this.#state = 'start';
  }

  /** Hands over what is held of the unfinished frame; the rest of it is discarded as it comes. */
  cut(): void {
    if (this.#heldBytes === 0) return;
    this.truncatedCount += 1;
    this.#wasLine = this.#state === 'line';
    this.#state = this.#wasLine ? 'skip line' : 'skip octets';
    this.#takeHeld(wholeCharacters(this.#held, 0, this.#heldBytes));
  }

  /** Reads on from `at` in the present state; returns where it got to. */
  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'start':
        return this.#readStart(chunk, at);
      case 'count':
        return this.#readCount(chunk, at);
      case 'counted':
        return this.#decideCount(chunk, at);
      case 'line':
        return this.#readLine(chunk, at);
      case 'octets':
        return this.#readOctets(chunk, at);
      case 'skip line':
        return this.#skipLine(chunk, at);
      case 'skip octets':
        return this.#skipOctets(chunk, at);
    }
  }

  #readStart(chunk: Buffer, at: number): number {
    const byte = chunk[at]!;
    if (isTerminator(byte)) return at + 1;
    this.#octets = 0;
    this.#state = byte > ZERO && isDigit(byte) ? 'count' : 'line';
    return at;
  }

  #readCount(chunk: Buffer, at: number): number {
    let end = at;
    while (isDigit(chunk[end] ?? 0) && this.#octets < 10 ** (COUNT_DIGITS_MAX - 1)) {
      this.#octets = this.#octets * 10 + chunk[end]! - ZERO;
      end += 1;
    }
    if (end === chunk.length) return end;
    if (chunk[end] === SPACE) {
      this.#state = 'counted';
      return end + 1;
    }
    this.#turnIntoLine();
    return end;
  }

  #decideCount(chunk: Buffer, at: number): number {
    if (this.#wasLine && chunk[at] !== LESS_THAN) this.#turnIntoLine();
    else this.#state = 'octets';
    return at;
  }

  /** What was read as a count was the beginning of a line. */
  #turnIntoLine(): void {
    const text = `${this.#octets}${this.#state === 'counted' ? ' ' : ''}`;
    this.#hold(Buffer.from(text, 'latin1'), 0, text.length);
    this.#state = 'line';
  }

  #readLine(chunk: Buffer, at: number): number {
    const end = this.#lineEnd(chunk, at);
    const room = this.#frameBytesMax - this.#heldBytes;
    if (end - at > room) {
      this.#complete(chunk, at, at + room, true);
      this.#state = 'skip line';
    } else if (end === chunk.length) {
      this.#hold(chunk, at, end);
      return end;
    } else {
      this.#complete(chunk, at, end, false);
      this.#state = 'start';
    }
    this.#wasLine = true;
    return end;
  }

  #readOctets(chunk: Buffer, at: number): number {
    const room = this.#frameBytesMax - this.#heldBytes;
    const end = Math.min(chunk.length, at + Math.min(this.#octets, room));
    this.#octets -= end - at;
    const isTruncated = this.#octets > 0 && end - at === room;
    if (this.#octets > 0 && !isTruncated) {
      this.#hold(chunk, at, end);
      return end;
    }
    this.#complete(chunk, at, end, isTruncated);
    this.#state = isTruncated ? 'skip octets' : 'start';
    this.#wasLine = false;
    return end;
  }

  #skipLine(chunk: Buffer, at: number): number {
    const end = this.#lineEnd(chunk, at);
    if (end < chunk.length) this.#state = 'start';
    return end;
  }

  #skipOctets(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#octets);
    this.#octets -= end - at;
    if (this.#octets === 0) this.#state = 'start';
    return end;
  }

  /** Where the line's terminator is; the chunk's length when it is not in there. */
  #lineEnd(chunk: Buffer, at: number): number {
    if (this.#nulAt < at) this.#nulAt = indexOrLength(chunk, NUL, at);
    return Math.min(indexOrLength(chunk, LINE_FEED, at), this.#nulAt);
  }

  /** Ends a frame with `chunk[start..end)`; copies only when its beginning was held. */
  #complete(chunk: Buffer, start: number, end: number, isTruncated: boolean): void {
    if (isTruncated) this.truncatedCount += 1;
    if (this.#heldBytes === 0) {
      const whole = isTruncated ? wholeCharacters(chunk, start, end) : end;
      this.#takeFrame(chunk, start, whole);
      return;
    }
    this.#hold(chunk, start, end);
    const bytes = this.#heldBytes;
    this.#takeHeld(isTruncated ? wholeCharacters(this.#held, 0, bytes) : bytes);
  }

  /** Whoever takes the bytes has them for good. */
  #takeHeld(bytes: number): void {
    const held = this.#held;
    this.#held = NOTHING;
    this.#heldBytes = 0;
    this.#takeFrame(held, 0, bytes);
  }

  /** Terminators that close a message are not part of it, and an empty one is none. */
  #takeFrame(bytes: Buffer, start: number, end: number): void {
    const last = messageEnd(bytes, start, end);
    if (last > start) this.#take(bytes, start, last);
  }

  /** Copies: a chunk of 64 KiB must not live on for a few bytes of it. */
  #hold(chunk: Buffer, start: number, end: number): void {
    const bytes = this.#heldBytes + end - start;
    if (this.#heldBytes === 0) this.heldFrames += 1;
    if (bytes > this.#held.length) {
      const length = Math.max(bytes, this.#held.length * 2, HELD_BYTES_MIN);
      const grown = Buffer.allocUnsafeSlow(Math.min(length, Math.max(bytes, this.#frameBytesMax)));
      this.#held.copy(grown, 0, 0, this.#heldBytes);
      this.#held = grown;
    }
    chunk.copy(this.#held, this.#heldBytes, start, end);
    this.#heldBytes = bytes;
  }
}

function indexOrLength(chunk: Buffer, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from);
  return at < 0 ? chunk.length : at;
}
