import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type CheckReport,
  checkForwarding,
} from '../../../../../packages/agent/src/cli/syslog-config/check.ts';
import { rsyslogDropIn } from '../../../../../packages/agent/src/cli/syslog-config/rsyslog-drop-in.ts';
import type { AgentStatus } from '../../../../../packages/agent/src/health/status.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const HERE = { host: '127.0.0.1', port: 28_330 };
const MAIN = '$IncludeConfig FOLDER/*.conf\n';

/** What is told of drop-ins by name, of which ours is `60.conf`; no daemon is asked. */
async function check(files: Readonly<Record<string, string>>, main = MAIN): Promise<CheckReport> {
  const folder = join(await temporaryFolder(), 'rsyslog.d');
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const mainConfiguration = join(folder, '..', 'rsyslog.conf');
  await writeFile(mainConfiguration, main.replaceAll('FOLDER', folder));
  const facts = { tcp: [{ address: '0.0.0.0', port: HERE.port }] };
  const status = { sources: [{ key: 'syslog', facts }] } as unknown as AgentStatus;
  const found = { path: '/run/control.sock', status, refusals: [] };
  return checkForwarding({
    ...{ daemon: 'rsyslog', file: join(folder, '60.conf'), mainConfiguration },
    agent: { address: HERE, from: 'the running agent', found },
    env: { PATH: '' },
  });
}

/** Less what the daemon says, which may not be installed. */
async function findings(...asked: Parameters<typeof check>): Promise<string[]> {
  const { findings: all } = await check(...asked);
  return all.filter(({ what }) => !/does not accept/.test(what)).map(({ what }) => what);
}

const OURS = rsyslogDropIn(HERE);

test('a drop-in that is included, and gets its messages, is well', async () => {
  const files = { '50.conf': 'mail.* stop\n', '60.conf': OURS, '70.conf': '*.* stop\n' };
  assert.deepEqual(await findings({ ...files, '10.bak': '*.* stop\n' }), []);
});

test('an include in a comment is none', async () => {
  const include = 'include(file="FOLDER/*.conf")';
  assert.deepEqual(await findings({ '60.conf': OURS }, `/* kept */ ${include}\n`), []);
  for (const main of [`# ${include}\n`, `/*\n${include}\n*/\n`]) {
    assert.match((await findings({ '60.conf': OURS }, main)).join(), /^it does not include \S+$/);
  }
});

test('an earlier drop-in that discards everything is found, with what to do', async () => {
  const { findings: all } = await check({ '50.conf': '*.* /x\n& stop\n', '60.conf': OURS });
  const [found] = all.filter(({ where }) => where.endsWith('/50.conf'));
  assert.match(found?.what ?? '', /^it discards every message \(& stop\) before \S+ gets any$/);
  assert.match(found?.advice ?? '', /give 60\.conf a name that sorts before 50\.conf/);
});

test('a drop-in that sends to another machine is found, whatever the agent listens on', async () => {
  const elsewhere = rsyslogDropIn({ ...HERE, host: '203.0.113.9' });
  assert.deepEqual(await findings({ '60.conf': elsewhere }), [
    'it sends to 203.0.113.9:28330, and the agent listens on 0.0.0.0:28330',
  ]);
});

test('the forwarder that goes to the agent is judged, whatever stands in front of it', async () => {
  const siem = '*.* @siem.invalid:514\naction(type="omfwd" target="203.0.113.9" port="1")\n';
  const report = await check({ '60.conf': `${siem}${OURS}` });
  assert.equal(report.target, '127.0.0.1:28330');
  assert.deepEqual(await findings({ '60.conf': `${siem}${OURS}` }), []);
});
