import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Explanation } from '@dcr-agent/schema/documents';
import fc from 'fast-check';
import { shortTarget } from '../../../../../packages/agent/src/cli/explain/short-target.ts';
import { explanationLines } from '../../../../../packages/agent/src/cli/explain/text.ts';
import { wrapped } from '../../../../../packages/agent/src/cli/explain/wrapped.ts';
import { WORKSPACE_ID } from '../../../../support/sample-rule.ts';
import { EMPTY_EXPLANATION, explanation, FULL_EXPLANATION } from './explanations.ts';

const MAIN = { name: 'main', target: `workspace ${WORKSPACE_ID}` };

test('a rule is shown with all its parts', () => {
  assert.deepEqual(explanationLines(FULL_EXPLANATION), [
    'web (Linux)',
    'for the Linux machines it is associated with',
    'First line',
    'and second',
    '',
    'messages (syslog)',
    '  reads    auth: warning and above',
    '           all facilities: all levels',
    '  when     as it comes',
    "  note     'mark' selects nothing",
    '  STREAM            TABLE   DESTINATION        VIA',
    '  Microsoft-Syslog  Syslog  main: workspace w  ODS',
    '  Microsoft-Syslog  My_CL   main: workspace w  Logs Ingestion at dce',
    "  Microsoft-Syslog  My_CL   hub: eventHubs h   NOT: destination 'hub' is not supported yet",
    '  columns  Microsoft-Syslog: TimeGenerated:datetime, Computer:string',
    '  changed  Microsoft-Syslog by flow 3, to the columns of: source | where true',
    '  NOWHERE  Microsoft-CiscoAsa: no data flow takes it',
    '',
    'counters (performanceCounters)',
    '  reads    Memory: Used',
    '  when     every 30 s',
    '  STREAM                     TABLE  DESTINATION                      VIA',
    '  Microsoft-InsightsMetrics  -      metrics: metrics of the machine  custom metrics',
    '',
    'ext (extensions)',
    '  reads    what the extension E collects',
    "  NOT DONE this agent does not collect it: data sources of kind 'extensions' are not supported yet",
    '  STREAM       TABLE  DESTINATION        VIA',
    '  Microsoft-X  X      main: workspace w  not by this agent',
    "  changed  Microsoft-X by flow 5, by the service's Built",
    '',
    'NEVER    flow 6 sends Microsoft-Perf to main, hub, and no data source collects it',
    '',
    'a note',
    'batches are sent when they are 2 s old, or sooner when they have nearly 1 MB',
  ]);
});

test('what comes from outside and what is set are shown', () => {
  const lines = explanationLines({
    ...EMPTY_EXPLANATION,
    received: [{ stream: 'Custom-A', flows: [{ flow: 0, table: 'A_CL', destinations: [MAIN] }] }],
    settings: [{ name: 'MaxDiskQuotaInMB', value: '5000', means: 'at most 5000 MB' }],
  });
  assert.deepEqual(lines, [
    'a rule without a name',
    'for programs',
    '',
    'what is sent to the rule from outside',
    '  STREAM    TABLE  DESTINATION        VIA',
    '  Custom-A  A_CL   main: workspace w  not by this agent',
    '',
    'MaxDiskQuotaInMB  5000  at most 5000 MB',
  ]);
});

test('a table that is too wide for a line becomes sentences', () => {
  const name = 'a-destination-with-a-name-that-is-far-too-long-for-any-table-of-a-terminal';
  const flows = [
    { flow: 0, table: 'Syslog', destinations: [{ ...MAIN, name, via: 'ODS' as const }] },
  ];
  const lines = explanationLines({
    ...EMPTY_EXPLANATION,
    received: [{ stream: 'Microsoft-Syslog', flows }],
  });
  assert.deepEqual(lines.slice(4), [
    '  goes     Microsoft-Syslog → Syslog →',
    `           ${name}: workspace w`,
    '           (ODS)',
  ]);
});

test('the lines of a nested query keep their indentation, and wrap behind it', () => {
  const item = `2. with EventID ${Array.from({ length: 30 }, (_, i) => 1000 + i).join(', ')}`;
  const [source] = FULL_EXPLANATION.dataSources;
  assert.ok(source);
  const reads = [`A: events that fulfil one of these:\n  1. with EventID 1\n  ${item}`];
  const lines = explanationLines({
    ...EMPTY_EXPLANATION,
    dataSources: [{ ...source, reads, streams: [], goesNowhere: [], notes: [] }],
  });
  assert.deepEqual(lines.slice(4, 7), [
    '  reads    A: events that fulfil one of these:',
    '             1. with EventID 1',
    '             2. with EventID 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011,',
  ]);
  assert.match(lines[7] ?? '', /^ {13}1012, 1013,/);
});

test('words are wrapped at 100 characters, and never cut', () => {
  assert.deepEqual(wrapped('- ', `${'a'.repeat(60)} ${'b'.repeat(37)}`), [
    `- ${'a'.repeat(60)} ${'b'.repeat(37)}`,
  ]);
  assert.deepEqual(wrapped('- ', `${'a'.repeat(60)} ${'b'.repeat(38)}`), [
    `- ${'a'.repeat(60)}`,
    `  ${'b'.repeat(38)}`,
  ]);
  assert.deepEqual(wrapped('- ', 'a'.repeat(200)), [`- ${'a'.repeat(200)}`]);
  assert.deepEqual(wrapped('head ', ''), ['head']);
});

test('a workspace is shown by its name, anything else as it is', () => {
  assert.equal(shortTarget(`workspace ${WORKSPACE_ID}`), 'workspace w');
  assert.equal(shortTarget('/subscriptions/s/dataCollectionEndpoints/dce'), 'dce');
  for (const text of ["workspace [parameters('w')]", 'metrics of the machine', '']) {
    assert.equal(shortTarget(text), text);
  }
});

test('whatever a rule is called, no line moves the cursor, and none is longer than it has to be', () => {
  fc.assert(
    fc.property(explanation, (each: Explanation) => {
      for (const line of explanationLines(each)) {
        assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
        // Behind what is in front of every line of a paragraph, one word may be longer.
        assert.ok(line.length <= 100 || !line.slice(11).trim().includes(' '), line);
      }
    }),
  );
});
