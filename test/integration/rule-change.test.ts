/** A rule that names other files: where reading stands in each is kept. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLaboratory } from '../support/laboratory.ts';
import { arrivedLines, range, SYSLOG_RULE } from '../support/syslog-rule.ts';
import { numberedLines } from '../support/two-workspaces.ts';

test('other file patterns neither lose nor repeat a line', async (t) => {
  const lab = await openLaboratory(t, SYSLOG_RULE);
  const file = (name: string): string => join(lab.folder, name);
  const rule = (...filePatterns: string[]): object => {
    const { streamDeclarations, logFiles, flow } = numberedLines('');
    const dataSources = { logFiles: [{ ...logFiles[0], filePatterns }] };
    return { streamDeclarations, dataSources, dataFlows: [flow] };
  };
  const write = (name: string, first: number, last: number): void => {
    for (const n of range(first, last)) appendFileSync(file(name), `line ${n}\n`);
  };
  const arrived = (count: number): Promise<number[]> => arrivedLines(lab, 'one', count);
  await lab.putRule(rule(file('a*.log')));
  write('app.log', 1, 100);
  const agent = await lab.startAgent();
  assert.deepEqual(await arrived(100), range(1, 100));

  const patternsAre = (wanted: readonly string[]) =>
    agent.statusWhen(({ sources }) =>
      sources.some(({ facts }) => JSON.stringify(facts.patterns) === JSON.stringify(wanted)),
    );
  await lab.putRule(rule(file('*.log'), file('app.*')));
  write('web.log', 101, 150);
  write('app.log', 151, 200);
  await patternsAre([file('*.log'), file('app.*')]);
  assert.deepEqual(await arrived(200), range(1, 200));

  await lab.putRule(rule(file('web*')));
  await patternsAre([file('web*')]);
  write('app.log', 301, 310);
  write('web.log', 201, 210);
  assert.deepEqual(await arrived(210), range(1, 210));
  assert.equal(agent.status().isBalanced, true);
});
