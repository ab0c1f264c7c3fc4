import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type FoundRule,
  type OpenedDocument,
  openDocument,
} from '../../../../packages/dcr-schema/src/document/open-document.ts';
import { SAMPLE_PROPERTIES, sampleRule } from '../../../support/sample-rule.ts';

const TEMPLATE = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
const RULE_TYPE = 'Microsoft.Insights/dataCollectionRules';
const rule = JSON.parse(sampleRule()) as object;
const resource = { type: RULE_TYPE, apiVersion: '2022-06-01', name: 'syslog', ...rule };

function opened(value: unknown): OpenedDocument {
  return openDocument(JSON.stringify(value, null, 2));
}

function placesOf({ rules }: OpenedDocument): readonly string[] {
  return rules.map((r) => r.place.pointer);
}

/** Every finding, of the rules and around them. */
function codesOf({ diagnostics, rules }: OpenedDocument): readonly string[] {
  return [...diagnostics, ...rules.flatMap((r) => r.diagnostics)].map((d) => d.code);
}

function only({ rules }: OpenedDocument): FoundRule {
  assert.equal(rules.length, 1);
  return rules[0]!;
}

test('a rule is found with and without its envelope', () => {
  for (const document of [rule, SAMPLE_PROPERTIES, resource]) {
    const found = opened(document);
    assert.equal(found.form, 'rule');
    assert.deepEqual(placesOf(found), ['']);
    assert.deepEqual(codesOf(found), []);
    assert.deepEqual(only(found).rule?.dataFlows, SAMPLE_PROPERTIES.dataFlows);
  }
});

test('rules are found in lists, in answers and in files that tools keep them in', () => {
  assert.deepEqual(placesOf(opened([rule, { nothing: true }, resource])), ['/0', '/2']);
  assert.deepEqual(placesOf(opened({ value: [rule], nextLink: null })), ['/value/0']);
  assert.deepEqual(placesOf(opened({ version: 1, dcr: resource })), ['/dcr']);
});

test('the example of an API has the rule it sends and those it answers, of one version', () => {
  const found = opened({
    parameters: { 'api-version': '2021-04-01', body: rule },
    responses: { '200': { body: { ...rule, id: '/x' } } },
  });
  assert.equal(found.form, 'example');
  assert.deepEqual(placesOf(found), ['/parameters/body', '/responses/200/body']);
  assert.deepEqual(
    found.rules.map((r) => r.apiVersion),
    ['2021-04-01', '2021-04-01'],
  );
});

test('a template is evaluated, and findings are where they were written', () => {
  const text = JSON.stringify(
    {
      $schema: TEMPLATE,
      parameters: { level: { type: 'string', defaultValue: 'Debugging' } },
      variables: { destination: 'elsewhere' },
      resources: [
        {
          ...resource,
          properties: {
            ...SAMPLE_PROPERTIES,
            dataSources: {
              syslog: [
                {
                  name: 'messages',
                  streams: ['Microsoft-Syslog'],
                  facilityNames: ['cron'],
                  logLevels: ["[parameters('level')]"],
                },
              ],
            },
            dataFlows: [
              {
                streams: ['Microsoft-Syslog'],
                destinations: ["[variables('destination')]", 'main'],
              },
            ],
          },
        },
      ],
    },
    null,
    2,
  );
  const found = only(openDocument(text));
  assert.equal(found.place.pointer, '/resources/0');
  assert.deepEqual(
    found.diagnostics.map(({ code, pointer, position }) => [
      code,
      pointer,
      text.split('\n')[position!.line - 1]?.trim(),
    ]),
    [
      ['DCR_VALUE_UNKNOWN', '/parameters/level/defaultValue', '"defaultValue": "Debugging"'],
      ['DCR_DESTINATION_UNKNOWN', '/variables/destination', '"destination": "elsewhere"'],
    ],
  );
  const { service } = found.diagnostics[1]!;
  assert.deepEqual(service, { code: 'InvalidDataFlow', target: 'Properties.DataFlows[0]' });
});

test('values of parameters come from outside, from defaults, or are not known', () => {
  const template = (declaration: object): string =>
    JSON.stringify({
      $schema: TEMPLATE,
      parameters: { destination: { type: 'string', ...declaration } },
      resources: [
        {
          ...resource,
          properties: {
            ...SAMPLE_PROPERTIES,
            dataFlows: [
              { streams: ['Microsoft-Syslog'], destinations: ["[parameters('destination')]"] },
            ],
          },
        },
      ],
    });
  const unknown = openDocument(template({}));
  assert.deepEqual(codesOf(unknown), []);
  assert.deepEqual(
    unknown.unknowns.map(({ pointer, expression }) => [pointer, expression]),
    [['/resources/0/properties/dataFlows/0/destinations/0', "[parameters('destination')]"]],
  );
  assert.deepEqual(codesOf(openDocument(template({ defaultValue: 'main' }))), []);
  const parameters = new Map([['Destination', 'other']]);
  assert.deepEqual(codesOf(openDocument(template({ defaultValue: 'main' }), { parameters })), [
    'DCR_DESTINATION_UNUSED',
    'DCR_DESTINATION_UNKNOWN',
  ]);
});

test('nobody knows what placeholders of connectors become', () => {
  const found = opened([
    {
      ...resource,
      properties: {
        ...SAMPLE_PROPERTIES,
        destinations: {
          logAnalytics: [{ name: '{{name}}', workspaceResourceId: '{{workspaceResourceId}}' }],
        },
      },
    },
  ]);
  assert.deepEqual(codesOf(found), []);
  assert.deepEqual(
    found.unknowns.map((u) => u.expression),
    ['{{name}}', '{{workspaceResourceId}}'],
  );
});

const policyRule = {
  if: { field: 'type', equals: 'Microsoft.Compute/virtualMachines' },
  // biome-ignore lint/suspicious/noThenProperty: a member of policies.
  then: {
    effect: 'deployIfNotExists',
    details: {
      deployment: {
        properties: {
          mode: 'incremental',
          parameters: {
            destination: { value: "[parameters('destination')]" },
            place: { value: "[field('location')]" },
          },
          template: {
            $schema: TEMPLATE,
            parameters: { destination: { type: 'string' }, place: { type: 'string' } },
            resources: [
              {
                ...resource,
                location: "[parameters('place')]",
                properties: {
                  ...SAMPLE_PROPERTIES,
                  dataFlows: [
                    {
                      streams: ['Microsoft-Syslog'],
                      destinations: ["[parameters('destination')]"],
                    },
                  ],
                },
              },
            ],
          },
        },
      },
    },
  },
};

test('a policy sets the parameters of the template it deploys from its own', () => {
  const parameters = { destination: { type: 'String', defaultValue: 'elsewhere' } };
  const found = opened({ properties: { displayName: 'p', parameters, policyRule } });
  assert.equal(found.form, 'policy');
  assert.deepEqual(
    found.rules.flatMap((r) => r.diagnostics).map(({ code, pointer }) => [code, pointer]),
    [
      ['DCR_DESTINATION_UNKNOWN', '/properties/parameters/destination/defaultValue'],
      [
        'DCR_DESTINATION_UNUSED',
        '/properties/policyRule/then/details/deployment/properties/template/resources/0/properties/destinations/logAnalytics/0/name',
      ],
    ],
  );
  assert.deepEqual(found.diagnostics, []);
});

test('of the rule of a policy alone, what the policy sets is not known', () => {
  const found = opened(policyRule);
  assert.deepEqual(codesOf(found), []);
  assert.equal(found.rules.length, 1);
});

test('a policy that is published as the body of a resource has one bracket less', () => {
  const escaped = JSON.stringify(policyRule, null, 2)
    .replaceAll('"[', '"[[')
    .replace("[[field('location')]", "[[fielt('location')]");
  const parameters = { destination: { type: 'String', defaultValue: 'elsewhere' } };
  const head = { type: 'Microsoft.Authorization/policyDefinitions', name: 'p' };
  const text = JSON.stringify({ ...head, properties: { parameters, policyRule: 1 } }).replace(
    '"policyRule":1',
    `"policyRule":${escaped}`,
  );
  const found = openDocument(text);
  const lines = text.split('\n');
  const line = lines.findIndex((each) => each.includes('fielt')) + 1;
  assert.deepEqual(
    found.diagnostics.map(({ code, position }) => [code, position?.line, position?.column]),
    [['ARM_FUNCTION_UNKNOWN', line, lines[line - 1]!.indexOf('fielt') + 1]],
  );
  assert.deepEqual(
    found.rules.flatMap((r) => r.diagnostics).map(({ code }) => code),
    ['DCR_DESTINATION_UNKNOWN', 'DCR_DESTINATION_UNUSED'],
  );
});

test('in a policy for a template, what is not escaped is not known', () => {
  const escaped = JSON.parse(
    JSON.stringify(policyRule)
      .replaceAll('"[', '"[[')
      .replace('"Microsoft-Syslog"', `"[format('{0}-Syslog', variables('vendor'))]"`),
  ) as object;
  const parameters = { destination: { type: 'String', defaultValue: 'workspace' } };
  const found = opened({ properties: { parameters, policyRule: escaped } });
  assert.deepEqual(found.diagnostics, []);
  assert.deepEqual(
    found.unknowns.map(({ expression }) => expression),
    ["[parameters('place')]", "[format('{0}-Syslog', variables('vendor'))]"],
  );
});

test('a policy that a template deploys is looked into, and so is a template in a package', () => {
  const escaped = JSON.parse(JSON.stringify(policyRule).replaceAll('"[', '"[[')) as object;
  const definition = {
    type: 'Microsoft.Authorization/policyDefinitions',
    apiVersion: '2021-06-01',
    name: 'p',
    properties: { parameters: { destination: { type: 'String' } }, policyRule: escaped },
  };
  const content = {
    type: 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates',
    apiVersion: '2023-04-01-preview',
    name: 'c',
    properties: { mainTemplate: { contentVersion: '1.0.0.0', resources: [resource] } },
  };
  const found = opened({ $schema: TEMPLATE, resources: [definition, content] });
  assert.deepEqual(found.diagnostics, []);
  assert.deepEqual(placesOf(found), [
    '/resources/0/properties/policyRule/then/details/deployment/properties/template/resources/0',
    '/resources/1/properties/mainTemplate/resources/0',
  ]);
});

test('documents without a rule say what they are', () => {
  const documents: readonly (readonly [unknown, string, RegExp])[] = [
    [{ $schema: TEMPLATE, resources: [] }, 'template', /no rule is in it|template/],
    [{ properties: { policyDefinitions: [] } }, 'initiative', /policy/i],
    [{ type: 'Microsoft.Insights/dataCollectionEndpoints' }, 'resource', /dataCollectionEndpoints/],
    [{ properties: { dataCollectionRuleId: '/x' } }, 'association', /association/],
    [{ properties: { dataCollectionEndpointId: '/x' } }, 'association', /association/],
    [{ name: 'x' }, 'no rule', /no rule/],
    [[], 'list', /list/],
    ['text', 'no object', /text/],
  ];
  for (const [document, form, reason] of documents) {
    const found = opened(document);
    assert.equal(found.form, form);
    assert.deepEqual(found.rules, []);
    assert.match(found.noRule ?? '', reason);
    assert.deepEqual(codesOf(found), []);
  }
});

test('text that is no JSON is told, and is no document without a rule', () => {
  const found = openDocument('{"resources": [');
  assert.equal(found.form, 'unreadable');
  assert.deepEqual(codesOf(found), ['JSON_UNTERMINATED']);
  assert.equal(found.noRule, undefined);
});

test('a rule of which a part is not known is read with the expression in its place', () => {
  const found = only(opened({ ...resource, location: '[resourceGroup().location]' }));
  assert.equal(found.rule?.location, '[resourceGroup().location]');
  assert.deepEqual(found.diagnostics, []);
});

test('values of a rule are found where they were written', () => {
  const text = JSON.stringify([resource], null, 2).replace('"dataFlows"', '"DataFlows"');
  const { pointer, position } = only(openDocument(text)).placeOf('/properties/dataFlows/0');
  assert.equal(pointer, '/0/properties/DataFlows/0');
  assert.equal(text.slice(position.offset, position.offset + 1), '{');
});

test('a rule that is deployed with other parameters only is checked, and told from the others', () => {
  const parameters = { isOn: { type: 'bool', defaultValue: false } };
  const off = { ...resource, condition: "[parameters('isOn')]" };
  const never = { ...resource, condition: false };
  const found = opened({ $schema: TEMPLATE, parameters, resources: [resource, off, never] });
  assert.deepEqual(
    found.rules.map(({ place, isDeployed }) => [place.pointer, isDeployed]),
    [
      ['/resources/0', true],
      ['/resources/1', false],
    ],
  );
  assert.ok(found.rules.every((r) => r.rule !== undefined));
});

test('what is escaped in a deployment inside means the parameters inside', () => {
  const deployment = {
    type: 'Microsoft.Resources/deployments',
    apiVersion: '2021-04-01',
    name: 'inside',
    properties: {
      mode: 'Incremental',
      parameters: { destination: { value: "[concat('else', 'where')]" } },
      template: {
        $schema: TEMPLATE,
        parameters: { destination: { type: 'string' } },
        resources: [
          {
            ...resource,
            properties: {
              ...SAMPLE_PROPERTIES,
              dataFlows: [
                { streams: ['Microsoft-Syslog'], destinations: ["[[parameters('destination')]"] },
              ],
            },
          },
        ],
      },
    },
  };
  const found = only(opened({ $schema: TEMPLATE, resources: [deployment] }));
  const unknown = found.diagnostics.find((d) => d.code === 'DCR_DESTINATION_UNKNOWN');
  assert.match(unknown?.message ?? '', /'elsewhere'/);
  assert.match(unknown?.pointer ?? '', /^\/resources\/0\/properties\/parameters\/destination/);
});

test('a parameter that is empty by default is there to be filled in', () => {
  const parameters = { workspace: { type: 'string', defaultValue: '' } };
  const destinations = {
    logAnalytics: [{ name: 'main', workspaceResourceId: "[parameters('workspace')]" }],
  };
  const rule = { ...resource, properties: { ...SAMPLE_PROPERTIES, destinations } };
  const found = opened({ $schema: TEMPLATE, parameters, resources: [rule] });
  assert.deepEqual(codesOf(found), []);
  assert.deepEqual(
    found.unknowns.map(({ pointer, reason }) => [pointer, reason]),
    [['/parameters/workspace/defaultValue', "the parameter 'workspace' is empty by default"]],
  );
});

test('columns that no custom table can have are told where they are declared', () => {
  const columns = ['TimeGenerated', 'Type', 'my column', 'Message'].map((name, i) => {
    return { name, type: i === 0 ? 'datetime' : 'string' };
  });
  const properties = {
    ...SAMPLE_PROPERTIES,
    kind: 'Direct',
    dataSources: {},
    streamDeclarations: { 'Custom-App_CL': { columns } },
    dataFlows: [{ streams: ['Custom-App_CL'], destinations: ['main'] }],
  };
  const { diagnostics } = only(opened({ ...resource, kind: 'Direct', properties }));
  assert.deepEqual(
    diagnostics.filter((d) => d.code === 'TRANSFORM_COLUMN_NAME').map((d) => d.pointer.slice(-10)),
    ['ns/1/name', 'ns/2/name'].map((end) => `m${end}`),
  );
});

test('files of other kinds are no rules, whatever they have in common with them', () => {
  const others: readonly object[] = [
    { name: 'x', version: '1.0.0', description: 'a package' },
    { kind: 'Pod', metadata: { name: 'x' }, spec: { containers: [{ resources: { cpu: 1 } }] } },
    { resources: { cpu: 1, memory: '1Gi' } },
    { rules: [{ destinations: ['a'], description: 'b' }] },
    { value: [{ description: 'x', metadata: {} }] },
  ];
  for (const other of others) {
    const found = opened(other);
    assert.deepEqual([found.rules.length, codesOf(found)], [0, []], JSON.stringify(other));
  }
});

test('a rule of which everything is missing is a rule by its type or kind', () => {
  const codes = codesOf(opened({ type: RULE_TYPE, location: 'x' }));
  assert.deepEqual(new Set(codes), new Set(['DCR_MEMBER_MISSING']));
  assert.deepEqual(codesOf(opened({ kind: 'AgentSettings', properties: {} })), [
    'DCR_MEMBER_MISSING',
  ]);
});

test('texts may go over lines, and what is in them keeps its place', () => {
  const text = sampleRule({
    dataFlows: [
      { streams: ['Microsoft-Syslog'], destinations: ['main'], transformKql: 'source§§| were x' },
    ],
  });
  const { diagnostics, rules } = openDocument(text.replace('§§', '\n\t'));
  assert.deepEqual(
    diagnostics.map(({ code, severity }) => [code, severity]),
    [['JSON_RAW_TEXT', 'warning']],
  );
  const [found] = rules.flatMap((r) => r.diagnostics);
  assert.deepEqual(
    [found?.code, found?.position?.column],
    ['TRANSFORM_OPERATOR_UNSUPPORTED', '\t| '.length + 1],
  );
  const open = openDocument(text.replace('"source§§', 'source'));
  assert.deepEqual(codesOf(open), ['JSON_SYNTAX']);
  const unclosed = openDocument(text.replace('| were x"', ''));
  assert.deepEqual(codesOf(unclosed), ['JSON_UNTERMINATED']);
});

test('a column that is refused is told once, and not by what uses it', () => {
  const columns = [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Id', type: 'guid' },
  ];
  const found = opened({
    ...resource,
    properties: {
      ...SAMPLE_PROPERTIES,
      streamDeclarations: { 'Custom-App': { columns } },
      dataFlows: [
        ...SAMPLE_PROPERTIES.dataFlows,
        {
          streams: ['Custom-App'],
          destinations: ['main'],
          transformKql: 'source | extend Both = strcat(Id, "x")',
          outputStream: 'Custom-App_CL',
        },
      ],
    },
  });
  assert.deepEqual(codesOf(found), ['DCR_COLUMN_TYPE_INVALID']);
});

test('a type that is nearly that of rules is warned of', () => {
  const misspelled = { ...resource, type: 'Microsoft.Insight/dataCollectionRule' };
  const found = opened({ $schema: TEMPLATE, resources: [resource, misspelled] });
  assert.deepEqual(
    found.diagnostics.map(({ code, pointer }) => [code, pointer]),
    [['DCR_TYPE_MISSPELLED', '/resources/1/type']],
  );
});
