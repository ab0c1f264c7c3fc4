/** Two workspaces, a machine and one rule at a handler: the stage of the tests over all parts. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AdminClient } from '@dcr-agent/handlers';
import { type HandlerProcess, startHandlerProcess } from './processes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/test/providers';
const WORKSPACES = `${GROUP}/Microsoft.OperationalInsights/workspaces`;
export const MACHINE_ID = `${GROUP}/Microsoft.HybridCompute/machines/node1`;
export const RULE_ID = `${GROUP}/Microsoft.Insights/dataCollectionRules/rule1`;

/** Short name of the machine at the handler. */
export const MACHINE_NAME = 'node1';
export const BOTH = ['one', 'two'];

export interface Furniture {
  /** Customer ids by name. */
  readonly workspaceIds: Readonly<Record<string, string>>;
  /** Creates or replaces the rule; sources and flows as in ARM, destinations are both workspaces. */
  putRule(properties: object): Promise<void>;
  /** All rows of a table, in order of arrival, service columns included. */
  rows(table: string, workspace: string): Promise<readonly Row[]>;
}

/** A handler process, furnished. */
export interface Stage extends Furniture {
  readonly folder: string;
  readonly handler: HandlerProcess;
}

export type Row = Readonly<Record<string, string | number | null>>;

/** Everything is stopped and removed when the test ends. */
export async function setStage(t: TestContext, properties: object): Promise<Stage> {
  const folder = await temporaryFolder();
  const handler = await startHandlerProcess(join(folder, 'handler'), ['--log-level', 'warn']);
  t.after(() => handler.stop());
  return { folder, handler, ...(await furnish(handler.admin, properties)) };
}

/** Makes workspaces and rule, and attaches the rule to the machine. */
export async function furnish(admin: AdminClient, properties: object): Promise<Furniture> {
  const workspaceIds: Record<string, string> = {};
  for (const name of BOTH) {
    const workspace = await admin.put(`${WORKSPACES}/${name}`, { properties: {} });
    workspaceIds[name] = (workspace.properties as { customerId: string }).customerId;
  }
  const putRule = async (rule: object): Promise<void> => {
    await admin.put(RULE_ID, JSON.stringify(ruleBody(rule)));
  };
  await putRule(properties);
  await admin.associate(MACHINE_ID, 'rule1', RULE_ID);
  return { workspaceIds, putRule, rows: (...of) => allRows(admin, ...of) };
}

function ruleBody(properties: object): object {
  const logAnalytics = BOTH.map((name) => ({
    name,
    workspaceResourceId: `${WORKSPACES}/${name}`,
  }));
  return { location: 'local', properties: { destinations: { logAnalytics }, ...properties } };
}

async function allRows(admin: AdminClient, table: string, workspace: string): Promise<Row[]> {
  const known = await admin.tables();
  if (!known.some((t) => t.table === table && t.workspace === workspace)) return [];
  const rows: Row[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await admin.rows({
      table,
      workspace,
      limit: 50_000,
      order: 'arrival',
      after,
    });
    rows.push(...(page.rows as unknown as Row[]));
    after = page.next;
  }
  return rows;
}

/** A stream of numbered text lines and its flow to both workspaces; see `NUMBERED_TABLE`. */
export function numberedLines(pattern: string): {
  streamDeclarations: object;
  logFiles: object[];
  flow: object;
} {
  return {
    streamDeclarations: {
      'Custom-Numbered': {
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'RawData', type: 'string' },
        ],
      },
    },
    logFiles: [
      { name: 'lines', streams: ['Custom-Numbered'], filePatterns: [pattern], format: 'text' },
    ],
    flow: {
      streams: ['Custom-Numbered'],
      destinations: BOTH,
      outputStream: `Custom-${NUMBERED_TABLE}`,
    },
  };
}

export const NUMBERED_TABLE = 'Numbered_CL';

/** An empty folder of the stage for a source to read. */
export async function inputFile(stage: Stage, name: string, text = ''): Promise<string> {
  const path = join(stage.folder, name);
  await writeFile(path, text);
  return path;
}
