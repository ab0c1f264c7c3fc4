/** The names types have in Kusto, in tables and in the service's answers. */
import type { ValueType } from './transform-report.ts';

/** By name; `undefined` is a type of Kusto that no column of a stream or table has. */
const TYPES: ReadonlyMap<string, ValueType | undefined> = new Map([
  ...names('boolean', 'bool boolean'),
  ...names('datetime', 'date datetime'),
  ...names('real', 'real double float'),
  ...names('guid', 'guid uuid uniqueid'),
  ...names('int', 'int int8 int16 int32 uint8 uint16 uint32'),
  ...names('long', 'long int64 ulong uint64'),
  ...names('timespan', 'time timespan'),
  ...names('string', 'string'),
  ...names('dynamic', 'dynamic'),
  ...names(undefined, 'decimal'),
]);

/** As the service writes them. Source: `[produced:'Double', output:'Int']` in public reports. */
const SERVICE_NAMES: Readonly<Record<ValueType, string>> = {
  boolean: 'Bool',
  datetime: 'DateTime',
  dynamic: 'Dynamic',
  guid: 'Guid',
  int: 'Int',
  long: 'Long',
  real: 'Double',
  string: 'String',
  timespan: 'TimeSpan',
};

/** Conversions between types, each to be written `function(value)`. */
const CONVERSIONS: Readonly<Record<ValueType, string>> = {
  boolean: 'tobool',
  datetime: 'todatetime',
  dynamic: 'parse_json',
  guid: 'toguid',
  int: 'toint',
  long: 'tolong',
  real: 'toreal',
  string: 'tostring',
  timespan: 'totimespan',
};

/** Whether Kusto has a type of this name; letter case counts. */
export function isTypeName(name: string): boolean {
  return TYPES.has(name);
}

/** Whether `name(…)` is a literal, such as `datetime(2026-11-01)` or `long(null)`. */
export function isLiteralType(name: string): boolean {
  return TYPES.has(name) && name !== 'string' && name !== 'dynamic';
}

/** The type a name stands for; letter case is ignored, as tables write `Guid` and `guid`. */
export function typeNamed(name: string): ValueType | undefined {
  return TYPES.get(name.toLowerCase());
}

/** All names of types, to find what was meant. */
export function typeNames(): Iterable<string> {
  return TYPES.keys();
}

/** The type as the service writes it. */
export function serviceTypeName(type: ValueType): string {
  return SERVICE_NAMES[type];
}

/** The documented function that turns a value into this type. */
export function conversionTo(type: ValueType): string {
  return CONVERSIONS[type];
}

function names(type: ValueType | undefined, list: string): [string, ValueType | undefined][] {
  return list.split(' ').map((name) => [name, type]);
}
