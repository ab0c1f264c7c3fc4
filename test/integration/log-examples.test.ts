/** The examples of log files, as a reader would run them, with their files in a folder of the test. */
import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseRule } from '@dcr-agent/schema';
import { openLaboratory } from '../support/laboratory.ts';
import { pollUntil } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { BOTH, type Row } from '../support/two-workspaces.ts';

interface RuleDocument {
  readonly properties: {
    readonly dataSources: {
      readonly logFiles?: { filePatterns: string[] }[];
      readonly iisLogs?: { logDirectories: string[] }[];
    };
    readonly dataFlows: { destinations: string[] }[];
  };
}

const example = (path: string): string =>
  fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));

const EXAMPLES = [
  {
    folder: 'text-logs',
    file: 'app.log',
    table: 'Shop_CL',
    read: 3,
    rejected: 0,
    columns: ['RawData'],
    rows: async (): Promise<unknown[][]> => {
      const text = await readFile(example('text-logs/app.log'), 'utf8');
      return text
        .trimEnd()
        .split(/\n(?=2026)/)
        .map((record) => [record]);
    },
  },
  {
    folder: 'json-logs',
    file: 'app.json',
    table: 'OrderLog_CL',
    read: 4,
    rejected: 1,
    columns: ['Level', 'OrderId', 'DurationMs', 'Cached'],
    rows: async () => [
      ['info', '9007199254740993', 41.5, true],
      ['error', 1017, null, false],
      ['info', 1018, 7, null],
    ],
  },
  {
    folder: 'iis-logs',
    file: 'u_ex260301.log',
    table: 'W3CIISLog',
    read: 4,
    rejected: 1,
    columns: ['csMethod', 'csUriStem', 'cIP', 'scStatus', 'csUserName', 'TimeTaken'],
    rows: async () => [
      ['GET', '/cart', '203.0.113.7', '200', null, 41],
      ['POST', '/checkout', '203.0.113.7', '500', 'SHOP\\ann', 1207],
      ['GET', '/', '203.0.113.9', '304', null, null],
    ],
  },
];

for (const { folder, file, table, read, rejected, columns, rows } of EXAMPLES) {
  test(`the example ${folder} does what it says`, async (t) => {
    const text = await readFile(example(`${folder}/rule.json`), 'utf8');
    assert.deepEqual(parseRule(text).diagnostics, []);
    const { properties } = JSON.parse(text) as RuleDocument;
    const input = await temporaryFolder();
    await mkdir(join(input, 'logs'));
    await copyFile(example(`${folder}/${file}`), join(input, 'logs', file));
    for (const source of properties.dataSources.logFiles ?? []) {
      source.filePatterns = [join(input, 'logs', '*')];
    }
    for (const source of properties.dataSources.iisLogs ?? []) {
      source.logDirectories = [join(input, 'logs')];
    }
    for (const flow of properties.dataFlows) flow.destinations = BOTH;
    const { destinations: _, ...rest } = properties as typeof properties & { destinations: object };
    const lab = await openLaboratory(t, rest);
    const agent = await lab.startAgent();
    const expected = await rows();
    const found = await pollUntil<readonly Row[]>(
      () => lab.rows(table, 'one'),
      (all) => all.length >= expected.length,
    );
    const values = found.map((row) => columns.map((column) => row[column] ?? null));
    assert.deepEqual(values, expected);
    const isDone = (flow: { read: number; delivered: number }): boolean =>
      flow.read === read && flow.delivered === expected.length;
    const status = await agent.statusWhen(({ ledger }) => ledger.some(isDone));
    assert.equal(status.ledger.find(isDone)?.rejected, rejected);
  });
}
