import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../../../../packages/dcr-schema/src/rule/rule.ts';
import { evaluateProperties, findingOf, reasonOf, resultOf } from '../template-evaluation.ts';

const VARIABLES = {
  list: ['one', 'two', 'three'],
  object: { one: 'a', two: 'b', three: 'c' },
  second: { one: 'a', two: 'z', three: 'c' },
  entities: { item002: { enabled: false }, item001: { enabled: true } },
  deep: { property: { one: 'a', three: 'c1' }, nestedArray: [1, 2] },
  deeper: { property: { three: 'c2', four: 'd' }, nestedArray: [3, 4] },
  nulls: { null1: null, string: 'default' },
};

// The values are those of the examples in "Array", "Object", "Comparison", "Logical", "Numeric" and
// "CIDR functions for ARM templates".
const VALUES: readonly (readonly [string, Json])[] = [
  ['array(1)', [1]],
  ["array(variables('object'))", [VARIABLES.object]],
  ["concat(createArray('1-1', '1-2'), createArray('2-1'))", ['1-1', '1-2', '2-1']],
  ["contains('OneTwoThree', 'e')", true],
  ["contains('OneTwoThree', 'z')", false],
  ["contains('OneTwoThree', 'one')", false],
  ["contains(variables('object'), 'ONE')", true],
  ["contains(variables('object'), 'a')", false],
  ["contains(variables('list'), 'three')", true],
  ["contains(variables('list'), 'four')", false],
  ['createArray(1, 2, 3)', [1, 2, 3]],
  ['createArray()', []],
  ["empty(json('{}'))", true],
  ["empty('')", true],
  ['empty(null())', true],
  ["empty(variables('list'))", false],
  ["first(variables('list'))", 'one'],
  ["first('One Two')", 'O'],
  ["last(variables('list'))", 'three'],
  ["last('One')", 'e'],
  ['first(createArray())', null],
  ["indexFromEnd(variables('list'), 1)", 'three'],
  ["tryIndexFromEnd(variables('list'), 9)", null],
  ["indexOf(variables('list'), 'two')", 1],
  ['lastIndexOf(createArray(1, 2, 1), 1)', 2],
  ["length(variables('list'))", 3],
  ["length('One Two Three')", 13],
  ["length(variables('object'))", 3],
  ['max(createArray(0, 3, 2, 5, 4))', 5],
  ['min(0, 3, 2, 5, 4)', 0],
  ['range(5, 3)', [5, 6, 7]],
  ["skip(variables('list'), 2)", ['three']],
  ["take(variables('list'), 2)", ['one', 'two']],
  ['flatten(createArray(createArray(1, 2), createArray(3)))', [1, 2, 3]],
  ["intersection(variables('list'), createArray('two', 'three'))", ['two', 'three']],
  ["intersection(variables('object'), variables('second'))", { one: 'a', three: 'c' }],
  ["union(createArray('one', 'two'), createArray('two', 'three'))", ['one', 'two', 'three']],
  [
    "union(variables('object'), createObject('three', 'c2', 'four', 'd'))",
    { one: 'a', two: 'b', three: 'c2', four: 'd' },
  ],
  [
    "union(variables('deep'), variables('deeper'))",
    { property: { one: 'a', three: 'c2', four: 'd' }, nestedArray: [3, 4] },
  ],
  ["shallowMerge(createArray(variables('deep'), variables('deeper')))", VARIABLES.deeper],
  ["createObject('a', 1, 'b', createObject())", { a: 1, b: {} }],
  [
    "items(variables('entities'))",
    [
      { key: 'item001', value: { enabled: true } },
      { key: 'item002', value: { enabled: false } },
    ],
  ],
  ["objectKeys(createObject('b', 1, 'a', 2))", ['a', 'b']],
  ["tryGet(variables('deep'), 'property', 'one')", 'a'],
  ["tryGet(variables('deep'), 'nothing', 'one')", null],
  ["tryGet(variables('list'), 7)", null],
  ["variables('object').ONE", 'a'],
  ["variables('object')['two']", 'b'],
  ["variables('list')[1]", 'two'],
  ["variables('deep').nestedArray[0]", 1],
  ["variables('deep').?nothing", null],
  ["variables('nulls').?null1.?more", null],
  ["coalesce(variables('nulls').null1, variables('nulls').string)", 'default'],
  ['coalesce(null(), null())', null],
  ["coalesce('a', substring('', 5))", 'a'],
  ["equals(createObject('a', 1, 'b', 2), createObject('b', 2, 'a', 1))", true],
  ["equals('a', 'A')", false],
  ["equals(1, '1')", false],
  ['equals(createArray(1, 2), createArray(2, 1))', false],
  ['less(1, 2)', true],
  ["less('A', 'a')", false],
  ["greater('A', 'a')", true],
  ['greaterOrEquals(1, 2)', false],
  ['lessOrEquals(2, 2)', true],
  ["and(true(), bool('false'))", false],
  ['or(false(), bool(1))', true],
  ['not(false())', true],
  ["if(true(), 'yes', substring('', 5))", 'yes'],
  ["if(false(), substring('', 5), 'no')", 'no'],
  ['add(5, 3)', 8],
  ['sub(7, 3)', 4],
  ['mul(5, 3)', 15],
  ['div(8, 3)', 2],
  ['div(-7, 2)', -3],
  ['mod(7, 3)', 1],
  ['mod(-7, 7)', 0],
  ["int('4')", 4],
  ["float('3.5')", 3.5],
  [
    "parseCidr('10.144.0.0/20')",
    {
      network: '10.144.0.0',
      netmask: '255.255.240.0',
      broadcast: '10.144.15.255',
      firstUsable: '10.144.0.1',
      lastUsable: '10.144.15.254',
      cidr: 20,
    },
  ],
  [
    "parseCidr('fdad:3236:5555::/48')",
    {
      network: 'fdad:3236:5555::',
      netmask: 'ffff:ffff:ffff::',
      firstUsable: 'fdad:3236:5555::',
      lastUsable: 'fdad:3236:5555:ffff:ffff:ffff:ffff:ffff',
      cidr: 48,
    },
  ],
  ["cidrSubnet('10.144.0.0/20', 24, 4)", '10.144.4.0/24'],
  ["cidrSubnet('fdad:3236:5555::/48', 52, 1)", 'fdad:3236:5555:1000::/52'],
  ["cidrHost('10.144.3.0/24', 0)", '10.144.3.1'],
  ["cidrHost('fdad:3236:5555:3000::/52', 4)", 'fdad:3236:5555:3000::5'],
];

for (const [expression, value] of VALUES) {
  test(`[${expression}]`, () => {
    assert.deepEqual(resultOf(expression, { variables: VARIABLES }), value);
  });
}

test('what is not there is told, with what may be meant', () => {
  const { found } = evaluateProperties("[variables('object').thre]", { variables: VARIABLES });
  assert.deepEqual(
    found.map(({ code, message, hint }) => ({ code, message, hint })),
    [
      {
        code: 'ARM_MEMBER_MISSING',
        message: "the object has no member 'thre'",
        hint: "did you mean 'three'?",
      },
    ],
  );
  const about = (expression: string) => findingOf(expression, { variables: VARIABLES });
  assert.match(about("variables('list')[3]"), /the list has 3 items, and item 3 is taken/);
  assert.match(about("variables('list').one"), /a list has no member 'one'/);
  assert.match(about("'text'.a"), /the text "text" has no member 'a'/);
  assert.match(about("variables('nulls').null1.a"), /null has no member 'a'/);
});

test('arguments that cannot be taken are told', () => {
  assert.match(findingOf('div(1, 0)'), /divides by zero/);
  assert.match(findingOf("int('4.5')"), /is not a whole number/);
  assert.match(findingOf("bool('yes')"), /neither true nor false/);
  assert.match(findingOf('range(0, 10001)'), /up to 10000 numbers, not 10001/);
  assert.match(findingOf("createObject('a')"), /the last has no value/);
  assert.match(findingOf("less(1, 'a')"), /two numbers or two texts/);
  assert.match(findingOf('union(createArray(), createObject())'), /lists or objects/);
  assert.match(findingOf("if('true', 1, 2)"), /if\(\) takes true or false here/);
  assert.match(findingOf("cidrSubnet('10.0.0.0/24', 20, 0)"), /has no subnets of \/20/);
  assert.match(findingOf("parseCidr('10.0.0.300/24')"), /is not an address range/);
  assert.match(findingOf("parseCidr('::1::/64')"), /is not an address range/);
});

test('lists and objects hold values that are not known and stay known themselves', () => {
  assert.equal(resultOf('length(createArray(utcNow(), 1))'), 2);
  assert.equal(resultOf('contains(createArray(utcNow(), 1), 1)'), true);
  assert.match(reasonOf('contains(createArray(utcNow(), 1), 2)'), /utcNow/);
  assert.equal(resultOf("contains(createObject('a', utcNow()), 'a')"), true);
  assert.equal(resultOf("createObject('a', utcNow(), 'b', 2).b"), 2);
  assert.equal(resultOf('last(union(createArray(utcNow()), createArray(1)))'), 1);
  assert.equal(resultOf('equals(createArray(1, utcNow()), createArray(2, utcNow()))'), false);
  assert.match(reasonOf('equals(createArray(1, utcNow()), createArray(1, 2))'), /utcNow/);
  assert.match(reasonOf('createObject(utcNow(), 1)'), /utcNow/);
});

test('conditions are decided by what is known', () => {
  assert.equal(resultOf("or(equals(utcNow(), 'x'), true())"), true);
  assert.equal(resultOf("and(equals(utcNow(), 'x'), false())"), false);
  assert.match(reasonOf("and(equals(utcNow(), 'x'), true())"), /utcNow/);
  assert.equal(resultOf("if(equals(utcNow(), 'x'), 'same', 'same')"), 'same');
  assert.match(reasonOf("if(equals(utcNow(), 'x'), 'one', 'two')"), /utcNow/);
});

test('what may not be reached is not evaluated for mistakes of its values', () => {
  assert.match(reasonOf("if(equals(utcNow(), 'x'), substring('', 5), 'a')"), /utcNow/);
  assert.match(reasonOf("and(equals(utcNow(), 'x'), equals(first('a').b, 1))"), /utcNow/);
});

test('tryGet() takes items from the end', () => {
  const object = "createObject('list', createArray('a', 'b', 'c'))";
  const last = "createObject('value', 1, 'fromEnd', true())";
  assert.equal(resultOf(`tryGet(${object}, 'list', ${last})`), 'c');
  assert.equal(
    resultOf(`tryGet(${object}, 'list', createObject('value', 4, 'fromEnd', true()))`),
    null,
  );
  assert.equal(resultOf(`tryGet(${object}, 'list', createObject('value', 1))`), 'b');
  assert.match(
    reasonOf(`tryGet(${object}, 'list', createObject('value', 1, 'fromEnd', bool(utcNow())))`),
    /utcNow/,
  );
  assert.match(findingOf(`tryGet(${object}, 'list', createObject('value', 'x'))`), /by number/);
});

test('distinct() keeps the first of equal items', () => {
  assert.deepEqual(resultOf("distinct(createArray('a', 1, 'a', 2, 1))"), ['a', 1, 2]);
  const objects = "createArray(createObject('a', 1), createObject('a', 1), createObject('b', 2))";
  assert.deepEqual(resultOf(`distinct(${objects})`), [{ a: 1 }, { b: 2 }]);
});

test('like() is a function, and is not evaluated', () => {
  assert.equal(reasonOf("like('abc', 'a*')"), 'like() is not evaluated');
});
