/** The lexical side of XML markup that is ASCII, for readers that keep places, not parts. */

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BLANK = 0x20;
const COLON = 0x3a;

/** What may stand in a name: 1 at its beginning and inside, 2 inside only. */
const NAME_UNITS = new Uint8Array(128);
for (let unit = 0; unit < 128; unit++) {
  if (/[A-Za-z_]/.test(String.fromCharCode(unit))) NAME_UNITS[unit] = 1;
  else if (/[0-9.-]/.test(String.fromCharCode(unit))) NAME_UNITS[unit] = 2;
}

const REFERENCE = /&(?:#x[0-9a-fA-F]{1,8}|#[0-9]{1,8}|amp|lt|gt|quot|apos);/y;

/**
 * Reads names. What it found is in its fields: one name is read at a time, millions of times.
 */
export class NameReader {
  /** Behind the name. */
  end = 0;
  /** Where it begins behind its prefix. */
  localStart = 0;

  /** False where no name stands that is plain. */
  read(text: string, start: number): boolean {
    let localStart = start;
    let at = start;
    for (; ; at++) {
      const unit = text.charCodeAt(at);
      if (unit === COLON) {
        if (localStart !== start || at === start) return false;
        localStart = at + 1;
        continue;
      }
      if (unit > 127) return false;
      const kind = NAME_UNITS[unit] ?? 0;
      if (kind === 0 || (kind === 2 && at === localStart)) break;
    }
    this.end = at;
    this.localStart = localStart;
    return at > localStart;
  }
}

export function skipBlanks(text: string, start: number): number {
  let at = start;
  for (; ; at++) {
    const unit = text.charCodeAt(at);
    const isBlank =
      unit === BLANK || unit === TAB || unit === LINE_FEED || unit === CARRIAGE_RETURN;
    if (!isBlank) return at;
  }
}

/** Whether the same characters stand at two places. */
export function isSamePart(text: string, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    if (text.charCodeAt(a + i) !== text.charCodeAt(b + i)) return false;
  }
  return true;
}

/** Whether every `&` of a part begins a reference that XML itself defines. */
export function areReferencesKnown(text: string, start: number, end: number): boolean {
  for (let at = text.indexOf('&', start); at >= 0 && at < end; at = text.indexOf('&', at + 1)) {
    REFERENCE.lastIndex = at;
    if (!REFERENCE.test(text)) return false;
  }
  return true;
}
