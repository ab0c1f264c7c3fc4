/** Every example is run by a test; this is the first one people run themselves. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeEvtx } from '../support/evtx-writer/evtx-writer.ts';
import { numberedEvent } from '../support/numbered-events.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const runDemo = (...args: string[]): Promise<Ended> => runExample('first-ten-minutes', ...args);

function runExample(name: string, ...args: string[]): Promise<Ended> {
  const script = fileURLToPath(new URL(`../../examples/${name}/demo.ts`, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=dcr-agent-source', script, ...args]);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text: Buffer) => {
      stdout += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      stderr += text.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

test('the demonstration ends well and shows what arrived', async () => {
  const { code, stdout, stderr } = await runDemo();
  assert.equal(code, 0, stderr);
  assert.match(stdout, /windowsEventLogs:security +21 +10/);
  assert.match(stdout, /security +SecurityEvent +10/);
  assert.match(stdout, /operations +Orders_CL +5/);
  assert.doesNotMatch(stdout, / NO$/m);
});

test("the demonstration takes an event log of the user's own", async () => {
  const path = join(await temporaryFolder(), 'own.evtx');
  const numbers = Array.from({ length: 150 }, (_, n) => n + 1);
  await writeFile(path, writeEvtx(numbers.map((n) => numberedEvent(n, 'Own/Channel'))));
  const { code, stdout, stderr } = await runDemo('--events', path);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /operations +WindowsEvent +150/);
  assert.match(stdout, /security +WindowsEvent +150/);
});

test('the demonstration ends badly when there is nothing to show', async () => {
  const path = join(await temporaryFolder(), 'none.evtx');
  await writeFile(path, 'this is not an event log');
  const { code, stderr } = await runDemo('--events', path);
  assert.equal(code, 1);
  assert.match(stderr, /none\.evtx holds no event that can be read/);
});

test('the demonstration of security logs shows them in their columns', async () => {
  const { code, stdout, stderr } = await runExample('security-log');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /asa01 +Cisco +106023 +4 +Deny +192\.0\.2\.7/);
  assert.match(stdout, /ise01 .*Step=11001,Step=11017/);
});
