import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { queryInWords } from '../../../../packages/dcr-schema/src/explain/query/query-in-words.ts';

const file = new URL('../../../../packages/dcr-schema/src/explain/README.md', import.meta.url);
const readme = readFileSync(file, 'utf8');

test('the example of the README gives what the README says', () => {
  const [, entry = '', said] = /Of the query `(.*)` it prints\n`(.*)`/.exec(readme) ?? [];
  assert.equal(queryInWords(entry), said);
});

test('the table of the README is what is said', () => {
  const rows = [...readme.matchAll(/^\| `([^`]+)` \| `([^`]+)`/gm)];
  assert.equal(rows.length, 10);
  for (const [, condition = '', words] of rows) {
    const holder = condition.startsWith('Data') ? 'EventData' : 'System';
    assert.equal(queryInWords(`A!*[${holder}[${condition}]]`), `A: events ${words}`);
  }
});
