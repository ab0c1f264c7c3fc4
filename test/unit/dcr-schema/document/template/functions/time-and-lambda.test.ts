import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../../../../packages/dcr-schema/src/rule/rule.ts';
import { findingOf, reasonOf, resultOf } from '../template-evaluation.ts';

const DOGS = [
  { name: 'Evie', age: 5, interests: ['Ball', 'Frisbee'] },
  { name: 'Casper', age: 3, interests: ['Other dogs'] },
  { name: 'Indy', age: 2, interests: ['Butter'] },
  { name: 'Kira', age: 8, interests: ['Rubs'] },
];
const [evie, casper, indy, kira] = DOGS;

// Those of "Lambda functions for ARM templates" are its examples.
const VALUES: readonly (readonly [string, Json])[] = [
  [
    "filter(variables('dogs'), lambda('dog', greaterOrEquals(lambdaVariables('dog').age, 5)))",
    [evie!, kira!],
  ],
  ["filter(range(0, 10), lambda('i', equals(0, mod(lambdaVariables('i'), 2))))", [0, 2, 4, 6, 8]],
  [
    "map(variables('dogs'), lambda('dog', lambdaVariables('dog').name))",
    ['Evie', 'Casper', 'Indy', 'Kira'],
  ],
  [
    "map(createArray('a', 'b'), lambda('x', 'i', format('{0}{1}', lambdaVariables('x'), lambdaVariables('i'))))",
    ['a0', 'b1'],
  ],
  [
    "reduce(createArray(5, 3, 2, 8), 0, lambda('cur', 'next', add(lambdaVariables('cur'), lambdaVariables('next'))))",
    18,
  ],
  [
    "reduce(createArray(createObject('foo', 123), createObject('bar', 456)), createObject(), lambda('cur', 'next', union(lambdaVariables('cur'), lambdaVariables('next'))))",
    { foo: 123, bar: 456 },
  ],
  [
    "sort(variables('dogs'), lambda('a', 'b', less(lambdaVariables('a').age, lambdaVariables('b').age)))",
    [indy!, casper!, evie!, kira!],
  ],
  [
    "toObject(take(variables('dogs'), 1), lambda('entry', lambdaVariables('entry').name))",
    { Evie: evie! },
  ],
  [
    "toObject(take(variables('dogs'), 1), lambda('entry', lambdaVariables('entry').name), lambda('entry', lambdaVariables('entry').age))",
    { Evie: 5 },
  ],
  [
    "groupBy(createArray('foo', 'bar', 'baz'), lambda('x', substring(lambdaVariables('x'), 0, 1)))",
    { f: ['foo'], b: ['bar', 'baz'] },
  ],
  [
    "groupBy(createArray('foo', 'bar', 'baz'), lambda('x', substring(lambdaVariables('x'), 0, 1)), lambda('x', length(lambdaVariables('x'))))",
    { f: [3], b: [3, 3] },
  ],
  [
    "mapValues(createObject('foo', 'foo'), lambda('val', toUpper(lambdaVariables('val'))))",
    { foo: 'FOO' },
  ],
  [
    "map(createArray(1, 2), lambda('a', map(createArray(10), lambda('b', add(lambdaVariables('a'), lambdaVariables('b'))))))",
    [[11], [12]],
  ],
  ["dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y', 'yyyy-MM-dd HH:mm:ss')", '2023-04-07 14:53:14'],
  ["dateTimeAdd('2020-04-07 14:53:14Z', '-P9D', 'd')", '03/29/2020'],
  ["dateTimeAdd('2020-04-07T14:53:14Z', 'PT1H', 'h:mm tt')", '3:53 PM'],
  ["dateTimeAdd('2024-01-31', 'P1M', 'yyyyMMddTHHmmssZ')", '20240229T000000Z'],
  ["dateTimeAdd('20240131T235959Z', 'PT1S', 'u')", '2024-02-01 00:00:00Z'],
  ["dateTimeToEpoch('2023-05-02T15:16:13Z')", 1683040573],
  ["dateTimeToEpoch('2023-05-02T17:16:13+02:00')", 1683040573],
  ['dateTimeFromEpoch(1683040573)', '2023-05-02T15:16:13Z'],
];

for (const [expression, value] of VALUES) {
  test(`[${expression}]`, () => {
    assert.deepEqual(resultOf(expression, { variables: { dogs: DOGS } }), value);
  });
}

test('times and durations that are none are told', () => {
  assert.match(findingOf("dateTimeToEpoch('soon')"), /"soon" is not a time/);
  assert.match(findingOf("dateTimeAdd('2020-04-07', '3 days')"), /is not an ISO 8601 duration/);
  assert.match(findingOf("dateTimeAdd('2020-04-07', 'P')"), /is not an ISO 8601 duration/);
});

test('times that are written or asked for in another way are not known', () => {
  assert.match(reasonOf("dateTimeToEpoch('4/7/2023')"), /only ISO 8601/);
  assert.match(reasonOf("dateTimeToEpoch('2023-02-30')"), /only ISO 8601/);
  assert.match(reasonOf("dateTimeAdd('2020-04-07', 'P1D')"), /without a format/);
  assert.match(reasonOf("dateTimeAdd('2020-04-07', 'P1D', 'MMM d')"), /this format/);
});

test('a lambda stands where a function takes one, and only there', () => {
  assert.match(findingOf("map(createArray(1), 'x')"), /map\(\) takes a lambda\(\) here/);
  assert.match(findingOf("lambda('x', 1)"), /stands only as an argument/);
  assert.match(
    findingOf("map(createArray(1), lambda('x', lambdaVariables('y')))"),
    /no lambda variable 'y'/,
  );
  assert.match(findingOf("filter(createArray(1), lambda('x', 'y'))"), /true or false here/);
});

test('what depends on an item that is not known is not known', () => {
  assert.match(
    reasonOf("filter(createArray(utcNow()), lambda('x', equals(lambdaVariables('x'), 1)))"),
    /utcNow/,
  );
  assert.match(
    reasonOf(
      "sort(createArray(utcNow(), 'a'), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))",
    ),
    /utcNow/,
  );
  assert.equal(
    resultOf("map(createArray(utcNow(), 'a'), lambda('x', lambdaVariables('x')))[1]"),
    'a',
  );
});
