/** Templates that ask for too much end soon, with one finding about it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, evaluateProperties, findingOf, resultOf } from './template-evaluation.ts';

function chain(count: number, value: (before: string) => unknown, start: unknown): object {
  const entries = Array.from({ length: count }, (_, i) => {
    return [`v${i}`, i === 0 ? start : value(`variables('v${i - 1}')`)];
  });
  return Object.fromEntries(entries) as object;
}

function codesOf(variables: object): string[] {
  return evaluate({ variables, resources: [] }).found.map(({ code }) => code);
}

test('values that double do not grow without end', () => {
  const lists = chain(60, (before) => [`[${before}]`, `[${before}]`], [1]);
  assert.deepEqual(codesOf(lists), ['ARM_TOO_LARGE']);
  const joined = chain(60, (before) => `[concat(${before}, ${before})]`, [1]);
  assert.deepEqual(codesOf(joined), ['ARM_TOO_LARGE']);
  const texts = chain(60, (before) => `[concat(${before}, ${before})]`, 'x');
  assert.deepEqual(codesOf(texts), ['ARM_TOO_LARGE']);
});

test('functions that call themselves or double their calls end', () => {
  const f = (value: string) => ({ parameters: [], output: { value } });
  const doubling = Array.from({ length: 60 }, (_, i) => {
    return [`f${i}`, f(i === 0 ? '[1]' : `[add(o.f${i - 1}(), o.f${i - 1}())]`)];
  });
  const members = { ...Object.fromEntries(doubling), self: f('[o.self()]') };
  const { found } = evaluate({ functions: [{ namespace: 'o', members }], resources: [] });
  assert.deepEqual(new Set(found.map(({ code }) => code)), new Set(['ARM_TOO_LARGE']));
  assert.ok(found.length <= 3);
});

test('loops in loops end', () => {
  const inner = (name: string) => `lambda('${name}', `;
  const expression = `map(range(0, 10000), ${inner('a')}map(range(0, 10000), ${inner('b')}map(range(0, 10000), ${inner('c')}1))))))`;
  assert.match(findingOf(expression), /^ARM_TOO_LARGE/);
  const copy = [{ name: 'l', count: 800, input: '[range(0, 10000)]' }];
  const { found } = evaluateProperties({ copy });
  assert.deepEqual(
    found.map(({ code }) => code),
    ['ARM_TOO_LARGE'],
  );
});

test('texts are bounded before they are made', () => {
  assert.match(findingOf("padLeft('x', 2000000000)"), /more than 16000000 characters/);
  const variables = { a: 'x'.repeat(100_000), names: { ['n'.repeat(100_000)]: 1 } };
  assert.match(
    findingOf("replace(variables('a'), 'x', variables('a'))", { variables }),
    /^ARM_TOO_LARGE/,
  );
  const many = "string(map(range(0, 800), lambda('i', variables('names'))))";
  assert.match(findingOf(many, { variables }), /^ARM_TOO_LARGE/);
});

test('looking through a long text over and over ends', () => {
  const variables = {
    long: "[padLeft('x', 4000000, 'y')]",
    found: "[map(range(0, 10000), lambda('i', startsWith(variables('long'), 'z')))]",
  };
  assert.deepEqual(codesOf(variables), ['ARM_TOO_LARGE']);
});

test('a text of a large workbook is no longer than it may be', () => {
  const variables = { item: { text: 'x'.repeat(1000) } };
  const text = "string(map(range(0, 2000), lambda('i', variables('item'))))";
  assert.equal(
    resultOf(`length(${text})`, { variables }),
    2000 * '{"text":""},'.length + 2000 * 1000 + 1,
  );
});

test('nothing is so deep that it breaks the evaluation', () => {
  const calls = `${'concat('.repeat(2000)}'x'${')'.repeat(2000)}`;
  assert.match(findingOf(calls), /nested deeper than 100 levels/);
  const brackets = `${'createArray(0)['.repeat(1000)}0${']'.repeat(1000)}`;
  assert.match(findingOf(brackets), /nested deeper than 100 levels/);
  assert.match(findingOf(`createObject()${'.a'.repeat(10_000)}`), /^ARM_MEMBER_MISSING/);
  const long = chain(5000, (before) => `[${before}]`, 1);
  const reversed = Object.fromEntries(Object.entries(long).reverse()) as object;
  assert.deepEqual(codesOf(reversed), ['ARM_TOO_LARGE']);
  const wrapped = "reduce(range(0, 1000), 1, lambda('a', 'b', createArray(lambdaVariables('a'))))";
  assert.match(findingOf(wrapped), /nested deeper than 100 levels/);
});

test('no more is told than anybody reads', () => {
  const names = Array.from({ length: 9000 }, (_, i) => `[nothing${i}()]`);
  assert.equal(evaluateProperties(names).found.length, 5000);
});

test('an expression longer than the service reads is not read', () => {
  const message = 'ARM_TOO_LARGE an expression has 24602 characters, and at most 24576 are read';
  assert.equal(findingOf(`'${'x'.repeat(24_598)}'`), message);
});

test('deployments that name the next one end', () => {
  const deployment = (self: string) => {
    const properties = { template: self, parameters: { self: { value: self } } };
    return { resources: [{ type: 'Microsoft.Resources/deployments', name: 'd', properties }] };
  };
  const parameters = { self: { type: 'object' } };
  const variables = { self: { parameters, ...deployment("[[parameters('self')]") } };
  const { found, resources } = evaluate({ variables, ...deployment("[variables('self')]") });
  assert.deepEqual(
    found.map(({ code, message }) => `${code} ${message}`),
    ['ARM_TOO_LARGE more than 30 deployments stand inside one another'],
  );
  assert.equal(resources.length, 31);
});
