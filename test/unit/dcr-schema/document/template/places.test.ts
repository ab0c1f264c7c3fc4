import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../../../packages/dcr-schema/src/rule/rule.ts';
import { evaluateText, nodeAt } from './template-evaluation.ts';

const TEMPLATE = `{
  "parameters": {
    "tag": { "type": "string", "defaultValue": "blue" },
    "outside": { "type": "object" }
  },
  "variables": {
    "queries": ["System!*", "[concat('Security', '!*')]"],
    "flow": { "streams": ["Microsoft-Event"] },
    "copy": [
      { "name": "looped", "count": 2, "input": { "n": "[copyIndex('looped')]", "k": "same" } }
    ]
  },
  "resources": [
    {
      "type": "a.b/c",
      "name": "[parameters('tag')]",
      "properties": {
        "queries": "[variables('queries')]",
        "second": "[variables('queries')[1]]",
        "streams": "[variables('flow').streams]",
        "made": "[createArray('a', variables('flow'))]",
        "joined": "[concat(variables('queries'), createArray('x'))]",
        "escaped": "[[parameters('x')]",
        "outside": "[parameters('outside')]",
        "unknown": [1, "[utcNow()]"],
        "looped": "[variables('looped')]",
        "plain": { "deep": true }
      }
    }
  ]
}`;

const GIVEN = new Map<string, Json>([['outside', { a: ['b'] }]]);
const { resources, unknowns, found, at } = evaluateText(TEMPLATE, GIVEN);

/** Where in the file a value of the properties is told to be: `pointer line:column`. */
function place(pointer: string): string {
  const { node, written } = nodeAt(resources[0]!.node, `/properties${pointer}`);
  const isComputed = node.type === 'scalar' && node.isComputed === true;
  return `${written} ${at(node.offset)}${isComputed ? ' made' : ''}`;
}

test('the template of these tests is without findings', () => assert.deepEqual(found, []));

test('a resource stands where it is written', () => {
  const [resource] = resources;
  assert.equal(resource?.node.pointer, '/resources/0');
  assert.equal(at(resource!.node.offset), '14:5');
  const { node, written } = nodeAt(resource!.node, '/name');
  assert.equal(`${written} ${at(node.offset)}`, '/parameters/tag/defaultValue 3:48');
});

const PLACES: readonly (readonly [string, string])[] = [
  ['/plain/deep', '/resources/0/properties/plain/deep 27:28'],
  ['/queries', '/variables/queries 7:16'],
  ['/queries/0', '/variables/queries/0 7:17'],
  ['/queries/1', '/variables/queries/1 7:29 made'],
  ['/second', '/variables/queries/1 7:29 made'],
  ['/streams/0', '/variables/flow/streams/0 8:27'],
  ['/made', '/resources/0/properties/made 21:17'],
  ['/made/0', '/resources/0/properties/made 21:17 made'],
  ['/made/1/streams/0', '/variables/flow/streams/0 8:27'],
  ['/joined/0', '/variables/queries/0 7:17'],
  ['/joined/2', '/resources/0/properties/joined 22:19 made'],
  // At the bracket that is left of the two.
  ['/escaped', '/resources/0/properties/escaped 23:21'],
  ['/outside', '/resources/0/properties/outside 24:20'],
  ['/outside/a/0', '/resources/0/properties/outside 24:20 made'],
  ['/looped/1/n', '/variables/copy/0/input/n 10:55 made'],
  ['/looped/1/k', '/variables/copy/0/input/k 10:85'],
];

for (const [pointer, expected] of PLACES) {
  test(`${pointer} is told to be at ${expected}`, () => assert.equal(place(pointer), expected));
}

test('what is not known is told where the expression stands that asks for it', () => {
  assert.deepEqual(
    unknowns.map((u) => ({ ...u, offset: at(u.offset) })),
    [
      {
        pointer: '/resources/0/properties/unknown/1',
        offset: '25:24',
        expression: '[utcNow()]',
        reason: 'utcNow() is known when deployed',
      },
    ],
  );
});
