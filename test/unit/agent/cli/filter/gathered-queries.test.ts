import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FoundQueries } from '../../../../../packages/agent/src/cli/filter/filter-query.ts';
import { GatheredQueries } from '../../../../../packages/agent/src/cli/filter/gathered-queries.ts';
import { readWrittenQuery } from '../../../../../packages/agent/src/cli/filter/written-query.ts';

function queriesOf(...ids: string[]): FoundQueries {
  const queries = ids.flatMap(
    (id) => readWrittenQuery({ id, place: '', text: '*' }, 'ignore').queries,
  );
  return { queries, errors: [], warnings: [] };
}

test('an id used twice is refused where its author chose it', () => {
  const gathered = new GatheredQueries();
  gathered.add('t.tsv:2', queriesOf('a'));
  gathered.add('t.tsv:3', queriesOf('a'));
  assert.equal(gathered.queries.length, 1);
  assert.deepEqual(gathered.errors, [
    "t.tsv:3: the id 'a' is used twice; results name queries by it, so give each its own",
  ]);
});

test('queries of lists get another id where theirs is used, and none is dropped', () => {
  const gathered = new GatheredQueries();
  gathered.add('t.tsv:2', queriesOf('0#3'));
  gathered.addList('a.xml', queriesOf('0', '0'));
  gathered.addList('b.xml', queriesOf('0', '1', '0#2'));
  assert.deepEqual(
    gathered.queries.map(({ id }) => id),
    ['0#3', '0', '0#2', '0#4', '1', '0#2#2'],
  );
  assert.deepEqual(gathered.errors, []);
  assert.deepEqual(gathered.warnings, [
    "a.xml: the id '0' is used already, so a query of it is asked as '0#2'",
    "b.xml: the id '0' is used already, so a query of it is asked as '0#4'",
    "b.xml: the id '0#2' is used already, so a query of it is asked as '0#2#2'",
  ]);
});

test('any number of findings is gathered', () => {
  const gathered = new GatheredQueries();
  const many = Array.from({ length: 300_000 }, (_, i) => `${i}`);
  gathered.add('', { queries: [], errors: many, warnings: many });
  assert.deepEqual([gathered.errors.length, gathered.warnings.length], [300_000, 300_000]);
});
