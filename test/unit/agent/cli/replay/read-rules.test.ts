import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRules } from '../../../../../packages/agent/src/cli/replay/read-rules.ts';
import { sampleRule } from '../../../../support/sample-rule.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const folder = await temporaryFolder();

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test('good rules are read, bad ones are told with their place, missing ones with their name', async () => {
  const good = await file('good.json', sampleRule());
  const bad = await file('bad.json', sampleRule({ dataFlows: [{ streams: [] }] }));
  const nowhere = join(folder, 'nowhere.json');
  const { rules, findings, hasErrors, unreadable } = readRules([good, bad, nowhere]);
  assert.deepEqual(
    rules.map((each) => each.file),
    [good],
  );
  assert.ok(hasErrors);
  assert.match(findings.join('\n'), new RegExp(`${bad}:\\d+:\\d+: error DCR_`));
  assert.match(unreadable.join('\n'), /nowhere\.json: .*ENOENT/);
});

test('documents that hold rules give all of them, others are told', async () => {
  const list = await file('list.json', `[${sampleRule()}, ${sampleRule()}]`);
  const none = await file('none.json', '{"policyRule": {}}');
  const { rules, hasErrors, unreadable } = readRules([list, none]);
  assert.deepEqual(
    rules.map((each) => each.file),
    [list, list],
  );
  assert.ok(!hasErrors);
  assert.deepEqual(unreadable, [`${none}: the document is an Azure Policy definition, not a rule`]);
});

test('no file, no rule, no mistake', () => {
  assert.deepEqual(readRules([]), {
    rules: [],
    findings: [],
    hasErrors: false,
    unreadable: [],
  });
});

test('lists and entries that only a deployment knows are told by data source', async () => {
  const source = (name: string, xPathQueries: unknown) => {
    return { name, streams: ['Microsoft-Event'], xPathQueries };
  };
  const text = sampleRule({
    dataSources: {
      windowsEventLogs: [
        source('known', ['System!*']),
        source('list', "[parameters('queries')]"),
        source('entry', ['System!*', "[parameters('query')]"]),
      ],
    },
    dataFlows: [{ streams: ['Microsoft-Event'], destinations: ['main'] }],
  });
  const { rules } = readRules([await file('unknown.json', text)]);
  const member = 'xPathQueries';
  assert.deepEqual(rules[0]?.unknowns, [
    { dataSource: 'list', member, expression: "[parameters('queries')]" },
    { dataSource: 'entry', member, expression: "[parameters('query')]" },
  ]);
});
