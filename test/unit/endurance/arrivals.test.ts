/** The judge of the storm and the soak finds what it is there to find. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arrivals, differences } from '../../endurance/arrivals.ts';
import { numberedTexts, readNumberedText } from '../../endurance/numbered-text.ts';
import { trendOf } from '../../endurance/process-sample.ts';

const texts = numberedTexts(1);
const line = (n: number): string => texts('lines', n);
const judge = (): Arrivals => new Arrivals(() => 100);
const found = (arrivals: Arrivals): string[] => [...arrivals.findings.keys()];

test('a text is known again, and no other passes for it', () => {
  for (let n = 1; n <= 200; n++) {
    assert.deepEqual(readNumberedText(line(n)), { source: 'lines', number: n });
    const events = readNumberedText(texts('events', n));
    assert.deepEqual(events, { source: 'events', number: n });
  }
  for (const wrong of [`${line(1)}x`, line(1).slice(0, -1), line(12).replace('12', '13'), '']) {
    assert.equal(readNumberedText(wrong), undefined, wrong);
  }
});

test('what came once, or again in the same batch, is right', () => {
  const arrivals = judge();
  arrivals.note('a', [line(1), line(2)]);
  arrivals.note('a', [line(1), line(2)]);
  assert.deepEqual(found(arrivals), []);
  assert.deepEqual([arrivals.distinct('lines'), arrivals.repeatedBatches], [2, 1]);
  assert.deepEqual(arrivals.missing('lines', 4), [3, 4]);
});

const WRONG: readonly (readonly [what: string, then: readonly string[], batch: string])[] = [
  ['records damaged', [line(2).replace('lines', 'linse')], 'b'],
  ['records never written', [line(101)], 'b'],
  ['records repeated outside a repeated batch', [line(1)], 'b'],
  ['batches repeated with other records', [line(1), line(2)], 'a'],
];

for (const [what, then, batch] of WRONG) {
  test(`${what} are found`, () => {
    const arrivals = judge();
    arrivals.note('a', [line(1)]);
    arrivals.note(batch, then);
    assert.deepEqual(found(arrivals), [what]);
    assert.equal(arrivals.findings.get(what)?.count, 1);
  });
}

test('what only one destination was given is found', () => {
  const [one, two] = [judge(), judge()];
  one.note('a', [line(1), line(2)]);
  two.note('a', [line(2)]);
  assert.deepEqual(
    differences(one, two, (source) => (source === 'lines' ? 2 : 0)),
    ['lines 1'],
  );
});

test('a trend is the slope of the line through the samples', () => {
  const samples = [0, 3_600, 7_200].map((seconds, index) => ({
    seconds,
    rssMegabytes: [100, 103, 112][index]!,
    handles: 50,
    stateMegabytes: 0,
  }));
  assert.deepEqual(
    trendOf(samples, ({ rssMegabytes }) => rssMegabytes),
    { max: 112, perHour: 6 },
  );
  assert.equal(trendOf(samples, ({ handles }) => handles).perHour, 0);
});
