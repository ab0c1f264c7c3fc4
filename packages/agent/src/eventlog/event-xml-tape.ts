/**
 * The text of one event as rows of places in it: what is needed to ask queries, without an object
 * for any part of the event. Takes plain markup only, which is what Windows writes: elements,
 * attributes, text and the references XML defines. All else (comments, CDATA sections, names
 * beyond ASCII, anything malformed) is left to the parser, so a text that is taken is well-formed
 * and has the tree the parser gives it.
 */
import { areReferencesKnown, isSamePart, NameReader, skipBlanks } from './plain-markup.ts';
import { resolveReferences } from './xml-references.ts';

/** Elements open at once; deeper ones are left to the parser. */
const DEPTH_MAX = 64;
const NONE = -1;

const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const SLASH = 0x2f;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;

/** Columns of an element. */
const NAME = 0;
const NAME_END = 1;
const VALUE = 2;
const VALUE_END = 3;
const NEXT_SIBLING = 4;
const FIRST_CHILD = 5;
const FIRST_ATTRIBUTE = 6;
const ATTRIBUTES_END = 7;
/** Where the name begins with its prefix. */
const QUALIFIED_NAME = 8;
const ELEMENT_COLUMNS = 9;
/** An attribute has the first four columns only. */
const ATTRIBUTE_COLUMNS = 4;

/**
 * Elements and attributes are numbers, good until the next text is read. The event is element 0.
 * Names are local; namespace declarations and attributes without text are left out.
 */
export class EventXmlTape {
  #text = '';
  #elements = new Int32Array(64 * ELEMENT_COLUMNS);
  #attributes = new Int32Array(64 * ATTRIBUTE_COLUMNS);
  #elementCount = 0;
  #attributeCount = 0;
  /** Open elements, and the last child of each so far. */
  readonly #open = new Int32Array(DEPTH_MAX);
  readonly #lastChild = new Int32Array(DEPTH_MAX);
  #depth = 0;
  #hasReferences = false;
  readonly #name = new NameReader();
  /** The next `<` behind the start of the tag being read. */
  #nextTag = 0;

  /**
   * Reads one event, which takes a part of a text. False where it has to be given to the parser.
   */
  read(text: string, start = 0, end: number = text.length): boolean {
    this.#text = text;
    this.#elementCount = 0;
    this.#attributeCount = 0;
    this.#depth = 0;
    const reference = text.indexOf('&', start);
    this.#hasReferences = reference >= 0 && reference < end;
    let at = start;
    do {
      if (text.charCodeAt(at) !== LESS) return false;
      const next = text.indexOf('<', at + 1);
      this.#nextTag = next < 0 || next > end ? end : next;
      at = text.charCodeAt(at + 1) === SLASH ? this.#endTag(at + 2) : this.#startTag(at + 1);
      if (at < 0) return false;
      if (this.#depth > 0) at = this.#content(at);
      if (at < 0) return false;
    } while (this.#depth > 0);
    return at === end;
  }

  /** The first child element, or -1. */
  firstChild(element: number): number {
    return this.#elements[element * ELEMENT_COLUMNS + FIRST_CHILD]!;
  }

  /** The next element with the same parent, or -1. */
  nextSibling(element: number): number {
    return this.#elements[element * ELEMENT_COLUMNS + NEXT_SIBLING]!;
  }

  isNamed(element: number, name: string): boolean {
    return this.#isAt(this.#elements, element * ELEMENT_COLUMNS, name);
  }

  /** The text of a leaf; empty where there are child elements. */
  value(element: number): string {
    if (this.firstChild(element) !== NONE) return '';
    return resolveReferences(this.#raw(this.#elements, element * ELEMENT_COLUMNS));
  }

  firstAttribute(element: number): number {
    return this.#elements[element * ELEMENT_COLUMNS + FIRST_ATTRIBUTE]!;
  }

  /** The attributes of an element are those from the first to before this one. */
  attributesEnd(element: number): number {
    return this.#elements[element * ELEMENT_COLUMNS + ATTRIBUTES_END]!;
  }

  isAttributeNamed(attribute: number, name: string): boolean {
    return this.#isAt(this.#attributes, attribute * ATTRIBUTE_COLUMNS, name);
  }

  attributeValue(attribute: number): string {
    const raw = this.#raw(this.#attributes, attribute * ATTRIBUTE_COLUMNS);
    return resolveReferences(/[\t\n]/.test(raw) ? raw.replace(/[\t\n]/g, ' ') : raw);
  }

  #isAt(table: Int32Array, row: number, name: string): boolean {
    const start = table[row + NAME]!;
    return table[row + NAME_END]! - start === name.length && this.#text.startsWith(name, start);
  }

  /** With line ends as XML has them, references still in it. */
  #raw(table: Int32Array, row: number): string {
    const raw = this.#text.slice(table[row + VALUE], table[row + VALUE_END]);
    return raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  }

  /** Behind a start tag whose name begins here, or -1. */
  #startTag(start: number): number {
    const text = this.#text;
    const name = this.#name;
    if (!name.read(text, start) || this.#depth === DEPTH_MAX) return NONE;
    const row = this.#addElement(start);
    let at = this.#attributeList(name.end);
    if (at < 0) return NONE;
    this.#elements[row + ATTRIBUTES_END] = this.#attributeCount;
    const isEmpty = text.charCodeAt(at) === SLASH;
    if (isEmpty) at++;
    if (text.charCodeAt(at) !== GREATER) return NONE;
    if (!isEmpty) {
      this.#open[this.#depth] = this.#elementCount - 1;
      this.#lastChild[this.#depth] = NONE;
      this.#depth++;
    }
    return at + 1;
  }

  /** Returns the row of the element, which is linked to those before it. */
  #addElement(qualifiedName: number): number {
    const element = this.#elementCount++;
    const row = element * ELEMENT_COLUMNS;
    if (row === this.#elements.length) this.#elements = doubled(this.#elements);
    const elements = this.#elements;
    elements[row + NAME] = this.#name.localStart;
    elements[row + NAME_END] = this.#name.end;
    elements[row + VALUE] = 0;
    elements[row + VALUE_END] = 0;
    elements[row + NEXT_SIBLING] = NONE;
    elements[row + FIRST_CHILD] = NONE;
    elements[row + FIRST_ATTRIBUTE] = this.#attributeCount;
    elements[row + QUALIFIED_NAME] = qualifiedName;
    if (this.#depth > 0) {
      const level = this.#depth - 1;
      const last = this.#lastChild[level]!;
      if (last === NONE) elements[this.#open[level]! * ELEMENT_COLUMNS + FIRST_CHILD] = element;
      else elements[last * ELEMENT_COLUMNS + NEXT_SIBLING] = element;
      this.#lastChild[level] = element;
    }
    return row;
  }

  /** To the end of the tag, `>` or `/`; -1 where something else stands. */
  #attributeList(from: number): number {
    const text = this.#text;
    const first = this.#attributeCount;
    let at = from;
    for (;;) {
      const name = skipBlanks(text, at);
      const unit = text.charCodeAt(name);
      if (unit === GREATER || unit === SLASH) return name;
      // Attributes are parted by blanks.
      if (name === at) return NONE;
      if (!this.#name.read(text, name)) return NONE;
      const equals = skipBlanks(text, this.#name.end);
      if (text.charCodeAt(equals) !== EQUALS) return NONE;
      const quote = skipBlanks(text, equals + 1);
      const valueEnd = this.#attributeValueEnd(quote);
      if (valueEnd < 0 || !this.#addAttribute(first, name, quote + 1, valueEnd)) return NONE;
      at = valueEnd + 1;
    }
  }

  /** The closing quote, or -1. */
  #attributeValueEnd(quote: number): number {
    const text = this.#text;
    const unit = text.charCodeAt(quote);
    if (unit !== DOUBLE_QUOTE && unit !== SINGLE_QUOTE) return NONE;
    const end = text.indexOf(unit === DOUBLE_QUOTE ? '"' : "'", quote + 1);
    // A `<` in a value is malformed.
    if (end < 0 || end > this.#nextTag) return NONE;
    return this.#hasReferences && !areReferencesKnown(text, quote + 1, end) ? NONE : end;
  }

  /** False for a name that was there before. */
  #addAttribute(first: number, name: number, value: number, valueEnd: number): boolean {
    const text = this.#text;
    const { localStart: local, end: nameEnd } = this.#name;
    for (let other = first; other < this.#attributeCount; other++) {
      // Names that differ only in their prefix are left to the parser, too.
      const row = other * ATTRIBUTE_COLUMNS;
      const start = this.#attributes[row + NAME]!;
      const length = this.#attributes[row + NAME_END]! - start;
      if (length === nameEnd - local && isSamePart(text, start, local, length)) return false;
    }
    const isNamespace =
      text.startsWith('xmlns', name) && (nameEnd === name + 5 || local === name + 6);
    if (isNamespace || value === valueEnd) return true;
    const row = this.#attributeCount++ * ATTRIBUTE_COLUMNS;
    if (row === this.#attributes.length) this.#attributes = doubled(this.#attributes);
    this.#attributes[row + NAME] = local;
    this.#attributes[row + NAME_END] = nameEnd;
    this.#attributes[row + VALUE] = value;
    this.#attributes[row + VALUE_END] = valueEnd;
    return true;
  }

  /** Behind the end tag of the innermost open element whose name begins here, or -1. */
  #endTag(start: number): number {
    if (this.#depth === 0) return NONE;
    const text = this.#text;
    const row = this.#open[this.#depth - 1]! * ELEMENT_COLUMNS;
    const name = this.#elements[row + QUALIFIED_NAME]!;
    const length = this.#elements[row + NAME_END]! - name;
    if (!isSamePart(text, name, start, length)) return NONE;
    const end = skipBlanks(text, start + length);
    if (text.charCodeAt(end) !== GREATER) return NONE;
    this.#depth--;
    return end + 1;
  }

  /** To the next tag, or -1. */
  #content(start: number): number {
    const end = this.#nextTag;
    if (end < start) return NONE;
    if (this.#hasReferences && !areReferencesKnown(this.#text, start, end)) return NONE;
    const level = this.#depth - 1;
    if (this.#lastChild[level] === NONE) {
      const row = this.#open[level]! * ELEMENT_COLUMNS;
      this.#elements[row + VALUE] = start;
      this.#elements[row + VALUE_END] = end;
    }
    return end;
  }
}

function doubled(table: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * table.length);
  larger.set(table);
  return larger;
}
