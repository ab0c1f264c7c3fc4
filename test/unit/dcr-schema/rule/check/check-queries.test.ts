import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ParsedRule,
  parseRule,
} from '../../../../../packages/dcr-schema/src/rule/parse-rule.ts';
import { SAMPLE_PROPERTIES, sampleRule } from '../../../../support/sample-rule.ts';

const [flow] = SAMPLE_PROPERTIES.dataFlows;
const PLACE = '/properties/dataSources/windowsEventLogs/0/xPathQueries';

function textOf(...xPathQueries: readonly string[]): string {
  const source = { name: 'e', streams: ['Microsoft-Event'], xPathQueries };
  const dataFlows = [{ ...flow, streams: ['Microsoft-Event'] }];
  return sampleRule({ dataSources: { windowsEventLogs: [source] }, dataFlows });
}

function found({ diagnostics }: ParsedRule): string[] {
  return diagnostics.map(({ code, pointer, severity }) => `${severity} ${code} ${pointer}`);
}

test('an entry is a channel and a query', () => {
  const good = parseRule(textOf('Security!*', 'A (x)/B%4!*[System[EventID!=1]]'));
  assert.deepEqual(found(good), []);
  const bad = parseRule(textOf('Security!', '!*', '*[System]', ' ', 'System!*'));
  assert.deepEqual(found(bad), [
    `error XPATH_EMPTY_QUERY ${PLACE}/0`,
    `error XPATH_NO_CHANNEL ${PLACE}/1`,
    `error XPATH_NO_CHANNEL ${PLACE}/2`,
    `error XPATH_NO_CHANNEL ${PLACE}/3`,
  ]);
  assert.deepEqual(found(parseRule(textOf())), [`error DCR_VALUE_EMPTY ${PLACE}`]);
});

test('a refused query leaves the rule with all that was written', () => {
  const { rule } = parseRule(textOf('System!*', 'System!*[Foo()]'));
  const [source] = rule!.dataSources;
  assert.ok(source?.kind === 'windowsEventLogs');
  assert.deepEqual(source.xPathQueries, ['System!*', 'System!*[Foo()]']);
});

test('any other error leaves no rule, whatever the queries', () => {
  const text = textOf('System!*[Foo()]').replace('"Microsoft-Event"', '5');
  assert.equal(parseRule(text).rule, undefined);
});

test('the place is the character of the query, escapes before it counted as written', () => {
  const query = 'System!*[EventData[Data[@Name="ä\t"]="x"] and System[Event ID=4]]';
  const plain = textOf(query);
  for (const text of [plain, plain.replace('ä', String.raw`\u00e4`)]) {
    const [diagnostic] = parseRule(text).diagnostics;
    const { offset, line, column } = diagnostic!.position!;
    assert.equal(text.slice(offset).split('=')[0], 'ID');
    assert.equal(line, text.slice(0, offset).split('\n').length);
    assert.equal(column, offset - text.lastIndexOf('\n', offset));
  }
});

test('a query without its star is accepted as by the service, with a warning', () => {
  const parsed = parseRule(textOf('System![System[(Level = 1)]]'));
  assert.deepEqual(found(parsed), [`warning XPATH_MISSING_STAR ${PLACE}/0`]);
  assert.ok(parsed.rule !== undefined);
});

test('warnings of the query language are warnings of the rule', () => {
  const parsed = parseRule(textOf('System!*[System[EventId=4]]'));
  assert.deepEqual(found(parsed), [`warning XPATH_NAME_CASE ${PLACE}/0`]);
});

test('values only the deployment knows are left alone', () => {
  assert.deepEqual(
    found(parseRule(textOf("[parameters('query')]"))).filter((at) => at.includes('XPATH')),
    [],
  );
});
