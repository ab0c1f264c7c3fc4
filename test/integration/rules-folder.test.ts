/** Rules from a folder, with no control plane: the rule as the service exports it, delivered. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLaboratory } from '../support/laboratory.ts';
import { arrivedLines, range, SYSLOG_RULE } from '../support/syslog-rule.ts';
import { MACHINE_ID, numberedLines, RULE_ID } from '../support/two-workspaces.ts';

test("a rule file is run with the machine's own token, and changed by writing it again", async (t) => {
  const lab = await openLaboratory(t, SYSLOG_RULE);
  const file = join(lab.folder, 'numbered.log');
  const { streamDeclarations, logFiles, flow } = numberedLines(file);
  await lab.putRule({ streamDeclarations, dataSources: { logFiles }, dataFlows: [flow] });
  const rule = await lab.admin.get(RULE_ID);
  const rulesDir = join(lab.folder, 'rules');
  mkdirSync(rulesDir);
  await writeFile(join(rulesDir, 'numbered.json'), JSON.stringify(rule));
  await writeFile(join(rulesDir, 'broken.json'), '{"properties": {');
  for (const n of range(1, 40)) appendFileSync(file, `line ${n}\n`);

  const workspaces = Object.entries(lab.workspaceIds).map(([name, workspaceId]) => ({
    resourceId: RULE_ID.replace(
      /\/Microsoft\.Insights\/.*$/,
      `/Microsoft.OperationalInsights/workspaces/${name}`,
    ),
    workspaceId,
  }));
  const agent = await lab.startAgent({
    control: {},
    rulesDir,
    workspaces,
    ingestionEndpoint: lab.gateway.url,
    machine: { resourceId: MACHINE_ID, region: 'local' },
  });
  const arrived = (count: number): Promise<number[]> => arrivedLines(lab, 'one', count);
  assert.deepEqual(await arrived(40), range(1, 40));
  assert.match(agent.log.join(''), /broken\.json:1:\d+: error JSON_UNTERMINATED/);

  const changed = {
    ...rule,
    properties: { ...(rule!.properties as object), description: 'again' },
  };
  await writeFile(join(rulesDir, 'numbered.json'), JSON.stringify(changed));
  for (const n of range(41, 60)) appendFileSync(file, `line ${n}\n`);
  assert.deepEqual(await arrived(60), range(1, 60));
  assert.equal(agent.status().isBalanced, true);
});
