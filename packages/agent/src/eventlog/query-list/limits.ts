/** The limits of a structured query, with their origin. */

/** UTF-16 units of a document, 4 MiB. Own choice: four times the query text of MS-EVEN6 2.3.1. */
export const DOCUMENT_UNITS_MAX = 4_194_304;

/** `Query` elements of a list. Source: `GetEventCommand.cs` of PowerShell, OpenWEC documentation. */
export const QUERIES_MAX = 256;

/** Open elements at one place. Own choice: exports of Event Viewer nest folders of views. */
export const ELEMENT_DEPTH_MAX = 64;

/** Tags and comments of a document. Own choice: an element costs far more memory than its tag. */
export const MARKUP_MAX = 200_000;

/** Findings made of one document; more would only repeat the first. Own choice. */
export const FINDINGS_MAX = 1000;

/** UTF-16 units of a name or value of the document that a message quotes. Own choice. */
export const QUOTED_UNITS_MAX = 100;
