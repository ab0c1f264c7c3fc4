/** A proxy on the command line: what other users of the machine and readers of the log see. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pollUntil, runCommand, startCommand } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PASSWORD = 'Canary0';
const PROXY = `http://agent:${PASSWORD}@127.0.0.1:9`;
const ENV = { AZURE_POD_IDENTITY_AUTHORITY_HOST: '' };

test('hides its password from the list of processes and from the log', {
  skip: existsSync('/proc/self/cmdline') ? false : 'there is no /proc',
}, async (t) => {
  const folder = await temporaryFolder();
  const args = ['--state-dir', join(folder, 'state'), '--rules', folder, '--proxy', PROXY];
  const { process: agent } = startCommand('agent', ['run', ...args, '--log-format=text'], ENV);
  t.after(() => agent.stop());
  const said = await pollUntil(
    async () => agent.log(),
    (log) => log.includes('the agent is running'),
  );
  assert.match(
    said,
    /the way out of this machine +proxy=http:\/\/agent:\*\*\*@127\.0\.0\.1:9 from=--proxy$/m,
  );
  const title = await readFile(`/proc/${agent.pid}/cmdline`, 'latin1');
  assert.match(title, /^dcr-agent run .* --proxy \*\*\* --log-format=text/);
  assert.equal(await agent.stop(), 0);
  assert.ok(!`${title}${agent.log()}`.includes(PASSWORD));
});

test('config show tells which proxy is used and who said so, never the password', async () => {
  const env = { ...ENV, HTTPS_PROXY: PROXY, NO_PROXY: '.corp.example' };
  const { code, stdout, stderr } = await runCommand('agent', ['config', 'show', '--origins'], env);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^proxy +http:\/\/agent:\*\*\*@127\.0\.0\.1:9 \(for http URLs: none\) +HTTPS_PROXY$/m,
  );
  assert.match(stdout, /^proxyBypass +\["\.corp\.example"\] +NO_PROXY$/m);
  assert.ok(!`${stdout}${stderr}`.includes(PASSWORD));
});

test('a proxy that cannot be one ends the command before anything goes straight', async () => {
  const args = ['run', '--proxy', 'socks5://u:Canary0@127.0.0.1:1080'];
  const { code, stderr } = await runCommand('agent', args, ENV);
  assert.equal(code, 78);
  assert.match(stderr, /--proxy: the proxy speaks SOCKS5/);
  assert.ok(!stderr.includes(PASSWORD));
});
