import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configTable, shownOptions } from '../../../../packages/agent/src/cli/config.ts';
import { OPTIONS } from '../../../../packages/agent/src/config/options.ts';
import { resolveConfig } from '../../../../packages/agent/src/config/resolve-config.ts';

const resolved = resolveConfig({
  flags: { stateDir: './state' },
  env: { DCR_AGENT_CONFIG: 'agent.yaml', DCR_AGENT_LOG_LEVEL: 'debug' },
  readFile: () => 'control:\n  endpoint: http://127.0.0.1:7700\n',
});

test('every option is shown once, with its value and where it came from', () => {
  const shown = shownOptions(resolved);
  assert.deepEqual(
    shown.map(({ option }) => option),
    OPTIONS.map(({ path }) => path),
  );
  const of = (name: string) => shown.find(({ option }) => option === name);
  assert.equal(of('stateDir')?.origin, '--state-dir');
  assert.equal(of('log.level')?.value, 'debug');
  assert.equal(of('log.level')?.origin, 'DCR_AGENT_LOG_LEVEL');
  assert.match(of('control.endpoint')!.origin, /^agent\.yaml:2:\d+$/);
  const otherwise = 'rules come from the control plane';
  assert.deepEqual(of('rulesDir'), { option: 'rulesDir', otherwise, origin: 'default' });
});

test('the table has a column of origins when it is asked for', () => {
  const table = configTable(shownOptions(resolved), true).split('\n');
  assert.match(table[0]!, /^OPTION +VALUE +FROM$/);
  const lineOf = (option: string) => table.find((line) => line.startsWith(option))!;
  assert.match(lineOf('identity.clientId'), /^identity.clientId +- +default$/);
  assert.match(
    lineOf('buffer.quotaMegabytes'),
    /- +default: MaxDiskQuotaInMB of a rule of kind AgentSettings, 10000 without one$/,
  );
  const plain = configTable(shownOptions(resolved), false);
  assert.doesNotMatch(plain, /default$|FROM/m);
});
