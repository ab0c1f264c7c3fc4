/**
 * Everything that can be said about an event query, once. A code never changes its meaning; the
 * table in README.md is this catalogue, and a test keeps the two equal.
 *
 * `windowsError` is the number Windows itself gives for the same mistake (winerror.h, "Windows
 * Event Log Error Constants"). Most callers of Windows only ever see 15001; the finer ones are
 * what EvtGetExtendedStatus distinguishes.
 */
import type { Severity } from '../diagnostic.ts';

export interface XPathCodeEntry {
  readonly severity: Severity;
  readonly meaning: string;
  readonly windowsError?: number;
}

/** Severity, meaning, number of Windows. */
const ENTRIES = {
  // The entry, `Channel!XPath`.
  XPATH_NO_CHANNEL: ['error', 'the entry does not begin with a channel and `!`', 15000],
  XPATH_APPENDED_STAR: ['error', 'the query stands in place of the channel: `*[…]!*`', 15000],
  XPATH_WILDCARD_CHANNEL: ['error', 'the channel is `*`; a channel is named in full', 15000],
  XPATH_INVALID_CHANNEL: ['error', 'the channel holds what a channel name cannot hold', 15000],
  XPATH_DIRECT_CHANNEL: ['warning', 'an Analytic or Debug channel cannot be subscribed to', 15009],
  XPATH_STRUCTURED_XML: ['error', 'a `<QueryList>` document instead of an XPath', 15001],
  XPATH_EMPTY_QUERY: ['error', 'there is no query', 15001],

  // Limits.
  XPATH_QUERY_TOO_LONG: ['error', 'the query is longer than 1,048,576 UTF-16 units', 15026],
  XPATH_NESTED_TOO_DEEPLY: ['error', 'more than 100 open brackets, or steps of a path', 15026],

  // Characters and words.
  XPATH_UNTERMINATED_STRING: ['error', 'a quote is opened and not closed', 15019],
  XPATH_TYPOGRAPHIC_CHARACTER: ['error', 'a quote or blank as word processors write it', 15021],
  XPATH_XML_ENTITY: ['error', 'an XML entity such as `&gt;`, pasted from an XML view', 15021],
  XPATH_ENTITIES_DECODED: ['warning', 'XML entities of a pasted query were decoded'],
  XPATH_NUMBER_SYNTAX: ['error', 'a number that is not plain decimal and not quoted', 15019],
  XPATH_WRONG_OPERATOR: ['error', 'an operator of another language, such as `==`', 15020],
  XPATH_OPERATOR_CASE: ['error', '`AND` or `OR`; the operators are lower case', 15021],
  XPATH_UNEXPECTED_CHARACTER: ['error', 'a character that has no meaning in a query', 15021],

  // Grammar.
  XPATH_MISSING_STAR: ['error', 'a predicate without a step, often a forgotten `*`', 15017],
  XPATH_MISSING_OPERAND: ['error', 'an expression or a value is missing', 15001],
  XPATH_UNBALANCED: ['error', 'a bracket or parenthesis is not closed, or closed twice', 15001],
  XPATH_UNEXPECTED_TOKEN: ['error', 'something stands where it cannot stand', 15021],
  XPATH_CONSTANT_ON_LEFT: ['error', 'a constant stands left of an operator', 15016],
  XPATH_BARE_CONSTANT: ['error', 'a constant stands alone where a condition is needed', 15016],
  XPATH_NODE_ON_RIGHT: ['error', 'what stands right of an operator is no constant', 15016],
  XPATH_GROUP_COMPARED: ['error', 'a parenthesised expression is compared', 15016],
  XPATH_CHAINED_COMPARISON: ['error', 'a comparison is compared again: `1 < a < 5`', 15021],
  XPATH_STEP_AFTER_GROUP: ['error', 'a step or predicate follows a parenthesis or function', 15014],
  XPATH_STEP_AFTER_LEAF: ['error', 'a step follows an attribute or `text()`', 15015],
  XPATH_INVALID_POSITION: ['error', 'a position that is not a whole number', 15018],
  XPATH_WRONG_ARGUMENTS: ['error', '`band`, `timediff` or `position` with other arguments', 15018],

  // XPath 1.0 that is outside the dialect.
  XPATH_ABSOLUTE_PATH: ['error', 'a path that begins with `/`', 15020],
  XPATH_UNSUPPORTED_AXIS: ['error', 'an axis other than child and attribute: `//`, `..`', 15020],
  XPATH_UNSUPPORTED_FUNCTION: [
    'error',
    'a function besides band, timediff and position; also `comment()` where a path begins',
    15020,
  ],
  XPATH_UNSUPPORTED_NODE_TEST: [
    'error',
    '`comment()`, `node()` and the like as a later step',
    15020,
  ],
  XPATH_NAMESPACE_PREFIX: ['error', 'a name with a namespace prefix', 15020],
  XPATH_UNION: ['error', 'the union operator, a vertical bar', 15020],
  XPATH_ARITHMETIC: ['error', 'arithmetic', 15020],
  XPATH_VARIABLE: ['error', 'a variable', 15020],

  // Meaning.
  XPATH_NOT_A_SELECTOR: ['error', 'a path at the top does not begin with `*` or `Event`', 15001],
  XPATH_SELECTS_NO_EVENT: ['error', 'a comparison or function at the top selects no event', 15001],
  XPATH_NUMBER_OUT_OF_RANGE: ['error', 'a mask beyond 64 bits, a number beyond 40 digits', 15038],
  XPATH_NOT_A_TIME: ['error', 'the constant of `timediff` is not a time', 15018],
  XPATH_TOO_MANY_EXPRESSIONS: ['warning', 'more than 20 expressions, which Windows may refuse'],
  XPATH_FUNCTION_CASE: ['warning', 'a function in unusual case, which Windows may refuse'],
  XPATH_NAME_CASE: ['warning', 'the name of an element or attribute in wrong case: never matches'],
  XPATH_UNKNOWN_NAME: ['warning', 'an element or attribute the event schema does not have'],
  XPATH_OUTSIDE_SYSTEM: ['warning', 'an element of System is used outside System: never matches'],
  XPATH_NEVER_TRUE: ['warning', 'a condition, or two together, that no event can fulfil'],
  XPATH_LEVEL_WITHOUT_ZERO: ['warning', 'levels that leave out 0, which many events have'],
  XPATH_LITERAL_WILDCARD: ['warning', 'a value with `*` at an end: compared as it is written'],
} as const;

export type XPathCode = keyof typeof ENTRIES;

export const XPATH_CODES: Readonly<Record<XPathCode, XPathCodeEntry>> = Object.fromEntries(
  Object.entries(ENTRIES).map(([code, [severity, meaning, windowsError]]) => [
    code,
    { severity, meaning, ...(windowsError === undefined ? {} : { windowsError }) },
  ]),
) as Record<XPathCode, XPathCodeEntry>;
