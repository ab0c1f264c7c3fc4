/** All that an agent lets others see: for tests that look for what must not be there. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askStatus } from '@dcr-agent/agent';
import { statusTable } from '../../packages/agent/src/cli/status-table.ts';
import type { LabAgent } from './laboratory.ts';

/** What the agent says of itself, by the way it is asked. */
export async function everythingSaid(agent: LabAgent): Promise<[string, string][]> {
  const status = agent.status();
  return [
    ['status', JSON.stringify(status)],
    ['status table', statusTable(status, Date.now())],
    ['control socket', JSON.stringify(await askStatus(agent.config.controlSocket!))],
  ];
}

/** What an agent that has stopped leaves behind, by place. */
export async function everythingLeft(agent: LabAgent): Promise<[string, string][]> {
  const texts: [string, string][] = [['log', agent.log.join('')]];
  const { stateDir } = agent.config;
  for (const entry of await readdir(stateDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    texts.push([path, await readFile(path, 'latin1')]);
  }
  return texts;
}
