/**
 * Rules with one mistake each, in `broken-rules/`: exactly that mistake is told, with its code, at
 * its character and with what the service answers, and nothing else.
 *
 * By the sections of the references that the names of the cases begin with: 1 API versions, 3
 * streams, 4 data sources, 5 destinations, 7 transformations in stages, 8 limits, 9-1 to 9-20 rules
 * beyond the schema, 10 what transformations may hold, a.11 mistakes in event queries. What no text
 * can break:
 * - 8, how many rules a machine may have, and 9-11, the one workspace of a stream of log files: told
 *   of the rules of a machine, below.
 * - 9-5, the table of an output stream exists: only the service knows.
 * - 8, what one rule may ingest a minute and the size of a call: known when it is sent.
 * - 8, the name of an endpoint: no documented bound, and endpoints are not read.
 * - a.11-14, a channel added to a subscription replays: nothing is wrong with the rule.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Diagnostic, notesForAzure, openDocument } from '@dcr-agent/schema/documents';
import { type BrokenRule, readBrokenRules, unmarked } from './broken-rules/broken-rule.ts';
import { LIMITS } from './broken-rules/limits.ts';

const TABLES: ReadonlyMap<string, readonly BrokenRule[]> = new Map([
  ...[
    'semantic-rules',
    'event-queries',
    'transformations',
    'form',
    'names-and-limits',
    'templates',
    'api-versions',
    'associations',
    'json-syntax',
  ].map((name) => [name, readBrokenRules(name)] as const),
  ['limits', LIMITS],
]);

function shown({ severity, code, service, position }: Diagnostic): object {
  const place = `${position?.line}:${position?.column}`;
  return { severity, code, place, ...(service !== undefined && { service }) };
}

function findingsIn(text: string): readonly Diagnostic[] {
  const { diagnostics, rules } = openDocument(text);
  return [...diagnostics, ...rules.flatMap((r) => r.diagnostics)];
}

for (const [table, cases] of TABLES) {
  describe(`${table}:`, () => {
    for (const { name, severity, code, service, marked } of cases) {
      test(name, () => {
        const { text, line, column } = unmarked(marked);
        const place = `${line}:${column}`;
        assert.deepEqual(findingsIn(text).map(shown), [
          { severity, code, place, ...(service !== undefined && { service }) },
        ]);
      });
    }
  });
}

/** One log file whose stream each flow takes to the workspaces it names. */
function ruleOfFile(...flows: readonly (readonly string[])[]) {
  const workspace = (name: string) => ({
    name,
    workspaceResourceId: `/subscriptions/1/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/${name}`,
  });
  const columns = [{ name: 'TimeGenerated', type: 'datetime' }];
  const file = {
    name: 'shop',
    streams: ['Custom-Shop_CL'],
    filePatterns: ['/var/log/shop.log'],
    format: 'text',
  };
  const { rules } = openDocument(
    JSON.stringify({
      streamDeclarations: { 'Custom-Shop_CL': { columns } },
      dataSources: { logFiles: [file] },
      destinations: { logAnalytics: [...new Set(flows.flat())].map(workspace) },
      dataFlows: flows.map((destinations) => ({ streams: ['Custom-Shop_CL'], destinations })),
    }),
  );
  assert.deepEqual(rules[0]?.diagnostics, []);
  assert.ok(rules[0].rule !== undefined);
  return { rule: rules[0].rule, source: 'shop.json' };
}

test('9-11 the stream of a log file goes to one workspace', () => {
  assert.deepEqual(notesForAzure([ruleOfFile(['central'])]), []);
  assert.deepEqual(
    notesForAzure([ruleOfFile(['central'], ['archive'])]).map(({ code, places }) => [code, places]),
    [
      [
        'AZURE_STREAM_MANY_WORKSPACES',
        [{ ruleIndex: 0, pointer: '/properties/dataFlows/1/destinations' }],
      ],
    ],
  );
});

test('8 a machine has thirty rules', () => {
  const rules = Array.from({ length: 31 }, () => ruleOfFile(['central']));
  assert.deepEqual(notesForAzure(rules.slice(1)), []);
  assert.deepEqual(
    notesForAzure(rules).map(({ code, places }) => [code, places]),
    [['AZURE_RULES_PER_MACHINE', [{ ruleIndex: 30, pointer: '' }]]],
  );
});
