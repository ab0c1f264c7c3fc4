/** The limits of an event query, with their origin. */

/**
 * UTF-16 units of a query text.
 * Source: MS-EVEN6 2.3.1, the 2 MiB payload of the remote protocol.
 */
export const QUERY_UNITS_MAX = 1_048_576;

/**
 * Brackets and parentheses that may be open at one place. Own choice: the deepest query found in
 * public rules opens 7, and parsing, checking and evaluating recurse once for each.
 */
export const NESTING_MAX = 100;

/** Steps of one path. Own choice: readers of events go no deeper than 64 elements. */
export const STEPS_MAX = 100;

/**
 * Expressions in one query before Windows or the service may refuse it; Windows was seen to take
 * 21 to 23. Source: "Consuming Events" (win32/wes), Azure Monitor "Collect Windows events".
 */
export const EXPRESSIONS_RECOMMENDED_MAX = 20;

/** Characters of a channel name. Source: MS-EVEN6 1.8.1. */
export const CHANNEL_UNITS_MAX = 255;

/** UTF-16 units of a message, hint or token that quotes the query. Own choice. */
export const QUOTED_UNITS_MAX = 300;

/** Findings made of one query; more would only repeat the first. Own choice. */
export const FINDINGS_MAX = 20;

/**
 * Comparisons up to which a query is searched for contradictions, which takes time that grows
 * with their square. Own choice, far beyond what Windows takes.
 */
export const CONTRADICTION_COMPARISONS_MAX = 200;
