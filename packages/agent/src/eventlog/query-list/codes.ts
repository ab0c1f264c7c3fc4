/**
 * Everything that can be said about a structured query besides what the language of its XPaths
 * says (`XPATH_…`). A code never changes its meaning; the table in README.md is this catalogue, and
 * a test keeps the two equal.
 *
 * `windowsError` is the number Windows gives for the same mistake (winerror.h, "Windows Event Log
 * Error Constants").
 */
import type { Severity } from '@dcr-agent/schema/event-queries';

export interface QueryListCodeEntry {
  readonly severity: Severity;
  readonly meaning: string;
  readonly windowsError?: number;
}

/** Severity, meaning, number of Windows. */
const ENTRIES = {
  // The document.
  QUERY_LIST_TOO_LARGE: ['error', 'the document has more than 4,194,304 UTF-16 units'],
  QUERY_LIST_MALFORMED: ['error', 'the document is not well-formed XML', 15008],
  QUERY_LIST_DOCTYPE: ['error', 'the document has a document type, which could define entities'],
  QUERY_LIST_NOT_FOUND: ['error', 'the document holds no `QueryList`, or several', 15001],

  // The list.
  QUERY_LIST_EMPTY: ['error', 'the list holds no `Query`', 15001],
  QUERY_LIST_TOO_MANY_QUERIES: ['error', 'the list holds more than 256 `Query` elements', 15001],
  QUERY_LIST_UNEVEN_PATHS: ['warning', 'a `Query` without `Path` beside others that have one'],
  QUERY_LIST_DUPLICATE_ID: ['warning', 'two `Query` elements have the same `Id`'],

  // One query.
  QUERY_LIST_UNEXPECTED_CONTENT: ['error', 'an element or text where it cannot stand', 15001],
  QUERY_LIST_NO_SELECT: ['error', 'a `Query` without `Select` selects nothing', 15001],
  QUERY_LIST_NO_PATH: ['error', 'neither the element nor its `Query` names a channel', 15001],
  QUERY_LIST_FILE_PATH: ['warning', 'the `Path` names a log file: read as any channel'],
  QUERY_LIST_SUPPRESS_ALONE: ['error', 'a `Suppress` without a `Select` of the same `Path`', 15001],
} as const;

export type QueryListCode = keyof typeof ENTRIES;

export const QUERY_LIST_CODES: Readonly<Record<QueryListCode, QueryListCodeEntry>> =
  Object.fromEntries(
    Object.entries(ENTRIES).map(([code, [severity, meaning, windowsError]]) => [
      code,
      { severity, meaning, ...(windowsError === undefined ? {} : { windowsError }) },
    ]),
  ) as Record<QueryListCode, QueryListCodeEntry>;
