import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../../../packages/dcr-schema/src/rule/rule.ts';
import { toJson } from '../../../../../packages/dcr-schema/src/rule/text/json-tree.ts';
import {
  evaluate,
  evaluateProperties,
  findingOf,
  reasonOf,
  resultOf,
} from './template-evaluation.ts';

const given = (values: Record<string, Json>) => new Map(Object.entries(values));

function withParameters(parameters: object, values?: ReadonlyMap<string, Json>) {
  return evaluate({ parameters, resources: [] }, values);
}

test('a given value wins over the default, ignoring the letter case of its name', () => {
  const template = {
    parameters: { Size: { type: 'int', defaultValue: 1 } },
    resources: [{ type: 'a.b/c', name: 'n', properties: "[parameters('size')]" }],
  };
  const { resources } = evaluate(template, given({ SIZE: 7, other: 1 }));
  assert.deepEqual(toJson(resources[0]!.node), { type: 'a.b/c', name: 'n', properties: 7 });
});

test('a default value may be an expression that takes another parameter', () => {
  const parameters = {
    a: { type: 'string', defaultValue: "[concat(parameters('b'), '1')]" },
    b: { type: 'string', defaultValue: 'x' },
  };
  assert.equal(resultOf("parameters('A')", { parameters }), 'x1');
});

test('a parameter without a value is not known, and null where it may be', () => {
  const parameters = { a: { type: 'string' }, b: { type: 'string', nullable: true } };
  assert.equal(
    reasonOf("parameters('a')", { parameters }),
    "the parameter 'a' has no default value",
  );
  assert.equal(resultOf("parameters('b')", { parameters }), null);
});

test('null takes the default value, and stays null where there is none and it may be', () => {
  const parameters = {
    a: { type: 'string', defaultValue: 'x' },
    b: { type: 'string', nullable: true },
    c: { type: 'string' },
  };
  assert.deepEqual(withParameters(parameters, given({ a: null, b: null })).found, []);
  const values = { a: { value: '[null()]' }, b: { value: null }, c: { value: '[null()]' } };
  const properties = {
    expressionEvaluationOptions: { scope: 'inner' },
    parameters: values,
    template: {
      parameters,
      resources: [{ type: 'a.b/c', name: "[coalesce(parameters('b'), parameters('a'))]" }],
    },
  };
  const resource = { type: 'Microsoft.Resources/deployments', name: 'd', properties };
  const { found, resources } = evaluate({ resources: [resource] });
  assert.deepEqual(
    found.map(({ code, message }) => `${code} ${message}`),
    ["ARM_PARAMETER_TYPE the value of the parameter 'c' is null, and its type is string"],
  );
  assert.deepEqual(toJson(resources[1]!.node), { type: 'a.b/c', name: 'x' });
});

test('a declaration takes over what the definition says that it refers to', () => {
  const definitions = {
    size: { type: 'string', allowedValues: ['s', 'm'] },
    'a/b': { $ref: '#/definitions/size', nullable: true },
    round: { $ref: '#/definitions/round' },
  };
  const declarations = {
    definitions,
    parameters: {
      a: { $ref: '#/definitions/size', defaultValue: 'xl' },
      b: { $ref: '#/definitions/a~1b' },
      c: { $ref: '#/definitions/round', defaultValue: 5 },
      d: { $ref: '#/definitions/none' },
      e: { $ref: '#/definitions/a~1b', defaultValue: 'l', allowedValues: ['l'] },
      f: { $ref: '#/definitions/size', defaultValue: 1 },
    },
  };
  assert.deepEqual(
    evaluate(declarations).found.map(({ code, pointer }) => `${code} ${pointer}`),
    [
      'ARM_PARAMETER_VALUE /parameters/a/defaultValue',
      'ARM_PARAMETER_TYPE /parameters/f/defaultValue',
    ],
  );
  const inner = {
    expressionEvaluationOptions: { scope: 'inner' },
    parameters: {},
    template: { ...declarations, resources: [] },
  };
  const resource = { type: 'Microsoft.Resources/deployments', name: 'd', properties: inner };
  const messages = evaluate({ resources: [resource] }).found.map(({ message }) => message);
  assert.ok(!messages.some((message) => message.includes('is given no value')), String(messages));
});

test('a mistake that comes of an empty default value says that a value has to be given', () => {
  const declarations = {
    parameters: {
      id: { type: 'string', defaultValue: '' },
      settings: { type: 'object', defaultValue: {} },
      zones: { type: 'array', defaultValue: [] },
      lock: { type: 'object', nullable: true },
      full: { type: 'object', defaultValue: { a: 1 } },
    },
    variables: {
      parts: "[split(parameters('id'), '/')]",
      all: { settings: "[parameters('settings')]" },
    },
  };
  const expressions = [
    "split(parameters('id'), '/')[8]",
    "variables('parts')[8]",
    "variables('all').settings.x",
    "parameters('settings').x.y",
    "parameters('zones')[0]",
    "parameters('lock').kind",
    "json(parameters('id'))",
    "int(parameters('id'))",
    "map(createArray(parameters('settings')), lambda('s', lambdaVariables('s').x))[0]",
  ];
  for (const expression of expressions) {
    assert.match(reasonOf(expression, declarations), /has to be given a value/, expression);
  }
  assert.match(findingOf("parameters('full').x", declarations), /^ARM_MEMBER_MISSING/);
  const beside = "concat(parameters('id'), substring('abc', 5))";
  assert.match(findingOf(beside, declarations), /^ARM_FUNCTION_ARGUMENTS substring/);
  assert.equal(resultOf("empty(parameters('zones'))", declarations), true);
});

test('an empty default value is one in the template that it is handed to', () => {
  const properties = {
    expressionEvaluationOptions: { scope: 'inner' },
    parameters: { size: { value: "[parameters('size')]" } },
    template: {
      parameters: { size: { type: 'string', allowedValues: ['s', 'm'] } },
      resources: [{ type: 'a.b/c', name: "[split(parameters('size'), '-')[1]]" }],
    },
  };
  const resource = { type: 'Microsoft.Resources/deployments', name: 'd', properties };
  const parameters = { size: { type: 'string', defaultValue: '' } };
  const { found, unknowns } = evaluate({ parameters, resources: [resource] });
  assert.deepEqual(found, []);
  assert.match(unknowns[0]!.reason, /has to be given a value/);
});

test('an empty text that is not allowed has to be given', () => {
  const parameters = {
    region: { type: 'string', defaultValue: '', allowedValues: ['east', 'west'] },
    name: { type: 'string', defaultValue: '', minLength: 1 },
    zones: { type: 'array', defaultValue: [], minLength: 1 },
    free: { type: 'string', defaultValue: '' },
  };
  const reason = "the parameter 'region' has to be given a value";
  assert.equal(reasonOf("parameters('region')", { parameters }), reason);
  assert.match(reasonOf("parameters('name')", { parameters }), /has to be given a value/);
  assert.match(reasonOf("parameters('zones')", { parameters }), /has to be given a value/);
  assert.equal(resultOf("parameters('free')", { parameters }), '');
});

test('values are held against the declared type', () => {
  const { found } = withParameters({
    a: { type: 'string', defaultValue: 5 },
    b: { type: 'int', defaultValue: 1.5 },
    c: { type: 'Bool', defaultValue: 'true' },
    d: { type: 'array', defaultValue: {} },
    e: { type: 'secureObject', defaultValue: [] },
    f: { type: 'securestring', defaultValue: null },
  });
  assert.deepEqual(
    found.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`),
    [
      "ARM_PARAMETER_TYPE /parameters/a/defaultValue the value of the parameter 'a' is the number 5, and its type is string",
      "ARM_PARAMETER_TYPE /parameters/b/defaultValue the value of the parameter 'b' is the number 1.5, and its type is int",
      'ARM_PARAMETER_TYPE /parameters/c/defaultValue the value of the parameter \'c\' is the text "true", and its type is bool',
      "ARM_PARAMETER_TYPE /parameters/d/defaultValue the value of the parameter 'd' is an object, and its type is array",
      "ARM_PARAMETER_TYPE /parameters/e/defaultValue the value of the parameter 'e' is a list, and its type is secureobject",
      "ARM_PARAMETER_TYPE /parameters/f/defaultValue the value of the parameter 'f' is null, and its type is securestring",
    ],
  );
});

test('a given value that does not suit is told at the parameter', () => {
  const { found } = withParameters({ a: { type: 'int' } }, given({ a: 'x' }));
  assert.deepEqual(
    found.map(({ code, pointer }) => `${code} ${pointer}`),
    ['ARM_PARAMETER_TYPE /parameters/a'],
  );
});

test('values are held against the allowed ones and the bounds', () => {
  const parameters = {
    a: { type: 'string', defaultValue: 'EAST', allowedValues: ['east'] },
    b: { type: 'string', defaultValue: 'north', allowedValues: ['east'] },
    c: { type: 'array', defaultValue: ['x', 'z'], allowedValues: ['x', 'y'] },
    d: { type: 'int', defaultValue: 11, maxValue: 10 },
    e: { type: 'string', defaultValue: 'abc', maxLength: 2 },
    f: { type: 'array', defaultValue: [1], minLength: 2 },
  };
  const told = withParameters(parameters).found.map(({ code, message }) => `${code} ${message}`);
  assert.deepEqual(told, [
    'ARM_PARAMETER_VALUE the value of the parameter \'b\' is the text "north", which is not among its one allowed value',
    'ARM_PARAMETER_VALUE the value of the parameter \'c\' is the text "z", which is not among its 2 allowed values',
    "ARM_PARAMETER_VALUE the value of the parameter 'd' is 11, and the most is 10",
    "ARM_PARAMETER_VALUE the value of the parameter 'e' has 3 characters, and the most is 2",
    "ARM_PARAMETER_VALUE the value of the parameter 'f' has one item, and the least is 2",
  ]);
});

test('a value from outside that stands for another one is not known', () => {
  const template = {
    parameters: { a: { type: 'string' }, b: { type: 'object' } },
    resources: [
      { type: 'a.b/c', name: 'n', properties: ["[parameters('a')]", "[parameters('b').known]"] },
    ],
  };
  const values = given({ a: "[field('location')]", b: { known: 1, not: '{{x}}' } });
  const { resources, unknowns, found } = evaluate(template, values);
  assert.deepEqual(found, []);
  assert.deepEqual(toJson(resources[0]!.node), {
    type: 'a.b/c',
    name: 'n',
    properties: ["[parameters('a')]", 1],
  });
  assert.deepEqual(
    unknowns.map((u) => u.reason),
    ['the value it is given is known when deployed'],
  );
});

test('values that depend on themselves are told once', () => {
  const { found, unknowns } = evaluateProperties("[variables('a')]", {
    variables: { a: "[variables('b')]", b: ["[variables('c')]"], c: "[variables('a')]" },
  });
  assert.deepEqual(
    found.map(({ code, pointer, message }) => ({ code, pointer, message })),
    [
      {
        code: 'ARM_VALUE_CYCLE',
        pointer: '/variables/c',
        message: "the value of 'a' depends on itself",
      },
    ],
  );
  assert.deepEqual(unknowns, []);
});

test('default values that depend on themselves are told', () => {
  const { found } = withParameters({
    a: { type: 'string', defaultValue: "[parameters('a')]" },
  });
  assert.deepEqual(
    found.map(({ code }) => code),
    ['ARM_VALUE_CYCLE'],
  );
});

const FUNCTIONS = [
  {
    namespace: 'contoso',
    members: {
      uniqueName: {
        parameters: [
          { name: 'namePrefix', type: 'string' },
          { name: 'n', type: 'int' },
        ],
        output: {
          type: 'string',
          value: "[concat(toLower(parameters('namePrefix')), parameters('n'))]",
        },
      },
      twice: {
        parameters: [{ name: 'n', type: 'int' }],
        output: { type: 'object', value: { sum: "[add(parameters('n'), parameters('n'))]" } },
      },
    },
  },
];

test("functions of the author's own are called by namespace and name", () => {
  const declarations = {
    functions: FUNCTIONS,
    parameters: { n: { type: 'int', defaultValue: 9 } },
  };
  assert.equal(resultOf("Contoso.uniquename('AB', 3)", declarations), 'ab3');
  assert.deepEqual(resultOf('contoso.twice(4)', declarations), { sum: 8 });
  assert.equal(resultOf('contoso.twice(4).sum', declarations), 8);
});

test('a function of the author reads the variables of the template', () => {
  const functions = [
    {
      namespace: 'own',
      members: {
        place: { output: { value: "[variables('place')]" } },
        both: {
          parameters: [{ name: 'name', type: 'string' }],
          output: { value: "[concat(own.place(), parameters('name'))]" },
        },
        round: { output: { value: "[variables('round')]" } },
      },
    },
  ];
  const declarations = {
    functions,
    parameters: { name: { type: 'string', defaultValue: 'east' } },
    variables: { place: "[parameters('name')]" },
  };
  assert.equal(
    resultOf("own.both('x')", { ...declarations, variables: { place: 'west', round: 1 } }),
    'westx',
  );
  const variables = { ...declarations.variables, round: 1 };
  assert.equal(resultOf("own.both('x')", { ...declarations, variables }), 'eastx');
  const { found } = evaluate({
    ...declarations,
    variables: { ...variables, round: '[own.round()]' },
  });
  assert.deepEqual(
    found.map(({ code }) => code),
    ['ARM_VALUE_CYCLE'],
  );
});

test('a function of the author knows its own parameters only', () => {
  const functions = [
    {
      namespace: 'own',
      members: {
        f: { output: { value: "[concat(parameters('outside'), variables('v'))]" } },
        g: { parameters: [{ name: 'a', type: 'int' }], output: { value: 1 } },
      },
    },
  ];
  const { found } = evaluateProperties(['[own.g()]', '[own.h(1)]', '[g(1)]'], {
    functions,
    parameters: { outside: { type: 'string', defaultValue: 'x' } },
    variables: { v: 'x' },
  });
  assert.deepEqual(
    found.map(({ code, message, hint }) => [code, message, hint]),
    [
      ['ARM_PARAMETER_UNDECLARED', "the template declares no parameter 'outside'", undefined],
      ['ARM_FUNCTION_ARGUMENTS', 'own.g() takes one argument, not 0', undefined],
      ['ARM_FUNCTION_UNKNOWN', "the template defines no function 'own.h'", "did you mean 'own.f'?"],
      ['ARM_FUNCTION_UNKNOWN', "there is no function 'g'", 'write own.g(…)'],
    ],
  );
});

test('parts of a template that are no objects are told, and taken as absent', () => {
  const { found, resources } = evaluate({
    parameters: [],
    variables: 'x',
    functions: {},
    resources: [5, { name: 'n' }, { type: 'a.b/c', name: 'n' }],
  });
  assert.deepEqual(
    found.map(({ code, pointer }) => `${code} ${pointer}`),
    [
      'ARM_STRUCTURE /parameters',
      'ARM_STRUCTURE /variables',
      'ARM_STRUCTURE /functions',
      'ARM_STRUCTURE /resources/0',
      'ARM_STRUCTURE /resources/1',
    ],
  );
  assert.deepEqual(
    resources.map(({ type }) => type),
    ['a.b/c'],
  );
});

test('what is wrong in an output is told', () => {
  const { found } = evaluate({
    resources: [],
    outputs: {
      a: { type: 'string', value: "[variables('none')]" },
      b: { type: 'string', value: "[reference('x').y]" },
      c: { type: 'array', copy: { count: 2, input: '[createArray(1)[copyIndex()]]' } },
      d: { condition: false, value: '[createArray(1)[5]]' },
    },
  });
  assert.deepEqual(
    found.map(({ pointer, code }) => `${code} ${pointer}`),
    ['ARM_VARIABLE_UNDECLARED /outputs/a/value'],
  );
});
