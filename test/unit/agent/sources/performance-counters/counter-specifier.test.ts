import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CounterSpecifier,
  parseCounterSpecifier,
} from '../../../../../packages/agent/src/sources/performance-counters/counter-specifier.ts';

const specifiers: readonly [string, CounterSpecifier][] = [
  ['Processor(*)\\% Time', { object: 'Processor', instance: '*', counter: '% Time' }],
  ['\\Processor(_Total)\\% Time', { object: 'Processor', instance: '_Total', counter: '% Time' }],
  ['\\Memory\\Available MBytes', { object: 'Memory', counter: 'Available MBytes' }],
  ['System\\Uptime', { object: 'System', counter: 'Uptime' }],
  [' Disk ( /a )\\ x ', { object: 'Disk', instance: '/a', counter: 'x' }],
  ['Disk(/a b(1)\\c)\\x', { object: 'Disk', instance: '/a b(1)\\c', counter: 'x' }],
  ['Process(a&amp;b)\\x &amp; y', { object: 'Process', instance: 'a&b', counter: 'x & y' }],
  ['\\\\Memory\\\\Pages/sec', { object: 'Memory', counter: 'Pages/sec' }],
  ['Disk()\\x', { object: 'Disk', instance: '', counter: 'x' }],
  ['Memory\\Pages (all)', { object: 'Memory', counter: 'Pages (all)' }],
];

for (const [text, expected] of specifiers) {
  test(`a counter is read: ${text}`, () => {
    assert.deepEqual(parseCounterSpecifier(text), expected);
  });
}

test('what has no object or no counter is no counter', () => {
  const wrong = [
    '',
    '\\',
    'Memory',
    '\\Memory',
    '\\Memory\\',
    'A(*)',
    'A(*\\x',
    '(*)\\x',
    'A(*)\\ ',
  ];
  for (const text of wrong) assert.equal(parseCounterSpecifier(text), undefined, text);
});

test('a text of any length is read in no time', () => {
  const many = 100_000;
  for (const piece of ['(', ')', '\\', ')\\', '&amp;', '(\\)']) {
    parseCounterSpecifier(piece.repeat(many));
    parseCounterSpecifier(`A(${piece.repeat(many)}`);
  }
});
