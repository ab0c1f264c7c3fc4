/**
 * XML text → elements with their places, which a parser made for data does not keep. Strict where
 * a mistake could change what is selected; there are no document types and so no entities to
 * expand. Source: XML 1.0 (fifth edition).
 */
import { isQualifiedName, localName } from '../xml-name.ts';
import { ELEMENT_DEPTH_MAX, MARKUP_MAX } from './limits.ts';
import { MappedText } from './mapped-text.ts';
import { readReference } from './xml-references.ts';

export interface XmlElement {
  readonly kind: 'element';
  /** Local name: namespaces are ignored. */
  readonly name: string;
  /** By local name; declarations of namespaces are left out. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: MappedText;
  /** Where its tag begins, in UTF-16 units. */
  readonly offset: number;
}

/** Why a text is no document, and where. */
export interface XmlFault {
  readonly kind: 'malformed' | 'doctype';
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

const ESCAPE =
  "in an XPath, '<' is written as &lt; and '&' as &amp;, or all of it stands in <![CDATA[…]]>";
const WHOLE = 'give the whole document, as Windows exported it';

interface OpenElement extends XmlElement {
  readonly tagName: string;
  readonly attributes: Map<string, string>;
  readonly children: OpenElement[];
}

/** The root element of the document that begins at `start`. */
export function readXml(text: string, start: number): XmlElement | XmlFault {
  const outside = newElement('', start);
  const open = [outside];
  let markupCount = 0;
  let at = start;
  while (at < text.length) {
    const parent = open.at(-1) ?? outside;
    const isMarkup = text[at] === '<';
    if (isMarkup) markupCount += 1;
    if (markupCount > MARKUP_MAX) return malformed(at, `there are more than ${MARKUP_MAX} tags`);
    const end = isMarkup ? readMarkup(text, at, open) : readText(text, at, parent);
    if (typeof end !== 'number') return end;
    at = end;
  }
  const unclosed = open[1] === undefined ? null : open.at(-1);
  if (unclosed) return malformed(text.length, `<${unclosed.tagName}> is not closed`);
  const [root, second] = outside.children;
  if (root === undefined) return malformed(start, 'there is no element');
  if (second !== undefined) return malformed(second.offset, 'a second element follows the first');
  if (outside.text.text.trim() === '') return root;
  const stray = outside.text.text.search(/\S/);
  return malformed(outside.text.offsetOf(stray), 'text stands outside the element');
}

/** A function that reads returns where it ended. */
type End = number | XmlFault;

function readMarkup(text: string, at: number, open: OpenElement[]): End {
  const parent = open.at(-1);
  if (text.startsWith('<!--', at)) return skipTo(text, at, 4, '-->', 'the comment');
  if (text.startsWith('<?', at)) return skipTo(text, at, 2, '?>', 'the processing instruction');
  if (text.startsWith('<![CDATA[', at)) {
    const end = skipTo(text, at, 9, ']]>', 'the CDATA section');
    if (typeof end === 'number') parent?.text.append(text.slice(at + 9, end - 3), at + 9);
    return end;
  }
  if (text.startsWith('<!', at)) {
    const message = 'the document declares a document type';
    return { kind: 'doctype', offset: at, message, hint: 'remove <!DOCTYPE …>: queries need none' };
  }
  return text.startsWith('</', at) ? readEndTag(text, at, open) : readStartTag(text, at, open);
}

function skipTo(text: string, at: number, skip: number, closer: string, what: string): End {
  const end = text.indexOf(closer, at + skip);
  return end < 0 ? malformed(at, `${what} is not closed`) : end + closer.length;
}

function readEndTag(text: string, at: number, open: OpenElement[]): End {
  const [tag = '', name = ''] = matchAt(END_TAG, text, at) ?? [];
  const [, element] = open;
  const last = open.at(-1);
  if (tag === '' || element === undefined || last?.tagName !== name) {
    const expected = element === undefined ? '' : `, </${last?.tagName}> is expected`;
    return malformed(at, `this end tag closes nothing${expected}`);
  }
  open.pop();
  return at + tag.length;
}

function readStartTag(text: string, at: number, open: OpenElement[]): End {
  const [start = '', name = ''] = matchAt(TAG_NAME, text, at) ?? [];
  if (!isQualifiedName(name)) return malformed(at, "'<' begins no tag", ESCAPE);
  if (open.length > ELEMENT_DEPTH_MAX) return malformed(at, 'the elements are nested too deeply');
  const element = newElement(name, at);
  let end = readAttributes(text, at + start.length, element.attributes);
  if (typeof end !== 'number') return end;
  const [closer] = matchAt(TAG_END, text, end) ?? [];
  if (closer === undefined) return malformed(end, `the tag <${name}> is not closed`);
  end += closer.length;
  open.at(-1)?.children.push(element);
  if (!closer.endsWith('/>')) open.push(element);
  return end;
}

const END_TAG = /<\/([^\s<>/]+)\s*>/y;
const TAG_NAME = /<([^\s<>/=]+)/y;
const TAG_END = /\s*\/?>/y;
const ATTRIBUTE = /\s+([^\s<>/='"]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;

function readAttributes(text: string, start: number, into: Map<string, string>): End {
  let at = start;
  for (let match = matchAt(ATTRIBUTE, text, at); match; match = matchAt(ATTRIBUTE, text, at)) {
    const [whole, name = '', double, single] = match;
    const value = new MappedText(at);
    const end = readCharacters(double ?? single ?? '', 0, value);
    if (typeof end !== 'number')
      return malformed(at, `the attribute ${name} holds a bare '&'`, ESCAPE);
    const isDeclaration = name === 'xmlns' || name.startsWith('xmlns:');
    if (!isDeclaration && into.has(localName(name))) {
      return malformed(at, `the attribute ${name} stands twice`);
    }
    if (!isDeclaration) into.set(localName(name), value.text);
    at += whole.length;
  }
  return at;
}

function readText(text: string, at: number, parent: OpenElement): End {
  const next = text.indexOf('<', at);
  const end = next < 0 ? text.length : next;
  return readCharacters(text.slice(at, end), at, parent.text);
}

/** `piece` stands at `offset` of the document. */
function readCharacters(piece: string, offset: number, into: MappedText): End {
  let at = 0;
  while (at < piece.length) {
    const next = piece.indexOf('&', at);
    const end = next < 0 ? piece.length : next;
    into.append(piece.slice(at, end), offset + at);
    at = end;
    if (next < 0) break;
    const reference = readReference(piece, at);
    if (reference === null) return malformed(offset + at, "'&' begins no entity of XML", ESCAPE);
    into.append(reference.character, offset + at);
    at += reference.length;
  }
  return offset + piece.length;
}

function newElement(tagName: string, offset: number): OpenElement {
  const text = new MappedText(offset);
  const name = localName(tagName);
  return { kind: 'element', tagName, name, attributes: new Map(), children: [], text, offset };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function malformed(offset: number, message: string, hint = WHOLE): XmlFault {
  return { kind: 'malformed', offset, message, hint };
}
