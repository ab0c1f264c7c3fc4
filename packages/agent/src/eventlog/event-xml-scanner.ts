/**
 * Finds the `Event` elements in a text without parsing it, so that one malformed event costs
 * only itself. Accepts them bare or inside `Events`, one per line or indented, after any prolog.
 * Takes time linear in the text, whatever stands in it.
 *
 * A document type declaration is passed over, whatever entities it declares: nothing of it ever
 * reaches the parser.
 */

export interface Found {
  /** `unclosed` begins an event; `stray` is text outside of events. */
  readonly kind: 'event' | 'unclosed' | 'stray';
  readonly start: number;
  readonly end: number;
}

export interface Scan {
  readonly found: readonly Found[];
  /** Everything before this index is dealt with; hand in the rest again with more text. */
  readonly consumed: number;
}

const EVENT_NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';
/** Text that must follow the start of a tag before `NEW_EVENT` can be answered. */
const LOOKAHEAD = EVENT_NAMESPACE.length + 32;
/** `Event` elements inside an event; some provider may have a payload of that name. */
const NESTING_MAX = 16;
/** A file has one document type; more are tried only to survive odd concatenations. */
const DOCTYPES_MAX = 16;

const BLANKS_AND_WRAPPERS = /(?:\s+|<\/?Events(?=[\s/>])[^<>]*>)+/y;
const DOCTYPE =
  /<!DOCTYPE(?:"[^"]*"|'[^']*'|[^["'>])*(?:\[(?:<!--[\s\S]*?-->|"[^"]*"|'[^']*'|(?!<!--)[^\]"'])*\]\s*)?>/y;
const EVENT_START = /<Event(?=[\s/>])/g;
/** Inside an event: what must not be searched, and what opens or closes an event. */
const LANDMARK = /<!--|<!\[CDATA\[|<\?|<Event(?=[\s/>])|<\/Events?\s*>/g;
const TAG_END = /[^"'<>]*(?:"[^"<]*"[^"'<>]*|'[^'<]*'[^"'<>]*)*>/y;
const NEW_EVENT = new RegExp(`<Event\\s+xmlns\\s*=\\s*["']${EVENT_NAMESPACE}["']`, 'y');
const CLOSERS: Readonly<Record<string, string>> = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>' };

/** `isEnd` tells that no more text will come. */
export function scanEvents(text: string, isEnd: boolean): Scan {
  const scanner = new Scanner(text);
  const found: Found[] = [];
  let at = 0;
  for (;;) {
    const prolog = scanner.skipProlog(at);
    at = prolog.end;
    if (at >= text.length) return { found, consumed: text.length };
    const start = scanner.nextEvent(at);
    if (!isEnd && (start === null || prolog.isOpen)) return { found, consumed: at };
    if (start === at) {
      const event = scanner.event(start);
      if (event === null && !isEnd) return { found, consumed: start };
      found.push(event ?? unclosed(start, scanner.nextEvent(start + 1) ?? text.length));
    } else {
      found.push({ kind: 'stray', start: at, end: start ?? text.length });
    }
    at = found.at(-1)!.end;
  }
}

/** One scan of one text. Remembers what does not occur any more, so as not to look again. */
class Scanner {
  readonly #text: string;
  readonly #missing = new Set<string>();
  #doctypes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  nextEvent(from: number): number | null {
    EVENT_START.lastIndex = from;
    return EVENT_START.exec(this.#text)?.index ?? null;
  }

  /** Where blanks, declarations, comments and wrapping tags end; whether one of them is cut. */
  skipProlog(from: number): { readonly end: number; readonly isOpen: boolean } {
    const text = this.#text;
    let at = from;
    for (;;) {
      at = endOf(BLANKS_AND_WRAPPERS, text, at) ?? at;
      const opener = ['<?', '<!--', '<!DOCTYPE'].find((start) => text.startsWith(start, at));
      if (opener === undefined) return { end: at, isOpen: false };
      const end = opener === '<!DOCTYPE' ? this.#endOfDoctype(at) : this.#endOfAside(opener, at);
      if (end === null) return { end: at, isOpen: true };
      at = end;
    }
  }

  /** The event that starts at an index, or as much as is broken of it; `null` while it is open. */
  event(start: number): Found | null {
    const text = this.#text;
    let depth = 0;
    let at = start;
    for (;;) {
      LANDMARK.lastIndex = at;
      const landmark = LANDMARK.exec(text);
      if (landmark === null) return null;
      const [tag] = landmark;
      const { index } = landmark;
      if (tag === '<Event') {
        if (depth > 0 && this.#isNewEvent(index)) return unclosed(start, index);
        if (depth > 0 && index + LOOKAHEAD > text.length) return null;
        const end = endOf(TAG_END, text, index + tag.length);
        if (end === null) return null;
        if (text[end - 2] !== '/') depth++;
        if (depth > NESTING_MAX) return unclosed(start, index);
        at = end;
      } else if (tag.startsWith('</')) {
        if (tag.startsWith('</Events')) return unclosed(start, index);
        depth--;
        at = index + tag.length;
      } else {
        const end = this.#endOfAside(tag, index);
        if (end === null) return null;
        at = end;
      }
      if (depth === 0) return { kind: 'event', start, end: at };
    }
  }

  #isNewEvent(index: number): boolean {
    return endOf(NEW_EVENT, this.#text, index) !== null;
  }

  /** Where a comment, CDATA section or processing instruction ends. */
  #endOfAside(opener: string, at: number): number | null {
    const closer = CLOSERS[opener] ?? '>';
    if (this.#missing.has(closer)) return null;
    const closed = this.#text.indexOf(closer, at + opener.length);
    if (closed >= 0) return closed + closer.length;
    this.#missing.add(closer);
    return null;
  }

  #endOfDoctype(at: number): number | null {
    this.#doctypes++;
    return this.#doctypes > DOCTYPES_MAX ? null : endOf(DOCTYPE, this.#text, at);
  }
}

function unclosed(start: number, end: number): Found {
  return { kind: 'unclosed', start, end };
}

/** Where a match that begins at an index ends; `null` where there is none. */
function endOf(sticky: RegExp, text: string, at: number): number | null {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : null;
}
