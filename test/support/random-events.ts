/** Random events with typed values, and random queries that have something to find in them. */
import fc from 'fast-check';
import type { DataTypes } from './evtx-writer/authored-event.ts';
import { type EventFields, eventXml } from './evtx-writer/event-xml.ts';

const TIMES = ['2025-06-08T07:12:52.1635583Z', '2025-06-08T07:12:52.1635584Z'];
const SIDS = ['S-1-5-18', 'S-1-5-21-1004336348-1177238915-682003330-512'];
const GUIDS = ['{0000000a-0000-0000-0000-00000000beef}'];
const NUMBERS = ['0', '1', '3', '10', '4624', '65535'];
const HEX = ['0x0', '0x3e7', '0x8020000000000000', '0x20000000000001'];
const TEXTS = ['', 'Anna', 'ANNA', 'ä', 'x y ', '-', '007', 'a<b&"c', '0x3E7', ...NUMBERS, ...SIDS];

/** How the data of a name is stored. */
export const DATA_TYPES: DataTypes = {
  Count: 'uint32',
  Flag: 'boolean',
  Mask: 'hex64',
  Moment: 'filetime',
  Owner: 'sid',
  Thing: 'guid',
};

const VALUES: Readonly<Record<string, readonly string[]>> = {
  Count: NUMBERS,
  Flag: ['true', 'false'],
  Mask: HEX,
  Moment: TIMES,
  Owner: SIDS,
  Thing: GUIDS,
  Text: TEXTS,
  Other: TEXTS,
};

const of = (values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

const data = fc.record(
  Object.fromEntries(Object.entries(VALUES).map(([name, values]) => [name, of(values)])),
  { requiredKeys: [] },
);

/** The XML of an event. */
export const randomEvent: fc.Arbitrary<string> = fc
  .record(
    {
      provider: of(['Test-Provider', 'test-provider', 'Other']),
      eventId: fc.constantFrom(1, 3, 10, 4624),
      level: fc.nat(5),
      keywords: of(HEX.slice(2)),
      time: of(TIMES),
      channel: of(['Security', 'Application']),
      userId: of(SIDS),
      data,
    },
    { requiredKeys: ['data'] },
  )
  .map((fields) => eventXml(fields as EventFields));

const CONSTANTS = [...TIMES, ...SIDS, ...GUIDS, ...HEX, ...TEXTS.filter((t) => !t.includes('"'))];
const MORE_CONSTANTS = ['anna', 'True', '0X3E7', 's-1-5-18', '2025-06-08', '1e1', '10.0'];
const OPERATORS = ['=', '=', '!=', '<', '<=', '>', '>='];

const constant = fc.oneof(
  of([...CONSTANTS, ...MORE_CONSTANTS]).map((text) => `'${text}'`),
  of(['0', '1', '3', '4', '10', '4624', '-1', '1.5']),
);

const systemPath = of([
  'EventID',
  'Level',
  'Keywords',
  'Channel',
  'Provider/@Name',
  'TimeCreated/@SystemTime',
  'Security/@UserID',
  'Execution/@ProcessID',
  'Correlation/@ActivityID',
  'NoSuchElement',
  '*',
]);

const dataPath = fc.oneof(
  of(Object.keys(VALUES)).map((name) => `Data[@Name='${name}']`),
  of(['Data', 'Data/@Name', 'Data[1]', 'Data[position()>1]', '*', 'Data/text()']),
);

/** A condition on paths, compared, masked, measured, or alone. */
function conditionOn(path: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const compared = fc.tuple(path, of(OPERATORS), constant).map((parts) => parts.join(''));
  const masked = fc
    .tuple(path, of(['1', '9007199254740993', '-9223372036854775808']))
    .map(([left, mask]) => `band(${left},${mask})`);
  const maskCompared = fc
    .tuple(masked, of(OPERATORS), fc.oneof(of(['0', '1', '2', '9007199254740993']), constant))
    .map((parts) => parts.join(''));
  const measured = fc
    .tuple(path, of(['', ",'2025-06-08T08:00:00Z'"]), of(OPERATORS), of(['0', '-1', '2827836']))
    .map(([left, until, operator, ms]) => `timediff(${left}${until})${operator}${ms}`);
  return fc.oneof(compared, compared, compared, masked, maskCompared, measured, path);
}

function joined(condition: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const pair = fc
    .tuple(condition, of([' and ', ' or ']), condition)
    .map(([left, operator, right]) => `(${left}${operator}${right})`);
  return fc.oneof(condition, pair);
}

const part = fc.oneof(
  joined(conditionOn(systemPath)).map((inside) => `System[${inside}]`),
  joined(conditionOn(dataPath)).map((inside) => `EventData[${inside}]`),
  conditionOn(systemPath.map((path) => `System/${path}`)),
  conditionOn(dataPath.map((path) => `EventData/${path}`)),
);

/** A query that is accepted. */
export const randomQuery: fc.Arbitrary<string> = fc
  .array(fc.tuple(of(['*', 'Event']), joined(part)), { minLength: 1, maxLength: 2 })
  .chain((selectors) =>
    of([' and ', ' or ']).map((operator) =>
      selectors.map(([start, inside]) => `${start}[${inside}]`).join(operator),
    ),
  );
