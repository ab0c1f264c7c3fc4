import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countersInWords } from '../../../../packages/dcr-schema/src/explain/counters-in-words.ts';
import { kindInWords } from '../../../../packages/dcr-schema/src/explain/kind-in-words.ts';
import { noneOf, ordinal } from '../../../../packages/dcr-schema/src/explain/listed.ts';
import {
  syslogInWords,
  syslogNotes,
} from '../../../../packages/dcr-schema/src/explain/syslog-in-words.ts';
import type { SyslogDataSource } from '../../../../packages/dcr-schema/src/rule/rule.ts';
import { listed } from '../../../../packages/dcr-schema/src/rule/text/show.ts';

function syslog(facilityNames: readonly string[], logLevels: readonly string[]): SyslogDataSource {
  return { kind: 'syslog', name: 's', streams: ['Microsoft-Syslog'], facilityNames, logLevels };
}

const URGENT = ['Warning', 'Error', 'Critical', 'Alert', 'Emergency'];
const ALL = ['Debug', 'Info', 'Notice', ...URGENT];

test('levels up to Emergency are "and above", others are a list', () => {
  const cases: readonly (readonly [string[], string[], string])[] = [
    [['auth', 'authpriv'], URGENT, 'auth and authpriv: warning and above'],
    [['auth'], URGENT.toReversed(), 'auth: warning and above'],
    [['*'], ['*'], 'all facilities: all levels'],
    [['cron', '*'], ALL, 'all facilities: all levels'],
    [['cron'], ['Emergency'], 'cron: emergency only'],
    [['cron'], ['Debug'], 'cron: debug only'],
    [['a', 'b', 'c'], ['Error', 'Info', 'Debug'], 'a, b and c: debug, info and error'],
    [['cron'], ['Error', 'Emergency'], 'cron: error and emergency'],
    [['nopri'], ['Emergency'], 'nopri (messages without a priority): emergency only'],
    [['cron'], [], 'cron: no level'],
    [["[parameters('f')]"], ['{{level}}'], "[parameters('f')]: {{level}}"],
  ];
  for (const [names, levels, words] of cases) {
    assert.equal(syslogInWords(syslog(names, levels)), words);
  }
});

test('what selects nothing is told', () => {
  assert.match(syslogNotes(syslog(['mark'], ['*'])).join(), /'mark' selects nothing/);
  assert.match(syslogNotes(syslog(['nopri'], ['Alert'])).join(), /'nopri' selects nothing/);
  assert.deepEqual(syslogNotes(syslog(['nopri', 'cron'], ['Emergency', 'Alert'])), []);
  assert.deepEqual(syslogNotes(syslog(['nopri'], ["[parameters('l')]"])), []);
});

test('counters of one object and instance stand together', () => {
  assert.deepEqual(
    countersInWords([
      '\\Processor(_Total)\\% Processor Time',
      'Processor(*)\\% Idle Time',
      '\\Processor(*)\\% User Time',
      '\\Processor(*)\\% User Time',
      '\\Memory\\Available MBytes',
      'Logical Disk(/var)\\% Used Space',
      '\\VmInsights\\DetailedMetrics',
      "[parameters('counter')]",
      'nonsense',
    ]),
    [
      'Processor, the whole machine: % Processor Time',
      'Processor, all instances: % Idle Time and % User Time',
      'Memory: Available MBytes',
      'Logical Disk, instance /var: % Used Space',
      'the metrics of VM insights',
      "[parameters('counter')]",
      'nonsense',
    ],
  );
});

test('each kind of rule says whom it is for', () => {
  assert.match(kindInWords(undefined, true), /Linux and Windows$/);
  assert.match(kindInWords(undefined, false), /^for programs that send/);
  assert.match(kindInWords('linux', true), /^for the Linux machines/);
  assert.match(kindInWords('Windows', true), /^for the Windows machines/);
  assert.match(kindInWords('Direct', false), /its Logs Ingestion endpoint/);
  assert.match(kindInWords('WorkspaceTransforms', false), /^for a workspace/);
  assert.match(kindInWords('AgentSettings', false), /settings, nothing is collected/);
  assert.match(kindInWords('PlatformTelemetry', true), /^for Azure resources/);
  assert.match(kindInWords('AgentDirectToStore', true), /which this agent does not$/);
  assert.match(
    kindInWords("[parameters('kind')]", true),
    /parameters\('kind'\)\] is not known yet$/,
  );
  assert.match(kindInWords('constructor', true), /its kind constructor is not a published one$/);
});

test('lists and numbers read as English', () => {
  assert.equal(listed([], 'or'), '');
  assert.equal(listed(['a', 'b'], 'and'), 'a and b');
  assert.equal(noneOf(['a']), 'not a');
  const numbers = [1, 2, 3, 4, 11, 12, 13, 21, 101, 111];
  const words = '1st 2nd 3rd 4th 11th 12th 13th 21st 101st 111th';
  assert.equal(numbers.map(ordinal).join(' '), words);
});
