import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../../../../packages/dcr-schema/src/diagnostic.ts';
import { parseRule } from '../../../../../packages/dcr-schema/src/rule/parse-rule.ts';
import { SAMPLE_PROPERTIES, SYSLOG_SOURCE, sampleRule } from '../../../../support/sample-rule.ts';

const [flow] = SAMPLE_PROPERTIES.dataFlows;

function found(properties: object, resource: object = {}): string[] {
  return parseRule(sampleRule(properties, resource)).diagnostics.map(line);
}

function line({ code, pointer, message, hint }: Diagnostic): string {
  return `${code} ${pointer.replace('/properties/', '')}: ${message}${hint ? ` (${hint})` : ''}`;
}

test('a wrong type says what was found and what was expected', () => {
  const cases: readonly (readonly [properties: object, expected: string])[] = [
    [
      { dataFlows: {} },
      "DCR_TYPE_WRONG dataFlows: 'dataFlows' is an object, expected a list of data flows (put it in [ ])",
    ],
    [
      { dataFlows: [7] },
      "DCR_TYPE_WRONG dataFlows/0: 'dataFlows[0]' is the number 7, expected a data flow",
    ],
    [
      { dataFlows: [{ ...flow, streams: 'Microsoft-Syslog' }] },
      'DCR_TYPE_WRONG dataFlows/0/streams: \'dataFlows[0].streams\' is the text "Microsoft-Syslog", ' +
        'expected a list of stream names (write ["Microsoft-Syslog"])',
    ],
    [
      { dataFlows: [{ ...flow, captureOverflow: 'True' }] },
      "DCR_TYPE_WRONG dataFlows/0/captureOverflow: 'dataFlows[0].captureOverflow' is the text " +
        '"True", expected true or false (write true without quotes)',
    ],
    [
      { destinations: [] },
      "DCR_TYPE_WRONG destinations: 'destinations' is a list, expected an object of destinations " +
        '(write an object, not a list of it)',
    ],
    [
      { description: 5 },
      'DCR_TYPE_WRONG description: \'description\' is the number 5, expected a text (write "5")',
    ],
    [
      { streamDeclarations: "[json('{}')]" },
      "DCR_TYPE_WRONG streamDeclarations: 'streamDeclarations' is the text \"[json('{}')]\", expected " +
        'an object of stream declarations (template expressions are not evaluated: write the value itself)',
    ],
  ];
  for (const [properties, expected] of cases) assert.deepEqual(found(properties), [expected]);
});

test('a number in quotes gets a hint', () => {
  const counters = {
    name: 'cpu',
    streams: ['Microsoft-Perf'],
    samplingFrequencyInSeconds: '60',
    counterSpecifiers: ['a'],
  };
  const dataSources = { performanceCounters: [counters], syslog: [SYSLOG_SOURCE] };
  const dataFlows = [flow, { ...flow, streams: ['Microsoft-Perf'] }];
  const [message] = found({ dataSources, dataFlows });
  assert.match(message ?? '', /the text "60", expected a number of seconds \(write 60 without/);
});

test('a missing member is said of the object that lacks it', () => {
  const { name: _, ...nameless } = SYSLOG_SOURCE;
  assert.deepEqual(found({ dataSources: { syslog: [nameless] } }), [
    "DCR_MEMBER_MISSING dataSources/syslog/0: 'syslog[0]' has no 'name', expected a name, unique in the rule",
  ]);
  assert.deepEqual(found({ destinations: undefined }), [
    "DCR_MEMBER_MISSING /properties: the rule has no 'destinations', expected an object of destinations",
  ]);
});

test('a misspelled required member is one finding, at its name', () => {
  const text = sampleRule().replace('"destinations": [', '"destination": [');
  const { diagnostics } = parseRule(text);
  assert.deepEqual(diagnostics.map(line), [
    "DCR_MEMBER_MISSING dataFlows/0/destination: 'dataFlows[0]' has 'destination' but no " +
      "'destinations'; expected a list of destination names (did you mean 'destinations'?)",
  ]);
  assert.equal(text.slice(diagnostics[0]!.position!.offset).startsWith('"destination"'), true);
});

test('an unknown member warns and suggests one that is not there yet', () => {
  assert.deepEqual(found({ dataFlows: [{ ...flow, outputStreams: 'x' }] }), [
    "DCR_MEMBER_UNKNOWN dataFlows/0/outputStreams: 'outputStreams' is not a member of a data flow; " +
      "it is ignored (did you mean 'outputStream'?)",
  ]);
  const twice = { ...flow, outputStream: 'Microsoft-Syslog', outputStreams: 'x' };
  assert.doesNotMatch(found({ dataFlows: [twice] })[0] ?? '', /did you mean/);
});

test('a member of the rule outside its properties is sent inside', () => {
  assert.deepEqual(found({}, { dataFlows: [] }), [
    "DCR_MEMBER_UNKNOWN /dataFlows: 'dataFlows' is not a member of a rule; it is ignored " +
      "(it belongs inside 'properties')",
  ]);
});

test('an unpublished value warns, with the nearest or the whole list', () => {
  const source = { ...SYSLOG_SOURCE, facilityNames: ['local8'], logLevels: ['Trace'] };
  assert.deepEqual(found({ dataSources: { syslog: [source] } }), [
    'DCR_VALUE_UNKNOWN dataSources/syslog/0/facilityNames/0: \'facilityNames[0]\' is "local8", which ' +
      "is not a published value (did you mean 'local0'?)",
    'DCR_VALUE_UNKNOWN dataSources/syslog/0/logLevels/0: \'logLevels[0]\' is "Trace", which is not a ' +
      'published value (known are *, Debug, Info, Notice, Warning, Error, Critical, Alert, Emergency)',
  ]);
});

test('a timestamp format of a text log that is not published warns', () => {
  const source = {
    name: 'app',
    streams: ['Custom-App'],
    filePatterns: ['/var/log/app.log'],
    format: 'text',
    settings: { text: { recordStartTimestampFormat: 'ISO8601' } },
  };
  const messages = found({
    dataSources: { logFiles: [source] },
    streamDeclarations: { 'Custom-App': { columns: [{ name: 'RawData', type: 'string' }] } },
    dataFlows: [{ ...flow, streams: ['Custom-App'] }],
  });
  assert.equal(messages.length, 1);
  assert.match(messages[0] ?? '', /^DCR_VALUE_UNKNOWN .*did you mean 'ISO 8601'/);
});

test('column types fail, with what to write in their place', () => {
  const hints = {
    guid: /toguid\(\)/,
    GUID: /toguid\(\)/,
    bool: /use 'boolean'/,
    double: /use 'real'/,
    strng: /did you mean 'string'/,
    colour: /known are string, int, long, real, boolean, datetime, dynamic/,
    constructor: /known are/,
  };
  for (const [type, hint] of Object.entries(hints)) {
    const { rule, diagnostics } = parseRule(
      sampleRule({
        streamDeclarations: { 'Custom-App': { columns: [{ name: 'a', type }] } },
        dataFlows: [flow, { ...flow, streams: ['Custom-App'] }],
      }),
    );
    assert.equal(rule, undefined);
    assert.deepEqual(
      diagnostics.map((d) => [d.code, d.pointer]),
      [['DCR_COLUMN_TYPE_INVALID', '/properties/streamDeclarations/Custom-App/columns/0/type']],
    );
    assert.match(diagnostics[0]?.hint ?? '', hint);
  }
});

test('a column type in other letter case warns and is read', () => {
  const { rule, diagnostics } = parseRule(
    sampleRule({
      streamDeclarations: { 'Custom-App': { columns: [{ name: 'a', type: 'DateTime' }] } },
      dataFlows: [flow, { ...flow, streams: ['Custom-App'] }],
    }),
  );
  assert.deepEqual(
    diagnostics.map((d) => d.code),
    ['DCR_VALUE_UNKNOWN'],
  );
  assert.deepEqual(rule?.streamDeclarations[0]?.columns, [{ name: 'a', type: 'datetime' }]);
});

test('empty texts and lists that must hold something fail', () => {
  const codesOf = (changes: object): string[] =>
    found({ dataFlows: [flow, { ...flow, ...changes }] }).map((m) => m.split(':')[0] ?? '');
  assert.deepEqual(codesOf({ streams: [] }), ['DCR_VALUE_EMPTY dataFlows/1/streams']);
  assert.deepEqual(codesOf({ streams: [''] }), ['DCR_VALUE_EMPTY dataFlows/1/streams/0']);
  assert.deepEqual(codesOf({ destinations: [] }), ['DCR_VALUE_EMPTY dataFlows/1/destinations']);
});

test('what the service alone writes may hold anything', () => {
  const readOnly = { provisioningState: 5, endpoints: [], metadata: 'x', ingestionQuotas: true };
  assert.deepEqual(found(readOnly, { systemData: 1, etag: 2, identity: 'x', sku: [] }), []);
});
