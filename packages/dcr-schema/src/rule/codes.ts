/**
 * Every finding about a rule, once: its severity and what it means. Codes are stable, texts are
 * not. `JSON_…` is about the text, `DCR_…` about the rule. The table in README.md is kept equal by
 * a test. What the service answers in the same case is in `service-answer.ts`.
 */
import type { Severity } from '../diagnostic.ts';

export interface CodeEntry {
  readonly severity: Severity;
  /** One line, without the particulars of a document. */
  readonly meaning: string;
}

/** No rule comes of a document with one of these. */
const ERRORS = {
  JSON_EMPTY: 'the text is empty',
  JSON_SYNTAX: 'the text is not JSON',
  JSON_MISSING_COMMA: 'a comma is missing between two members or items',
  JSON_TRAILING_COMMA: 'a comma stands before a closing bracket',
  JSON_UNTERMINATED: 'a string, comment, object or list is not closed',
  JSON_INVALID_STRING: 'a string holds a bad escape or a bare control character',
  JSON_DUPLICATE_MEMBER: 'an object has the same member twice',
  JSON_TOO_DEEP: 'the text is nested deeper than any rule',
  JSON_TOO_LARGE: 'the text holds more values than any rule',
  DCR_NOT_A_RULE: 'the document is not a rule',
  DCR_IS_TEMPLATE: 'the document is an ARM template',
  DCR_IS_POLICY: 'the document is an Azure Policy definition',
  DCR_IS_LIST: 'the document is a list of rules',
  DCR_WRONG_RESOURCE_TYPE: 'the document is a resource of another type',
  DCR_TYPE_WRONG: 'a value has the wrong type',
  DCR_MEMBER_MISSING: 'a required member is missing',
  DCR_VALUE_EMPTY: 'a text or list that must hold something is empty',
  DCR_COLUMN_TYPE_INVALID: 'a declared column has a type that does not exist',
  DCR_NAME_DUPLICATE: 'two data sources, destinations or others of one kind have the same name',
  DCR_COLUMN_DUPLICATE: 'a stream declares the same column twice',
  DCR_DESTINATION_UNKNOWN: 'a data flow names a destination that is not there',
  DCR_STREAM_NAME_INVALID: 'a stream has no possible name',
  DCR_STREAM_UNDECLARED: 'a custom stream is not in streamDeclarations',
  DCR_STREAM_WRONG_KIND: 'a data source cannot produce this stream',
  DCR_TRANSFORM_MANY_STREAMS: 'a flow transforms more than one stream',
  DCR_TRANSFORM_STREAM_GROUP: 'a flow transforms a stream group',
  DCR_STREAM_IN_GROUP: 'a data flow takes a stream beside the group it is in',
  DCR_OUTPUT_STREAM_MISSING: 'a flow of several custom streams has no outputStream',
  DCR_KIND_MISMATCH: 'a data source cannot run on the operating system of the kind',
  DCR_KIND_DESTINATIONS: 'a WorkspaceTransforms rule needs exactly one Log Analytics destination',
  DCR_LIMIT_EXCEEDED: 'more than the service accepts',
} as const;

const WARNINGS = {
  DCR_MEMBER_UNKNOWN: 'a member is not part of a rule and is ignored',
  DCR_MEMBER_NEWER: 'a member came with a newer API version than that of the document',
  DCR_VALUE_NEWER: 'a value came with a newer API version than that of the document',
  DCR_API_VERSION_UNKNOWN: 'the API version is not a published one',
  DCR_MEMBER_CASE: 'a member is written in other letter case',
  DCR_VALUE_UNKNOWN: 'a value is not among the published ones',
  DCR_VALUE_RANGE: 'a number is outside its usual range',
  DCR_EXPRESSION: 'a template expression or placeholder is taken as it is written',
  DCR_NAME_CASE: 'a name is referred to in other letter case',
  DCR_NAME_INVALID: 'the name of a rule or data source breaks a rule of common tools',
  DCR_DESTINATION_UNUSED: 'no data flow uses a destination',
  DCR_WORKSPACE_ID_FORM: 'a workspace is not given as the resource id of a workspace',
  DCR_STREAM_UNKNOWN: 'a stream is not known, or not for this kind of data source',
  DCR_STREAM_WITHOUT_SOURCE: 'no data source produces the stream of a data flow',
  DCR_STREAM_UNUSED: 'no data flow takes a declared stream',
  DCR_DATA_SOURCE_IDLE: 'what a data source collects goes nowhere',
  DCR_COLLECTS_NOTHING: 'a part of the rule is so empty that nothing is collected or sent',
  DCR_OUTPUT_TABLE_NAME: 'a custom table does not end in _CL',
  DCR_OUTPUT_MANY_DESTINATIONS: 'a data flow with an outputStream has more than one destination',
  DCR_DESTINATION_STREAM: 'a destination does not take the stream that is sent to it',
  DCR_TRANSFORM_TWICE: 'a data flow has two transformations of different kinds',
  DCR_TRANSFORMATION_UNKNOWN: 'a transformation is named that the rule does not have',
  DCR_FILE_PATTERN: 'a file pattern is not a path, or has a wildcard where none may be',
  DCR_COUNTER_FORM: 'a counter is not written as a path',
  DCR_INPUT_UNKNOWN: 'an extension names an input that is no data source of the rule',
  DCR_KIND_RETIRED: 'rules of this kind are not accepted any more',
  DCR_SAMPLING_INSIGHTS: 'InsightsMetrics counters are not sampled every 60 seconds',
  DCR_KIND_CONTENT: 'a rule of this kind does not use a part of the document',
  DCR_LIMIT_ADVISED: 'more than the documented limit',
  DCR_FINDINGS_OMITTED: 'there are more findings than are listed',
} as const;

export type RuleCode = keyof typeof ERRORS | keyof typeof WARNINGS;

export const RULE_CODES: Readonly<Record<RuleCode, CodeEntry>> = {
  ...entries('error', ERRORS),
  ...entries('warning', WARNINGS),
};

function entries<Code extends RuleCode>(
  severity: Severity,
  meanings: Readonly<Record<Code, string>>,
): Record<Code, CodeEntry> {
  const made = Object.entries<string>(meanings).map(([code, meaning]) => [
    code,
    { severity, meaning },
  ]);
  return Object.fromEntries(made) as Record<Code, CodeEntry>;
}
