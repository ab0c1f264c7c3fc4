import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toJson } from '../../../../../packages/dcr-schema/src/rule/text/json-tree.ts';
import { evaluate, evaluateProperties } from './template-evaluation.ts';

function deployed(template: object): unknown[] {
  const { resources, found } = evaluate(template);
  assert.deepEqual(found, []);
  return resources.map(({ node }) => toJson(node));
}

test('resources are told with type and version, without what steers the deployment', () => {
  const { resources } = evaluate({
    variables: { version: '2022-06-01' },
    resources: [
      {
        type: 'Microsoft.Insights/dataCollectionRules',
        apiVersion: "[variables('version')]",
        name: 'n',
        comments: '[not evaluated',
        condition: true,
        dependsOn: ["[resourceId('a.b/c', 'd')]"],
        properties: {},
      },
      { type: 'a.b/c', name: 'n', apiVersion: '[utcNow()]' },
    ],
  });
  assert.deepEqual(
    resources.map(({ type, apiVersion }) => ({ type, apiVersion })),
    [
      { type: 'Microsoft.Insights/dataCollectionRules', apiVersion: '2022-06-01' },
      { type: 'a.b/c', apiVersion: undefined },
    ],
  );
  assert.deepEqual(Object.keys(toJson(resources[0]!.node) as object), [
    'type',
    'apiVersion',
    'name',
    'properties',
  ]);
});

test('a resource whose condition is false is there for other parameters, and is not deployed', () => {
  const { resources, found, unknowns } = evaluate({
    resources: [
      { type: 'a.b/c', name: "[concat('n', 'o', first('x').y)]", condition: '[false()]' },
      { type: 'a.b/c', name: "[variables('none')]", condition: false },
      { type: 'a.b/c', name: 'kept', condition: "[equals(utcNow(), 'x')]" },
      { type: 'a.b/c', name: 'there already', existing: true },
    ],
  });
  assert.deepEqual(
    resources.map(({ node, isDeployed }) => [node.pointer, isDeployed]),
    [
      ['/resources/0', false],
      ['/resources/2', true],
    ],
  );
  assert.deepEqual(
    found.map(({ pointer }) => pointer),
    ['/resources/1/name'],
  );
  assert.deepEqual(
    unknowns.map(({ pointer }) => pointer),
    ['/resources/2/condition'],
  );
});

test('resources may be named by symbols', () => {
  const { resources } = evaluate({
    languageVersion: '2.0',
    resources: { rule: { type: 'a.b/c', name: 'n' } },
  });
  assert.equal(resources[0]?.node.pointer, '/resources/rule');
});

test('children have the type and name of their parents before their own', () => {
  const parent = {
    type: 'Microsoft.OperationalInsights/workspaces',
    name: 'w',
    resources: [
      { type: 'tables', name: "[concat('T', '_CL')]" },
      { type: 'tables', name: '[utcNow()]', resources: [{ type: 'x', name: 'y' }] },
    ],
  };
  const type = 'Microsoft.OperationalInsights/workspaces';
  assert.deepEqual(deployed({ resources: [parent] }), [
    { type, name: 'w' },
    { type: `${type}/tables`, name: 'w/T_CL' },
    { type: `${type}/tables`, name: '[utcNow()]' },
    { type: `${type}/tables/x`, name: '[utcNow()]' },
  ]);
});

test('a loop deploys a resource as often as it says', () => {
  const resource = {
    type: 'a.b/c',
    name: "[concat('n', copyIndex(), copyIndex(1), copyIndex('loop', 10))]",
    copy: { name: 'loop', count: '[length(createArray(1, 2))]', mode: 'serial' },
  };
  assert.deepEqual(
    deployed({ resources: [resource, { ...resource, copy: { name: 'x', count: 0 }, name: 'n' }] }),
    [
      { type: 'a.b/c', name: 'n0110' },
      { type: 'a.b/c', name: 'n1211' },
    ],
  );
});

test('loops stand among members, in variables and inside one another', () => {
  const properties = {
    copy: [{ name: 'list', count: 2, input: { n: "[copyIndex('list', 1)]" } }],
    kept: 1,
    nested: {
      copy: [
        {
          name: 'outer',
          count: 2,
          input: {
            copy: [
              {
                name: 'inner',
                count: 1,
                input: "[add(mul(copyIndex('outer'), 10), copyIndex('inner'))]",
              },
            ],
          },
        },
      ],
    },
    fromVariable: "[variables('made')]",
  };
  const variables = { copy: [{ name: 'made', count: 3, input: "[copyIndex('made')]" }] };
  const { properties: node, found } = evaluateProperties(properties, { variables });
  assert.deepEqual(found, []);
  assert.deepEqual(toJson(node), {
    list: [{ n: 1 }, { n: 2 }],
    kept: 1,
    nested: { outer: [{ inner: [0] }, { inner: [10] }] },
    fromVariable: [0, 1, 2],
  });
});

test('a member named copy that is no loop is a member', () => {
  const properties = { copy: 'that', inside: { copy: [{ name: 'x' }] } };
  assert.deepEqual(toJson(evaluateProperties(properties).properties), properties);
});

test('a loop whose count is not known makes an unknown list, and one resource', () => {
  const { resources, unknowns, found } = evaluate({
    parameters: { n: { type: 'int' } },
    resources: [
      {
        type: 'a.b/c',
        name: "[concat('n', copyIndex())]",
        copy: { name: 'loop', count: "[parameters('n')]" },
        properties: {
          copy: [{ name: 'list', count: "[parameters('n')]", input: "[copyIndex('list')]" }],
          other: 1,
        },
      },
    ],
  });
  assert.deepEqual(found, []);
  assert.deepEqual(
    resources.map(({ node }) => toJson(node)),
    [
      {
        type: 'a.b/c',
        name: "[concat('n', copyIndex())]",
        properties: { list: "[parameters('n')]", other: 1 },
      },
    ],
  );
  assert.deepEqual(
    unknowns.map(({ pointer, reason }) => [pointer, reason]),
    [
      ['/resources/0/copy/count', "the parameter 'n' has no default value"],
      ['/resources/0/name', 'how often a loop runs is not known'],
      ['/resources/0/properties/copy/0', "the parameter 'n' has no default value"],
    ],
  );
});

test('counts and loops that cannot be are told', () => {
  const { found } = evaluateProperties({
    copy: [
      { name: 'a', count: 801, input: 1 },
      { name: 'b', count: -1, input: 1 },
      { name: 'c', count: '2', input: 1 },
      { name: 'd', count: 1, input: "[copyIndex('e')]" },
      { name: 'f', count: 1, input: '[copyIndex()]' },
    ],
  });
  assert.deepEqual(
    found.map(({ code, message }) => `${code} ${message}`),
    [
      'ARM_COPY_COUNT a loop runs 0 to 800 times, and its count is the number 801',
      'ARM_COPY_COUNT a loop runs 0 to 800 times, and its count is the number -1',
      'ARM_COPY_COUNT a loop runs 0 to 800 times, and its count is the text "2"',
      "ARM_FUNCTION_ARGUMENTS copyIndex() stands in no loop named 'e'",
      "ARM_FUNCTION_ARGUMENTS copyIndex() stands in no loop of a resource; name the loop: copyIndex('f')",
    ],
  );
});

function deployment(properties: object): object {
  return { type: 'Microsoft.Resources/deployments', name: 'd', properties };
}

test('a template inside takes parameters and variables from around it, by default', () => {
  const inside = {
    variables: { v: 'inside' },
    resources: [{ type: 'a.b/c', name: "[variables('v')]" }],
  };
  const template = { variables: { v: 'around' }, resources: [deployment({ template: inside })] };
  assert.deepEqual(deployed(template), [
    { type: 'Microsoft.Resources/deployments', name: 'd', properties: {} },
    { type: 'a.b/c', name: 'around' },
  ]);
});

test('a template inside with inner scope has its own, and is given values from around it', () => {
  const inside = {
    parameters: { p: { type: 'string' } },
    variables: { v: 'inside' },
    resources: [{ type: 'a.b/c', name: "[concat(variables('v'), parameters('p'))]" }],
  };
  const properties = {
    expressionEvaluationOptions: { scope: 'Inner' },
    parameters: { p: { value: "[variables('v')]" } },
    template: inside,
  };
  const template = { variables: { v: 'around' }, resources: [deployment(properties)] };
  assert.deepEqual(deployed(template)[1], { type: 'a.b/c', name: 'insidearound' });
});

test('parameters of an inner template are held against what it is given', () => {
  const properties = {
    expressionEvaluationOptions: { scope: 'inner' },
    parameters: { plce: { value: 1 }, secret: { reference: { keyVault: {} } } },
    template: {
      parameters: { place: { type: 'string' }, secret: { type: 'securestring' } },
      resources: [{ type: 'a.b/c', name: "[parameters('secret')]" }],
    },
  };
  const { found, unknowns } = evaluate({ resources: [deployment(properties)] });
  assert.deepEqual(
    found.map(({ code, message, hint }) => [code, message, hint]),
    [
      [
        'ARM_PARAMETER_UNDECLARED',
        "the template inside declares no parameter 'plce'",
        "did you mean 'place'?",
      ],
      [
        'ARM_PARAMETER_VALUE',
        "the template inside is given no value for its parameter 'place'",
        undefined,
      ],
    ],
  );
  assert.deepEqual(
    unknowns.map(({ reason }) => reason),
    ["the value of 'secret' is kept elsewhere"],
  );
});

test('a template that is linked is not looked into', () => {
  const properties = {
    templateLink: { uri: "[concat('https://a.b/', 'c')]" },
    parameters: { a: { value: 1 } },
  };
  assert.deepEqual(deployed({ resources: [deployment(properties)] }), [
    {
      type: 'Microsoft.Resources/deployments',
      name: 'd',
      properties: { templateLink: { uri: 'https://a.b/c' } },
    },
  ]);
});

test('what a resource holds for later keeps its expressions, one bracket shorter', () => {
  const policy = {
    type: 'Microsoft.Authorization/policyDefinitions',
    name: 'p',
    properties: { location: "[[parameters('location')]", version: '[add(1, 1)]' },
  };
  assert.deepEqual(deployed({ resources: [policy] }), [
    { ...policy, properties: { location: "[parameters('location')]", version: 2 } },
  ]);
});

test('a template inside may be chosen among variables, and each that may be is followed', () => {
  const rule = (name: string) => ({ resources: [{ type: 'a.b/c', name }] });
  const template = "[if(parameters('yes'), variables('one'), if(true(), variables('two'), 3))]";
  const { resources, found } = evaluate({
    parameters: { yes: { type: 'bool' }, no: { type: 'bool', defaultValue: false } },
    variables: { one: rule('one'), two: rule('two') },
    resources: [
      deployment({ template }),
      deployment({ template: template.replace('yes', 'no') }),
      deployment({ template: "[parameters('yes')]" }),
    ],
  });
  assert.deepEqual(found, []);
  assert.deepEqual(
    resources.map(({ type, node }) => [type, node.pointer]),
    [
      ['Microsoft.Resources/deployments', '/resources/0'],
      ['a.b/c', '/variables/one/resources/0'],
      ['a.b/c', '/variables/two/resources/0'],
      ['Microsoft.Resources/deployments', '/resources/1'],
      ['a.b/c', '/variables/two/resources/0'],
      ['Microsoft.Resources/deployments', '/resources/2'],
    ],
  );
});

test('the properties of a deployment may be an expression', () => {
  const variables = { d: { mode: 'x', template: { resources: [{ type: 'a.b/c', name: 'n' }] } } };
  assert.deepEqual(
    deployed({
      variables,
      resources: [
        { type: 'Microsoft.Resources/deployments', name: 'd', properties: "[variables('d')]" },
      ],
    }),
    [
      { type: 'Microsoft.Resources/deployments', name: 'd', properties: { mode: 'x' } },
      { type: 'a.b/c', name: 'n' },
    ],
  );
});

test('resources of a template inside may be an expression, one by one or all', () => {
  const one = { type: 'a.b/c', name: 'n' };
  const template = { variables: { one, all: [one] } };
  const inside = [{ resources: "[variables('all')]" }, { resources: ["[variables('one')]"] }];
  const resources = inside.map((t) => deployment({ template: t }));
  const { resources: found } = evaluate({ ...template, resources });
  assert.deepEqual(
    found.filter(({ type }) => type === 'a.b/c').map(({ node }) => node.pointer),
    ['/variables/all/0', '/variables/one'],
  );
});

test('resources that are no list or object, and loops without a count, are told', () => {
  const { found } = evaluate({
    resources: [
      { type: 'a.b/c', name: 'n', copy: { name: 'x' } },
      { type: 'a.b/c', name: 'n', resources: 'children' },
      { type: 'a.b/c', name: 'n', tags: { '[add(1, 2)]': 1 } },
      { type: '[utcNow()]', name: 'n' },
    ],
  });
  assert.deepEqual(
    found.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`),
    [
      "ARM_STRUCTURE /resources/0/copy a loop has no 'count'",
      'ARM_STRUCTURE /resources/1/resources \'resources\' is the text "children", expected a list or an object',
      'ARM_STRUCTURE /resources/2/tags/[add(1, 2)] the name of a member is not a text',
    ],
  );
});

test('an inner template may be deployed in a loop, each time with its own values', () => {
  const template = {
    parameters: { n: { type: 'int' } },
    functions: [
      {
        namespace: 'o',
        members: {
          f: {
            parameters: [{ name: 'a', type: 'int' }],
            output: { value: "[add(parameters('a'), 1)]" },
          },
        },
      },
    ],
    resources: [{ type: 'a.b/c', name: "[concat('n', o.f(parameters('n')), o.f(7))]" }],
  };
  const properties = {
    expressionEvaluationOptions: { scope: 'inner' },
    parameters: { n: { value: '[copyIndex()]' } },
    template,
  };
  const looped = { ...deployment(properties), copy: { name: 'l', count: 2 } };
  const names = deployed({ resources: [looped] }).map((r) => (r as { name: string }).name);
  assert.deepEqual(names, ['d', 'n18', 'd', 'n28']);
});

const IN_INNER_SCOPE = { expressionEvaluationOptions: { scope: 'inner' } };

test('a template that an expression gives is evaluated for itself', () => {
  const inside = {
    parameters: { p: { type: 'array' } },
    variables: { v: "[[parameters('p')[0]]" },
    resources: [{ type: 'a.b/c', name: "[[variables('v')]", tags: "[[parameters('p')]" }],
  };
  const parameters = { p: { value: ['x'] } };
  const template = {
    variables: { inside, properties: { template: inside, parameters } },
    resources: [deployment({ template: "[variables('inside')]", parameters })],
  };
  const expected = { type: 'a.b/c', name: 'x', tags: ['x'] };
  assert.deepEqual(deployed(template)[1], expected);
  const resource = {
    type: 'Microsoft.Resources/deployments',
    name: 'd',
    properties: "[variables('properties')]",
  };
  assert.deepEqual(deployed({ ...template, resources: [resource] })[1], expected);
});

test('what is escaped in a template with inner scope is its own, inside of others, too', () => {
  const inner = {
    parameters: { p: { type: 'array' } },
    resources: [
      { type: 'a.b/c', name: 'n', tags: "[[parameters('p')]", zones: "[parameters('p')]" },
    ],
  };
  const around = {
    parameters: { q: { type: 'string' } },
    resources: [
      deployment({
        ...IN_INNER_SCOPE,
        parameters: { p: { value: ["[[parameters('q')]", "[parameters('q')]"] } },
        template: inner,
      }),
    ],
  };
  const template = {
    parameters: { q: { type: 'string', defaultValue: 'top' } },
    resources: [deployment({ parameters: { q: { value: 'x' } }, template: around })],
  };
  const values = ['x', 'top'];
  assert.deepEqual(deployed(template)[2], {
    type: 'a.b/c',
    name: 'n',
    tags: values,
    zones: values,
  });
});

test('what is escaped once or twice belongs to the template around or to the one inside', () => {
  const declarations = { parameters: { p: { type: 'string' } } };
  const inside = {
    ...declarations,
    variables: { v: "[[[parameters('p')]" },
    resources: [
      {
        type: 'a.b/c',
        name: 'n',
        tags: [
          "[parameters('p')]",
          "[[parameters('p')]",
          "[[[parameters('p')]",
          "[[[variables('v')]",
        ],
        copy: { name: 'loop', count: 1 },
        kind: '[[copyIndex()]',
      },
    ],
  };
  const around = {
    ...declarations,
    resources: [deployment({ template: inside, parameters: { p: { value: 'inside' } } })],
  };
  const template = {
    parameters: { p: { type: 'string', defaultValue: 'top' } },
    resources: [deployment({ template: around, parameters: { p: { value: 'around' } } })],
  };
  assert.deepEqual(deployed(template)[2], {
    type: 'a.b/c',
    name: 'n',
    tags: ['top', 'around', 'inside', 'inside'],
    kind: 0,
  });
});

test('in what says that it is a template, each resource has a name and a version', () => {
  const $schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  const resources = [
    { type: 'a.b/c', name: 'whole', apiVersion: '1' },
    { type: 'a.b/c', name: 'no version' },
    { type: 'a.b/c', apiVersion: '1' },
    { type: 'a.b/c' },
    { type: 'a.b/c', condition: false },
    { type: 'Kubernetes/pods', import: 'k8s', properties: {} },
    { type: 'a.b/c', name: 'parent', apiVersion: '1', resources: [{ type: 'd', name: 'child' }] },
  ];
  assert.deepEqual(
    evaluate({ $schema, resources }).found.map(({ code, pointer, message }) => [
      code,
      pointer,
      message,
    ]),
    [
      ['ARM_STRUCTURE', '/resources/1', "a resource has no 'apiVersion'"],
      ['ARM_STRUCTURE', '/resources/2', "a resource has no 'name'"],
      ['ARM_STRUCTURE', '/resources/3', "a resource has no 'name' and no 'apiVersion'"],
      ['ARM_STRUCTURE', '/resources/6/resources/0', "a resource has no 'apiVersion'"],
    ],
  );
  assert.deepEqual(evaluate({ resources }).found, []);
  const profile = { $schema, apiProfile: '2018-03-01-hybrid', resources: resources.slice(0, 3) };
  assert.deepEqual(
    evaluate(profile).found.map(({ pointer }) => pointer),
    ['/resources/2'],
  );
});
