/**
 * Structured queries, the XML in which Windows writes queries of several channels. What is
 * accepted and which rules hold: README.md.
 */

import { findQueryList } from './find-query-list.ts';
import { clipped, type Finding, type QueryListDiagnostic, toDiagnostics } from './finding.ts';
import { DOCUMENT_UNITS_MAX, QUERIES_MAX } from './limits.ts';
import {
  checkContent,
  pathOf,
  type ReadQuery,
  readQuery,
  type StructuredQuery,
} from './read-query.ts';
import { readXml, type XmlElement, type XmlFault } from './xml-document.ts';

export interface ParsedQueryList {
  /** Those without errors, in the order of the list. An event is selected when one selects it. */
  readonly queries: readonly StructuredQuery[];
  /** In the order of the text. */
  readonly diagnostics: readonly QueryListDiagnostic[];
}

/** Parses and checks a document, whose text is decoded already. Never throws. */
export function parseQueryList(xml: string): ParsedQueryList {
  if (xml.length > DOCUMENT_UNITS_MAX) {
    return { queries: [], diagnostics: toDiagnostics([tooLarge(xml.length)], '') };
  }
  const { queries, findings } = readDocument(xml, true);
  return { queries, diagnostics: toDiagnostics(findings, xml) };
}

interface ReadQueries {
  readonly queries: readonly StructuredQuery[];
  readonly findings: readonly Finding[];
}

/** `mayHoldText`: a document may hold the list as text once, which then is a document again. */
function readDocument(xml: string, mayHoldText: boolean): ReadQueries {
  // Pasted documents begin with blank lines.
  const [before = ''] = /^[\s\ufeff]*/.exec(xml) ?? [];
  const root = readXml(xml, before.length);
  if (root.kind !== 'element') return refuse(ofFault(root));
  const found = findQueryList(root);
  switch (found.kind) {
    case 'list':
      return readList(found.list);
    case 'bare query':
      return readQueries([found.query]);
    case 'several':
      return refuse(severalLists(found.second));
    case 'text': {
      if (!mayHoldText) return refuse(noList(root));
      const { queries, findings } = readDocument(found.text.text, false);
      const located = findings.map((f) => ({ ...f, offset: found.text.offsetOf(f.offset) }));
      return { queries, findings: located };
    }
    case 'nothing':
      return refuse(noList(root));
  }
}

function readList(list: XmlElement): ReadQueries {
  const elements = list.children.filter(({ name }) => name === 'Query');
  const foreign = checkContent(list, '', ['Query']);
  if (elements.length === 0) return { queries: [], findings: [...foreign, emptyList(list)] };
  const beyond = elements[QUERIES_MAX];
  if (beyond !== undefined) return refuse(tooManyQueries(beyond, elements.length));
  const { queries, findings } = readQueries(elements);
  return { queries, findings: [...foreign, ...findings] };
}

function readQueries(elements: readonly XmlElement[]): ReadQueries {
  const needPath = elements.some((element) => pathOf(element) !== null);
  const ids = new Set<string>();
  const read = elements.map((element, index): ReadQuery => {
    const id = element.attributes.get('Id')?.trim() || `${index}`;
    const where = `Query ${clipped(id)}`;
    const { query, findings } = readQuery(element, id, where);
    const isUneven = needPath && pathOf(element) === null;
    const ofList = [
      ...(isUneven ? [unevenPath(element, where)] : []),
      ...(ids.has(id) ? [duplicateId(element, where, id)] : []),
    ];
    ids.add(id);
    return { query, findings: [...ofList, ...findings] };
  });
  return {
    queries: read.flatMap(({ query }) => (query === null ? [] : [query])),
    findings: read.flatMap(({ findings }) => findings),
  };
}

function refuse(finding: Finding): ReadQueries {
  return { queries: [], findings: [finding] };
}

function tooLarge(length: number): Finding {
  const message = `the document has ${length} UTF-16 units, ${DOCUMENT_UNITS_MAX} are allowed`;
  const hint = 'split the list into several documents';
  return { code: 'QUERY_LIST_TOO_LARGE', where: '', offset: 0, message, hint };
}

function ofFault({ kind, offset, message, hint }: XmlFault): Finding {
  const at = { where: '', offset, hint };
  if (kind === 'doctype') return { code: 'QUERY_LIST_DOCTYPE', ...at, message };
  const whole = `the XML is not well-formed (Windows error 15008): ${message}`;
  return { code: 'QUERY_LIST_MALFORMED', ...at, message: whole };
}

function noList({ name, offset }: XmlElement): Finding {
  const message = `the document, of the element '${clipped(name)}', holds no QueryList`;
  const hint = 'copy the XML tab of a filter in Event Viewer, which begins with <QueryList>';
  return { code: 'QUERY_LIST_NOT_FOUND', where: '', offset, message, hint };
}

function severalLists({ offset }: XmlElement): Finding {
  const message = 'the document holds more than one QueryList';
  const hint = 'give one list, with all Query elements in it';
  return { code: 'QUERY_LIST_NOT_FOUND', where: '', offset, message, hint };
}

function emptyList({ offset }: XmlElement): Finding {
  const message = 'the QueryList holds no Query';
  const hint = 'write <Query Id="0" Path="Security"><Select>*</Select></Query> into it';
  return { code: 'QUERY_LIST_EMPTY', where: '', offset, message, hint };
}

function tooManyQueries({ offset }: XmlElement, count: number): Finding {
  const message = `the list holds ${count} Query elements, Windows takes ${QUERIES_MAX}`;
  const hint = 'put several Select into one Query, or split the list';
  return { code: 'QUERY_LIST_TOO_MANY_QUERIES', where: '', offset, message, hint };
}

function unevenPath({ offset }: XmlElement, where: string): Finding {
  const message = 'this Query has no Path, though other Query elements have one';
  const hint = 'give every Query a Path, or none';
  return { code: 'QUERY_LIST_UNEVEN_PATHS', where, offset, message, hint };
}

function duplicateId({ offset }: XmlElement, where: string, id: string): Finding {
  const message = `another Query before it has the Id '${clipped(id)}'`;
  const hint = 'count them: Id="0", Id="1" …';
  return { code: 'QUERY_LIST_DUPLICATE_ID', where, offset, message, hint };
}
