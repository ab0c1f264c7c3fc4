import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseRule } from '@dcr-agent/schema';
import { readInputs } from '../../../../../packages/agent/src/cli/replay/read-inputs.ts';
import type { ReplayedRule } from '../../../../../packages/agent/src/replay/rule-plan.ts';
import { SYSLOG_SOURCE, sampleRule } from '../../../../support/sample-rule.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const folder = await temporaryFolder();
const FILE = join(folder, 'a.log');
await writeFile(FILE, 'four');

function rules(dataSources: object = { syslog: [SYSLOG_SOURCE] }): ReplayedRule[] {
  const { rule, diagnostics } = parseRule(sampleRule({ dataSources }));
  assert.ok(rule, JSON.stringify(diagnostics));
  return [{ file: 'rule.json', rule }];
}

test('a kind is for every data source of it, under its short name and that of rules', () => {
  const { inputs, mistakes, missing } = readInputs([`syslog=${FILE}`, `SYSLOG=${FILE}`], rules());
  assert.deepEqual([...mistakes, ...missing], []);
  const expected = { kind: 'syslog', path: FILE };
  const files = [{ name: FILE, kind: 'file', size: 4 }];
  assert.deepEqual(inputs, [
    { ...expected, files },
    { ...expected, files },
  ]);
});

test('the name of a data source stands for it', () => {
  const [input] = readInputs([`messages=${FILE}`], rules()).inputs;
  assert.deepEqual([input?.kind, input?.dataSource], ['syslog', 'messages']);
});

test('a path may hold what parts kind and path', async () => {
  const odd = join(folder, 'a=b.log');
  await writeFile(odd, '');
  const [input] = readInputs([`syslog=${odd}`], rules()).inputs;
  assert.equal(input?.path, odd);
});

test('a kind that no rule reads, an unknown word and no path are mistakes', () => {
  const { mistakes } = readInputs(
    [`events=${FILE}`, `mesages=${FILE}`, 'syslog', 'syslog=', '=a'],
    rules(),
  );
  assert.match(mistakes[0]!, /no data source that reads windowsEventLogs/);
  assert.match(mistakes[1]!, /did you mean 'messages'\?/);
  for (const mistake of mistakes.slice(2)) assert.match(mistake, /write KIND=PATH/);
  assert.equal(mistakes.length, 5);
});

test('records of a data source that samples come from no file', () => {
  const counters = {
    performanceCounters: [
      {
        ...{ name: 'cpu', streams: ['Microsoft-Perf'], samplingFrequencyInSeconds: 60 },
        counterSpecifiers: ['\\Processor(*)\\% Processor Time'],
      },
    ],
  };
  const { rule } = parseRule(
    sampleRule({
      dataSources: counters,
      dataFlows: [{ streams: ['Microsoft-Perf'], destinations: ['main'] }],
    }),
  );
  const { mistakes } = readInputs([`cpu=${FILE}`], [{ file: '', rule: rule! }]);
  assert.match(mistakes[0]!, /'cpu' cannot be replayed from a file/);
});

test('a folder stands for its files, hidden ones left out, in the order of their names', async () => {
  const logs = join(folder, 'logs');
  await mkdir(logs);
  for (const name of ['b', '.hidden', 'a']) await writeFile(join(logs, name), '');
  const [input] = readInputs([`syslog=${logs}`], rules()).inputs;
  assert.deepEqual(
    input?.files.map(({ name }) => name),
    [join(logs, 'a'), join(logs, 'b')],
  );
});

test('a file that is not there is missing', () => {
  const { missing } = readInputs([`syslog=${join(folder, 'nowhere')}`], rules());
  assert.match(missing[0]!, /ENOENT/);
});

test('in a folder a link to nothing, and what is packed, is passed over and told', async () => {
  const logs = join(folder, 'mixed');
  await mkdir(logs);
  for (const name of ['a', 'a.1.gz', 'a.evtx']) await writeFile(join(logs, name), '');
  await symlink(join(folder, 'gone'), join(logs, 'dead'));
  const { inputs, missing } = readInputs([`syslog=${logs}`], rules());
  assert.deepEqual(missing, []);
  assert.deepEqual(
    inputs[0]?.files.map(({ name }) => name),
    [join(logs, 'a')],
  );
  const problems = inputs[0]?.problems?.join('\n') ?? '';
  assert.match(problems, /dead: .*ENOENT/);
  assert.match(problems, /a\.1\.gz: passed over, as it is packed/);
  assert.match(problems, /a\.evtx: passed over, as it is an event log/);
  const packed = join(folder, 'packed');
  await mkdir(packed);
  await writeFile(join(packed, 'a.gz'), '');
  assert.match(readInputs([`syslog=${packed}`], rules()).missing[0] ?? '', /unpack it first/);
});
