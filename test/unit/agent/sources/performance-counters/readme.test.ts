import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CATALOGUE } from '../../../../../packages/agent/src/sources/performance-counters/counters/catalogue.ts';

const readme = readFileSync(
  new URL(
    '../../../../../packages/agent/src/sources/performance-counters/README.md',
    import.meta.url,
  ),
  'utf8',
);

test('the README lists every counter there is, and no other', () => {
  const objects = new Set(CATALOGUE.map(({ object }) => object));
  const listed = [...readme.matchAll(/^\| ([\w ]+) \|[^|]*\|(.+)\|$/gm)].flatMap(
    ([, object = '', counters = '']) =>
      objects.has(object)
        ? [...counters.matchAll(/`([^`]+)`/g)].map(([, counter]) => `${object}\\${counter}`)
        : [],
  );
  const known = CATALOGUE.map(({ object, counter }) => `${object}\\${counter}`);
  assert.deepEqual(listed.toSorted(), known.toSorted());
});
