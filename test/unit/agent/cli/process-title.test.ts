import assert from 'node:assert/strict';
import { test } from 'node:test';
import { titleWithoutSecrets } from '../../../../packages/agent/src/cli/process-title.ts';

test('a command line without passwords keeps its title', () => {
  assert.equal(
    titleWithoutSecrets(['run', '--config', 'agent.yaml', '--proxy-bypass=a']),
    undefined,
  );
  assert.equal(titleWithoutSecrets([]), undefined);
});

test('what may hold a password is hidden, however it is given', () => {
  const url = 'http://u:Canary@proxy.example:1/=x';
  const cases: [string[], string][] = [
    [['run', '--proxy', url, '--log-level', 'debug'], 'run --proxy *** --log-level debug'],
    [['run', `--proxy=${url}`], 'run --proxy=***'],
    [
      ['run', '--protected-settings-proxy', `{"password":"Canary"}`],
      'run --protected-settings-proxy ***',
    ],
    [['config', 'show', '--settings-proxy={}'], 'config show --settings-proxy=***'],
  ];
  for (const [args, title] of cases) assert.equal(titleWithoutSecrets(args), `dcr-agent ${title}`);
});
