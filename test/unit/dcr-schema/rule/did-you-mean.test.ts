import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  didYouMean,
  editDistance,
  nearest,
} from '../../../../packages/dcr-schema/src/rule/did-you-mean.ts';

test('the nearest name is found, ignoring letter case', () => {
  const names = ['streams', 'destinations', 'transformKql', 'outputStream'];
  assert.equal(nearest('stream', names), 'streams');
  assert.equal(nearest('DESTINATION', names), 'destinations');
  assert.equal(nearest('tranfsormKQL', names), 'transformKql');
  assert.equal(nearest('transformKql', names), 'transformKql');
  assert.equal(didYouMean('outputStreams', names), "did you mean 'outputStream'?");
});

test('a name that is far from all others gets no suggestion', () => {
  assert.equal(nearest('colour', ['streams', 'name']), undefined);
  assert.equal(nearest('id', ['if', 'is']), undefined);
  assert.equal(nearest('', ['a']), undefined);
  assert.equal(nearest('x'.repeat(100), ['x'.repeat(100)]), undefined);
  assert.equal(didYouMean('colour', []), undefined);
});

test('of equally near names the first is meant', () => {
  assert.equal(nearest('local8', ['local0', 'local1']), 'local0');
});

/** The textbook recursion, without the short cuts. */
function plainDistance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const replaced = plainDistance(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1);
  const steps = [replaced, plainDistance(a.slice(1), b) + 1, plainDistance(a, b.slice(1)) + 1];
  const isSwap = a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0];
  if (isSwap) steps.push(plainDistance(a.slice(2), b.slice(2)) + 1);
  return Math.min(...steps);
}

test('the distance is that of the textbook, cut off at its bound', () => {
  const words = ['', 'a', 'ab', 'ba', 'abc', 'acb', 'cab', 'abca', 'bbac', 'ccabb', 'abcab'];
  for (const a of words) {
    for (const b of words) {
      for (const most of [0, 1, 3, 9]) {
        assert.equal(
          editDistance(a, b, most),
          Math.min(plainDistance(a, b), most + 1),
          `${a} ${b}`,
        );
      }
    }
  }
});
