import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRule } from '../../../../../packages/dcr-schema/src/rule/parse-rule.ts';
import { SAMPLE_PROPERTIES, SYSLOG_SOURCE, sampleRule } from '../../../../support/sample-rule.ts';

const [flow] = SAMPLE_PROPERTIES.dataFlows;
const columns = { columns: [{ name: 'TimeGenerated', type: 'datetime' }] };
const log = {
  name: 'app',
  streams: ['Custom-App'],
  filePatterns: ['/var/log/app.log'],
  format: 'json',
};

function found(properties: object, resource: object = {}): (string | undefined)[][] {
  return parseRule(sampleRule(properties, resource)).diagnostics.map(({ code, pointer, hint }) => {
    const place = [code, pointer.replace('/properties/', '')];
    return hint === undefined ? place : [...place, hint];
  });
}

test('a custom stream is declared, used by a data source and taken by a flow', () => {
  const properties = {
    streamDeclarations: { 'Custom-App': columns },
    dataSources: { logFiles: [log] },
    dataFlows: [{ ...flow, streams: ['Custom-App'] }],
  };
  assert.deepEqual(found(properties), []);
});

test('an undeclared stream is reported where it first stands, and only there', () => {
  const properties = {
    dataSources: { logFiles: [log] },
    dataFlows: [{ ...flow, streams: ['Custom-App'] }],
  };
  assert.deepEqual(found(properties), [
    ['DCR_STREAM_UNDECLARED', 'dataSources/logFiles/0/streams/0', 'declare its columns there'],
  ]);
});

test('a misspelled custom stream does not make its neighbours look unused', () => {
  const properties = {
    streamDeclarations: { 'Custom-App': columns },
    dataSources: { logFiles: [log] },
    dataFlows: [{ ...flow, streams: ['Custom-Ap'] }],
  };
  assert.deepEqual(found(properties), [
    ['DCR_STREAM_UNDECLARED', 'dataFlows/0/streams/0', "did you mean 'Custom-App'?"],
  ]);
});

test('a misspelled stream of the service is one warning', () => {
  assert.deepEqual(found({ dataFlows: [{ ...flow, streams: ['Microsoft-Sylog'] }] }), [
    ['DCR_STREAM_WITHOUT_SOURCE', 'dataFlows/0/streams/0', "did you mean 'Microsoft-Syslog'?"],
  ]);
});

test('without data sources any stream of the service may be sent in', () => {
  const dataFlows = [{ ...flow, streams: ['Microsoft-CommonSecurityLog'] }];
  assert.deepEqual(found({ dataSources: undefined, dataFlows }), []);
  assert.deepEqual(found({ dataSources: {}, dataFlows }, { kind: 'Direct' }), []);
});

test('a stream is declared once for all letter cases', () => {
  const properties = {
    streamDeclarations: { 'Custom-App': columns },
    dataSources: { logFiles: [{ ...log, streams: ['custom-app'] }] },
    dataFlows: [{ ...flow, streams: ['CUSTOM-APP'] }],
  };
  const { rule, diagnostics } = parseRule(sampleRule(properties));
  assert.deepEqual(
    diagnostics.map((d) => d.code),
    ['DCR_NAME_CASE'],
  );
  assert.deepEqual(rule?.dataSources[0]?.streams, ['Custom-App']);
  assert.deepEqual(rule?.dataFlows[0]?.streams, ['Custom-App']);
});

test('declarations and data sources that nothing takes warn', () => {
  const properties = {
    streamDeclarations: { 'Custom-App': columns, 'Custom-Idle': columns },
    dataSources: { logFiles: [log], syslog: [SYSLOG_SOURCE] },
  };
  assert.deepEqual(found(properties), [
    ['DCR_DATA_SOURCE_IDLE', 'dataSources/logFiles/0/streams/0'],
    ['DCR_STREAM_UNUSED', 'streamDeclarations/Custom-Idle'],
  ]);
});

test('what an extension takes in is not idle', () => {
  const properties = {
    dataSources: {
      syslog: [SYSLOG_SOURCE],
      extensions: [
        {
          name: 'x',
          extensionName: 'X',
          streams: ['Microsoft-X'],
          inputDataSources: ['messages'],
        },
      ],
    },
    dataFlows: [{ ...flow, streams: ['Microsoft-X'] }],
  };
  assert.deepEqual(found(properties), []);
});

test('a data source of the wrong type leaves its flows in peace', () => {
  const codesOf = (dataSources: unknown): unknown[] => found({ dataSources }).map(([code]) => code);
  assert.deepEqual(codesOf([]), ['DCR_TYPE_WRONG']);
  assert.deepEqual(codesOf({ syslog: SYSLOG_SOURCE }), ['DCR_TYPE_WRONG']);
  assert.deepEqual(codesOf({ syslog: [5] }), ['DCR_TYPE_WRONG']);
  const source = { ...SYSLOG_SOURCE, streams: 'Microsoft-Syslog' };
  assert.deepEqual(codesOf({ syslog: [source] }), ['DCR_TYPE_WRONG']);
  const { streams: stream, ...rest } = SYSLOG_SOURCE;
  assert.deepEqual(codesOf({ syslog: [{ ...rest, stream }] }), ['DCR_MEMBER_UNKNOWN']);
  assert.deepEqual(codesOf({ sylog: [SYSLOG_SOURCE] }), ['DCR_MEMBER_UNKNOWN']);
});

test('streamDeclarations of the wrong type leave custom streams in peace', () => {
  const properties = {
    streamDeclarations: [],
    dataSources: { logFiles: [log] },
    dataFlows: [{ ...flow, streams: ['Custom-App'] }],
  };
  assert.deepEqual(
    found(properties).map(([code]) => code),
    ['DCR_TYPE_WRONG'],
  );
});

test('each kind of data source produces its own streams or custom ones', () => {
  const codesOf = (array: string, source: object, stream: string): unknown[] => {
    const dataSources = { [array]: [{ ...source, streams: [stream] }] };
    const dataFlows = [{ ...flow, streams: [stream] }];
    const streamDeclarations = { 'Custom-App': columns };
    const declared = stream === 'Custom-App' ? { streamDeclarations } : {};
    return found({ dataSources, dataFlows, ...declared }).map(([code]) => code);
  };
  const events = { name: 'e', xPathQueries: ['System!*'] };
  assert.deepEqual(codesOf('windowsEventLogs', events, 'Microsoft-SecurityEvent'), []);
  assert.deepEqual(codesOf('windowsEventLogs', events, 'microsoft-event'), ['DCR_NAME_CASE']);
  assert.deepEqual(codesOf('windowsEventLogs', events, 'Custom-App'), []);
  assert.deepEqual(codesOf('windowsEventLogs', events, 'Microsoft-Perf'), [
    'DCR_STREAM_WRONG_KIND',
  ]);
  assert.deepEqual(codesOf('windowsEventLogs', events, 'Microsoft-New'), ['DCR_STREAM_UNKNOWN']);
  assert.deepEqual(codesOf('windowsEventLogs', events, 'Event'), ['DCR_STREAM_NAME_INVALID']);
  assert.deepEqual(codesOf('logFiles', log, 'Microsoft-New'), ['DCR_STREAM_WRONG_KIND']);
  const cache = 'Microsoft.Cache/redis:Metrics-Group-All';
  assert.deepEqual(codesOf('platformTelemetry', { name: 'p' }, cache), []);
});

test('a declaration is named Custom-…', () => {
  const properties = { streamDeclarations: { App_CL: columns, 'Custom-': columns } };
  assert.deepEqual(
    found({
      ...properties,
      dataFlows: [{ ...flow, streams: [...flow!.streams, 'App_CL', 'Custom-'] }],
    })
      .filter(([code]) => code === 'DCR_STREAM_NAME_INVALID')
      .map(([, pointer, hint]) => [pointer, hint]),
    [
      ['streamDeclarations/App_CL', "did you mean 'Custom-App_CL'?"],
      ['streamDeclarations/Custom-', "stream names start with 'Custom-'"],
    ],
  );
});
