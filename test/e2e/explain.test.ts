/** What `dcr-agent explain` prints, and how it ends. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../support/processes.ts';
import { sampleRule } from '../support/sample-rule.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/first-ten-minutes/rule.json');

const explain = (args: readonly string[]): ReturnType<typeof runCommand> =>
  runCommand('agent', ['explain', ...args], {});

test('a rule is said in words', async () => {
  const { code, stdout, stderr } = await explain([EXAMPLE]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.ok(stdout.startsWith(`${EXAMPLE}\n`));
  assert.match(stdout, /Security: events with EventID/);
  assert.match(stdout, /SecurityEvent/);
});

test('programs and viewers of Markdown get forms of their own', async () => {
  const { rules } = JSON.parse((await explain([EXAMPLE, '--json'])).stdout) as {
    readonly rules: readonly { readonly file: string; readonly dataSources: readonly object[] }[];
  };
  assert.deepEqual(
    rules.map(({ file, dataSources }) => [file, dataSources.length]),
    [[EXAMPLE, 4]],
  );
  assert.match((await explain([EXAMPLE, '--mermaid'])).stdout, /^flowchart LR\n {2}subgraph /);
  assert.equal((await explain([EXAMPLE, '--mermaid', '--json'])).code, 64);
});

test('a rule that cannot be read is left out, and told', async () => {
  const folder = await temporaryFolder();
  const wrong = join(folder, 'wrong.json');
  await writeFile(wrong, sampleRule({ dataFlows: 'none' }));
  const { code, stdout, stderr } = await explain([wrong, EXAMPLE]);
  assert.equal(code, 1);
  assert.ok(stdout.startsWith(`${EXAMPLE}\n`));
  assert.match(stderr, /wrong\.json:\d+:\d+: error DCR_TYPE_WRONG at \/properties\/dataFlows: /);
  const nothing = join(folder, 'nothing.json');
  await writeFile(nothing, '{}');
  const none = await explain([nothing]);
  assert.deepEqual([none.code, none.stdout], [66, '']);
  assert.match(none.stderr, /nothing\.json: no rule: /);
});
