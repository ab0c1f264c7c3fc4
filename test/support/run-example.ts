/** A rule of an example with its counters every second, run as an operator runs it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  type AgentProcess,
  type HandlerProcess,
  runCommand,
  startAgentProcess,
  startHandlerProcess,
} from './processes.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** `folder`: below `examples`. */
export function exampleRule(folder: string): string {
  return readFileSync(
    fileURLToPath(new URL(`../../examples/${folder}/rule.json`, import.meta.url)),
    'utf8',
  );
}

/** Everything is stopped when the test ends. */
export async function runExample(
  t: TestContext,
  example: string,
): Promise<{ handler: HandlerProcess; agent: AgentProcess }> {
  const folder = await temporaryFolder();
  const data = join(folder, 'handler');
  const rule = join(folder, 'rule.json');
  const text = exampleRule(example);
  await writeFile(rule, text.replaceAll(/("samplingFrequencyInSeconds": )\d+/g, '$11'));
  const handler = await startHandlerProcess(data, ['--log-level', 'warn']);
  t.after(() => handler.stop());
  const machines = '/subscriptions/s/resourceGroups/g/providers/Microsoft.HybridCompute/machines';
  const attach = ['attach', rule, '--data', data, '--machine', `${machines}/web01`];
  const attached = await runCommand('handlers', attach);
  assert.equal(attached.code, 0, attached.stderr);
  const agent = await startAgentProcess({
    stateDir: join(folder, 'agent'),
    handlerUrl: handler.url,
    machine: 'web01',
    config: { sources: { syslog: { tcp: [] } }, delivery: { flushIntervalSeconds: 0.1 } },
  });
  t.after(() => agent.stop());
  return { handler, agent };
}
