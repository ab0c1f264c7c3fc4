/**
 * Functions of transformations. Source: "Supported KQL features in Azure Monitor transformations",
 * page of 2026-01-20; the types they return are those of Kusto.Language.
 */
import type { ValueType } from './transform-report.ts';

/** Where the type of a call comes from: a type, or those of arguments. */
export type ResultType = ValueType | 'first argument' | 'branches' | 'all arguments' | 'unknown';

/** By result. The last line of a type is not documented, but stands in rules the service took. */
const BY_RESULT: readonly (readonly [ResultType, string])[] = [
  ['boolean', 'tobool isfinite isinf isnan isempty isnotempty isnull isnotnull'],
  ['boolean', 'not'],
  ['datetime', 'todatetime ago datetime_add make_datetime now'],
  ['datetime', 'startofday startofmonth startofweek startofyear'],
  ['datetime', 'endofday endofmonth endofweek endofyear'],
  ['datetime', 'unixtime_milliseconds_todatetime'],
  ['timespan', 'totimespan make_timespan dayofweek'],
  ['real', 'todouble toreal exp exp10 exp2 log log10 log2 pow'],
  ['int', 'toint datetime_part dayofmonth dayofyear getmonth getyear hourofday weekofyear'],
  ['long', 'tolong datetime_diff array_length countof indexof strlen'],
  ['long', 'binary_and binary_or binary_not binary_xor binary_shift_left binary_shift_right'],
  ['string', 'tostring base64_encodestring base64_decodestring gettype hash_sha256'],
  ['string', 'strcat strcat_delim substring tolower toupper'],
  ['string', 'replace'],
  ['guid', 'toguid'],
  ['dynamic', 'array_concat extract_all pack pack_array parse_json parse_xml split zip'],
  ['dynamic', 'parse_cef_dictionary geo_location'],
  ['dynamic', 'todynamic bag_merge'],
  ['first argument', 'abs bin floor ceiling round'],
  ['branches', 'iif case'],
  ['branches', 'iff'],
  ['all arguments', 'max_of min_of'],
  ['unknown', 'sign extract columnifexists lookup_string_am'],
];

/** Functions that pass without a finding, by name, with where their type comes from. */
export const TRANSFORM_FUNCTIONS: ReadonlyMap<string, ResultType> = new Map(
  BY_RESULT.flatMap(([result, names]) => names.split(' ').map((name) => [name, result] as const)),
);

/** The type of a call, where the types of its arguments tell it. */
export function resultType(
  name: string,
  types: readonly (ValueType | undefined)[],
): ValueType | undefined {
  const result = TRANSFORM_FUNCTIONS.get(name);
  if (result === 'first argument') return types[0];
  if (result === 'all arguments') return shared(types);
  if (result === 'branches') return shared(types.filter((_, i) => isBranch(i, types.length)));
  return result === 'unknown' ? undefined : result;
}

/** `iff(condition, then, else)`, `case(condition, then, condition, then, …, else)`. */
function isBranch(index: number, count: number): boolean {
  return index % 2 === 1 || index === count - 1;
}

function shared(types: readonly (ValueType | undefined)[]): ValueType | undefined {
  return types.every((type) => type === types[0]) ? types[0] : undefined;
}

/**
 * Functions whose result, unnamed, is a column with the name of their first argument:
 * `project tostring(Id)` makes `Id`. Source: Kusto.Language, ResultNameKind.FirstArgument.
 */
export const KEEPS_NAME: ReadonlySet<string> = new Set(
  [
    'tobool todatetime todouble todynamic toguid toint tolong toreal tostring totimespan',
    'parse_json parse_xml split startofday abs bin floor ceiling round pow exp exp2 exp10',
    'log log2 log10 binary_and binary_or binary_not binary_xor binary_shift_left',
    'binary_shift_right',
  ]
    .join(' ')
    .split(' '),
);

/**
 * Functions the service was reported to refuse, with what to write instead. `columnifexists` is
 * the documentation's advice, the others are common practice.
 */
export const REFUSED_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['coalesce', 'write iff(isnotempty(a), a, b)'],
  ['column_ifexists', 'write columnifexists'],
  ['replace_string', 'write replace'],
  ['replace_regex', 'write replace'],
  ['bag_keys', 'name the members: value.member'],
  ['bag_pack', 'write pack'],
]);

/** What to write instead of functions that are not documented, where the documentation has it. */
export const DOCUMENTED_SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['base64_encode_tostring', 'base64_encodestring'],
  ['base64_decode_tostring', 'base64_decodestring'],
  ['toboolean', 'tobool'],
  ['notempty', 'isnotempty'],
  ['notnull', 'isnotnull'],
  ['parsejson', 'parse_json'],
  ['toobject', 'parse_json'],
  ['extractall', 'extract_all'],
  ['arraylength', 'array_length'],
  ['pack_dictionary', 'pack'],
  ['week_of_year', 'weekofyear'],
  ['monthofyear', 'getmonth'],
  ['datepart', 'datetime_part'],
]);

/** Names from other languages, in lower case. */
export const FOREIGN_NAMES: ReadonlyMap<string, string> = new Map([
  ['if', 'iff'],
  ['ifelse', 'iff'],
  ['concat', 'strcat'],
  ['len', 'strlen'],
  ['length', 'strlen'],
  ['lower', 'tolower'],
  ['upper', 'toupper'],
  ['string', 'tostring'],
  ['substr', 'substring'],
]);
