/**
 * `dcr-agent validate` as whole processes, beside a process that only parses the same text as
 * JSON. The fastest of some rounds counts; ratios are of one run.
 *
 * `node --conditions=dcr-agent-source test/bench/validate.bench.ts [FOLDER]`: a folder of documents,
 * by default the corpus of real ones beside the project, where it is.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { corpusPath } from '../support/corpus.ts';

const ROUNDS = 7;
const RULES = 55;
const COLUMNS = 150;
const QUERIES = 20;
const command = fileURLToPath(new URL('../../packages/agent/bin/dcr-agent.cjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'validate-bench-'));
const template = join(folder, 'template.json');

writeFileSync(template, JSON.stringify(largeTemplate(), null, 2));
const bytes = statSync(template).size;
const baseline = fastest(['-e', `JSON.parse(require('fs').readFileSync('${template}'))`]);
say(
  `a template of ${(bytes / 1e6).toFixed(2)} MB: ${RULES} rules, ${RULES * QUERIES} event queries`,
);
line('JSON.parse', baseline);
line('validate', fastest([command, 'validate', template]));
line('explain', fastest([command, 'explain', template]));

const documents = process.argv[2] ?? corpusPath('dcr');
if (existsSync(documents)) {
  say(`the folder ${documents}`);
  line('validate', fastest([command, 'validate', documents]));
} else {
  say(`skipped: there is no folder ${documents}`);
}
rmSync(folder, { recursive: true });

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function line(what: string, ms: number): void {
  const ratio = (ms / baseline).toFixed(1);
  say(
    `  ${what.padEnd(12)}${ms.toFixed(0).padStart(6)} ms  ${ratio} times JSON.parse of the template`,
  );
}

/** Milliseconds of the fastest round. 1 is for documents that have findings. */
function fastest(args: readonly string[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    best = Math.min(best, performance.now() - start);
    if (status !== 0 && status !== 1) throw new Error(`ended with ${status}: ${stderr}`);
  }
  return best;
}

function largeTemplate(): object {
  const names = Array.from({ length: RULES }, (_, i) => `App${i}`);
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: {
      prefix: { type: 'string', defaultValue: 'app' },
      workspace: { type: 'string' },
    },
    resources: names.map((name) => ({
      type: 'Microsoft.Insights/dataCollectionRules',
      apiVersion: '2023-03-11',
      name: `[concat(parameters('prefix'), '-${name}')]`,
      location: '[resourceGroup().location]',
      properties: properties(name),
    })),
  };
}

function properties(name: string): object {
  const stream = `Custom-${name}`;
  const types = ['string', 'int', 'datetime', 'dynamic'];
  const columns = Array.from({ length: COLUMNS }, (_, i) => {
    return { name: `Column${i}`, type: types[i % types.length] };
  });
  const xPathQueries = Array.from({ length: QUERIES }, (_, i) => {
    const system = `System[(EventID=${4000 + 7 * i}) and Provider[@Name='Microsoft-Windows-Security-Auditing']]`;
    return `Security!*[${system} and EventData[Data[@Name='LogonType']='${i}']]`;
  });
  return {
    streamDeclarations: {
      [stream]: { columns: [{ name: 'TimeGenerated', type: 'datetime' }, ...columns] },
    },
    dataSources: {
      logFiles: [
        {
          name: 'files',
          streams: [stream],
          filePatterns: [`/var/log/${name}.log`],
          format: 'json',
        },
      ],
      windowsEventLogs: [{ name: 'events', streams: ['Microsoft-Event'], xPathQueries }],
    },
    destinations: {
      logAnalytics: [{ name: 'main', workspaceResourceId: "[parameters('workspace')]" }],
    },
    dataFlows: [
      {
        streams: [stream],
        destinations: ['main'],
        transformKql: "source | extend Both = strcat(Column0, '-', Column4) | project-away Column3",
        outputStream: `${stream}_CL`,
      },
      { streams: ['Microsoft-Event'], destinations: ['main'] },
    ],
  };
}
