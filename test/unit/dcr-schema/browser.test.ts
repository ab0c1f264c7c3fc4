/** The rule language runs where there is nothing but JavaScript: in browsers, editors, workers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';
import { sampleRule } from '../../support/sample-rule.ts';

interface Documents {
  openDocument(text: string): {
    readonly rules: readonly { readonly diagnostics: readonly { readonly code: string }[] }[];
  };
}

async function loaded(entry: string): Promise<unknown> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}';`, resolveDir: import.meta.dirname },
    bundle: true,
    conditions: ['dcr-agent-source'],
    format: 'iife',
    globalName: 'loaded',
    platform: 'browser',
    write: false,
  });
  // No `process`, no `Buffer`, no `require`: only what the language itself has.
  const context = createContext({});
  new Script(outputFiles[0]!.text).runInContext(context);
  return context.loaded as unknown;
}

test('documents are checked without anything of Node.js', async () => {
  const { openDocument } = (await loaded('@dcr-agent/schema/documents')) as Documents;
  const template = JSON.stringify({
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    resources: [
      {
        type: 'Microsoft.Insights/dataCollectionRules',
        apiVersion: '2022-06-01',
        name: "[concat('a', 'b', 'c')]",
        ...(JSON.parse(sampleRule({ colour: 'green' })) as object),
      },
    ],
  });
  const { rules } = openDocument(template);
  assert.deepEqual(
    [...rules].flatMap((r) => [...r.diagnostics].map((d) => d.code)),
    ['DCR_MEMBER_UNKNOWN'],
  );
});

test('so are event queries', async () => {
  const loadedQueries = await loaded('@dcr-agent/schema/event-queries');
  assert.ok(Object.keys(loadedQueries as object).includes('parseQueryEntry'));
});
