import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttachedRule } from '../../../../packages/dcr-schema/src/overlap/attached-rule.ts';
import {
  findDuplicateRuleNames,
  notesForAzure,
} from '../../../../packages/dcr-schema/src/overlap/rule-notes.ts';
import { attach } from './attached-rules.ts';

const FLOW = { streams: ['Microsoft-Syslog'], destinations: ['law'] };
const SYSLOG = {
  syslog: [{ name: 's', streams: FLOW.streams, facilityNames: ['*'], logLevels: ['*'] }],
};

function named(source: string, name?: string, id?: string): AttachedRule {
  return attach(source, {
    ...(name !== undefined && { name }),
    ...(id !== undefined && { id }),
    dataSources: SYSLOG,
    dataFlows: [FLOW],
  });
}

test('names that several rules have are told once each', () => {
  const rules = [
    named('a', 'base'),
    named('b'),
    named('c', 'Base'),
    named('d', 'own'),
    named('e'),
    named('f', 'BASE'),
  ];
  assert.deepEqual(findDuplicateRuleNames(rules), [
    {
      code: 'OVERLAP_RULE_NAME',
      severity: 'warning',
      places: [0, 2, 5].map((ruleIndex) => ({ ruleIndex, pointer: '/name' })),
      message: "'a', 'c' and 'f' have the same rule name, 'base'",
      hint: 'give each rule its own name, or remove the copy',
    },
  ]);
});

test('rules of several resource groups may have one name', () => {
  const id = (group: string): string =>
    `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.Insights/dataCollectionRules/base`;
  const notes = (a: string, b: string): number =>
    findDuplicateRuleNames([named('a', 'base', id(a)), named('b', 'base', id(b))]).length;
  assert.equal(notes('one', 'two'), 0);
  assert.equal(notes('one', 'ONE'), 1);
});

test('a stream of log files that goes to two workspaces is told at the second', () => {
  const rule = attach('x.json', {
    workspaces: ['one', 'two'],
    streams: ['Custom-A_CL', 'Custom-B_CL'],
    dataSources: {
      logFiles: ['A', 'B'].map((table) => ({
        name: table,
        streams: [`Custom-${table}_CL`],
        filePatterns: [`/var/log/${table}`],
        format: 'text',
      })),
      ...SYSLOG,
    },
    dataFlows: [
      { streams: ['Custom-A_CL'], destinations: ['one'] },
      { streams: ['Custom-B_CL'], destinations: ['one'] },
      { streams: ['Microsoft-Syslog'], destinations: ['one', 'two'] },
      { streams: ['Custom-A_CL'], destinations: ['two'] },
    ],
  });
  assert.deepEqual(notesForAzure([rule]), [
    {
      code: 'AZURE_STREAM_MANY_WORKSPACES',
      severity: 'warning',
      places: [{ ruleIndex: 0, pointer: '/properties/dataFlows/3/destinations' }],
      message: "the stream 'Custom-A_CL' of 'x.json' is sent to 2 workspaces",
      hint: 'Azure takes a text or JSON stream into one workspace only; declare another stream for the other',
    },
  ]);
});

test('more than 30 rules are more than Azure lets be associated', () => {
  const rules = Array.from({ length: 32 }, (_, i) => named(`${i}`));
  assert.deepEqual(notesForAzure(rules.slice(0, 30)), []);
  const [note, ...others] = notesForAzure(rules);
  assert.deepEqual(others, []);
  assert.equal(note?.code, 'AZURE_RULES_PER_MACHINE');
  assert.deepEqual(
    note?.places.map(({ ruleIndex }) => ruleIndex),
    [30, 31],
  );
  assert.equal(note?.message, 'the machine has 32 rules, Azure allows 30');
});
