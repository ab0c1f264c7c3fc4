/**
 * One `Query` element. It counts as a whole or not at all: without one of its `Select` it would
 * select too little, without one of its `Suppress` too much.
 */
import {
  type EventQuery,
  equalsIgnoringCase,
  type ParsedEventQuery,
  parseEventQuery,
  parseQueryEntry,
} from '@dcr-agent/schema/event-queries';
import { clipped, type Finding, isError } from './finding.ts';
import type { XmlElement } from './xml-document.ts';

export interface ChannelQuery {
  /** As written; compared ignoring case. `null`: any channel, as a log file was named. */
  readonly channel: string | null;
  readonly query: EventQuery;
}

/** Selects an event that one of its selects does and none of its suppresses. */
export interface StructuredQuery {
  /** As written; without one, the place of the query in the list, from 0. */
  readonly id: string;
  /** At least one. */
  readonly selects: readonly ChannelQuery[];
  readonly suppresses: readonly ChannelQuery[];
}

export interface ReadQuery {
  /** `null` when there is an error among the findings. */
  readonly query: StructuredQuery | null;
  readonly findings: readonly Finding[];
}

/** `where` names the query in findings. */
export function readQuery(element: XmlElement, id: string, where: string): ReadQuery {
  const of = { query: element, where };
  const selects = partsOf(element, 'Select').map((part, i) => readPart(part, i + 1, of));
  const suppresses = partsOf(element, 'Suppress').map((part, i) => readPart(part, i + 1, of));
  const parts = [...selects, ...suppresses];
  const findings = [
    ...checkContent(element, where, ['Select', 'Suppress']),
    ...(selects.length === 0 ? [noSelect(element, where)] : []),
    ...parts.flatMap((part) => part.findings),
    ...suppresses.flatMap((part) => checkSuppress(part, selects)),
  ];
  if (findings.some(isError)) return { query: null, findings };
  return {
    query: { id, selects: queriesOf(selects), suppresses: queriesOf(suppresses) },
    findings,
  };
}

/** What stands in an element besides the children that belong there. */
export function checkContent(
  { children, text, name }: XmlElement,
  where: string,
  expected: readonly string[],
): Finding[] {
  const foreign = children
    .filter((child) => !expected.includes(child.name))
    .map((child) => ({
      offset: child.offset,
      message: `the element '${clipped(child.name)}' cannot stand in ${name}`,
    }));
  const stray = expected.length === 0 ? -1 : text.text.search(/\S/);
  const texts =
    stray < 0 ? [] : [{ offset: text.offsetOf(stray), message: `a text cannot stand in ${name}` }];
  const hint =
    expected.length === 0 ? 'it holds an XPath' : `it holds ${expected.join(' and ')} elements`;
  return [...foreign, ...texts].map((at) => ({
    code: 'QUERY_LIST_UNEXPECTED_CONTENT',
    where,
    hint,
    ...at,
  }));
}

/** The `Path` of an element; an empty one is none. */
export function pathOf({ attributes }: XmlElement): string | null {
  return attributes.get('Path')?.trim() || null;
}

interface Part {
  readonly element: XmlElement;
  readonly where: string;
  readonly path: string | null;
  readonly channel: string | null;
  readonly query: EventQuery | null;
  readonly findings: readonly Finding[];
}

function partsOf({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child) => child.name === name);
}

function readPart(
  element: XmlElement,
  number: number,
  of: { readonly query: XmlElement; readonly where: string },
): Part {
  const where = `${of.where}, ${element.name} ${number}`;
  const path = pathOf(element) ?? pathOf(of.query);
  const isFile = path !== null && /^file:\/\//i.test(path);
  const channel = isFile ? null : path;
  const { query, findings } = readXPath(element, channel, where);
  const ofPath = path === null ? [noPath(element, where)] : isFile ? [file(element, where)] : [];
  const ofContent = checkContent(element, where, []);
  return { element, where, path, channel, query, findings: [...ofContent, ...ofPath, ...findings] };
}

/** The text of a part, parsed; findings about the channel stand at the part's tag. */
function readXPath(
  { name, text, offset }: XmlElement,
  channel: string | null,
  where: string,
): { query: EventQuery | null; findings: Finding[] } {
  const { query, diagnostics, queryOffset } = parseWithChannel(text.text, channel);
  const findings = diagnostics
    // A suppress that forgets level 0 lets more events through, not fewer.
    .filter(({ code }) => name === 'Select' || code !== 'XPATH_LEVEL_WITHOUT_ZERO')
    .map(({ code, message, hint, position }) => ({
      code,
      where,
      offset: position.offset < queryOffset ? offset : text.offsetOf(position.offset - queryOffset),
      message,
      hint: hint ?? 'write a simpler query',
    }));
  return { query, findings };
}

/** `queryOffset` is what the positions of the diagnostics are ahead of those in the text. */
function parseWithChannel(
  text: string,
  channel: string | null,
): ParsedEventQuery & { queryOffset: number } {
  // An entry of a rule is parted at its first '!', and tells of an empty query in its own words.
  if (channel === null || channel.includes('!') || text.trim() === '') {
    return { ...parseEventQuery(text), queryOffset: 0 };
  }
  return { ...parseQueryEntry(`${channel}!${text}`), queryOffset: channel.length + 1 };
}

function queriesOf(parts: readonly Part[]): ChannelQuery[] {
  return parts.flatMap(({ channel, query }) => (query === null ? [] : [{ channel, query }]));
}

function checkSuppress({ element, where, path }: Part, selects: readonly Part[]): Finding[] {
  if (path === null) return [];
  if (selects.some((s) => s.path !== null && equalsIgnoringCase(s.path, path))) return [];
  const message = `no Select of this Query has the Path '${clipped(path)}'`;
  const hint = 'add such a Select, or move the Suppress to the Query it belongs to';
  return [{ code: 'QUERY_LIST_SUPPRESS_ALONE', where, offset: element.offset, message, hint }];
}

function noSelect({ offset }: XmlElement, where: string): Finding {
  const message = 'the Query has no Select';
  const hint = 'add one; <Select Path="Security">*</Select> selects every event of a channel';
  return { code: 'QUERY_LIST_NO_SELECT', where, offset, message, hint };
}

function noPath({ offset, name, attributes }: XmlElement, where: string): Finding {
  const misspelled = [...attributes.keys()].find((key) => key.toLowerCase() === 'path');
  const message = `neither this ${name} nor its Query has a Path`;
  const hint =
    misspelled === undefined
      ? 'name the channel, as in Path="Security"'
      : `names are case sensitive: write Path, not ${misspelled}`;
  return { code: 'QUERY_LIST_NO_PATH', where, offset, message, hint };
}

function file({ offset }: XmlElement, where: string): Finding {
  const message = 'the Path names a log file, which is not read: the query is asked of any channel';
  const hint = 'name the files in the command; to ask for one channel, write its name as Path';
  return { code: 'QUERY_LIST_FILE_PATH', where, offset, message, hint };
}
