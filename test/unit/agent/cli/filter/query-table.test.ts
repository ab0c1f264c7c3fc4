import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readQueryTable } from '../../../../../packages/agent/src/cli/filter/query-table.ts';

const HEADER = 'id\tchannel\tquery\n';

function errorOf(text: string): string {
  const { queries, errors } = readQueryTable(text, 't.tsv');
  assert.deepEqual(queries, []);
  assert.equal(errors.length, 1);
  return errors[0]!;
}

test('columns stand in any order, their names in any case', () => {
  const { queries, errors } = readQueryTable('Query\tx\tID\t Channel \n*\ty\tq\t * \n', 't.tsv');
  assert.deepEqual(errors, []);
  assert.deepEqual(queries, [{ id: 'q', place: 't.tsv:2', text: '*', channel: null }]);
});

test('a first line that names no columns is quoted', () => {
  assert.match(errorOf('id,channel,query\n'), /^t\.tsv:1: .*; it is 'id,channel,query'$/);
  assert.match(errorOf(`${'x'.repeat(70)}\n`), new RegExp(`; it is '${'x'.repeat(60)}…'$`));
  assert.match(errorOf(`\n${HEADER}`), /; it is empty$/);
});

test('a channel that cannot be one is told in words of a cell', () => {
  for (const [channel, words] of [
    ['Sec*', /'Sec\*', holds '\*'; write the whole name of one channel, or only '\*'/],
    ['Foo!Bar', /holds '!'; channel and query stand in cells of their own/],
    ['"Security"', /holds '"'; cells are taken as they are, so leave the quotes out/],
    ["'Security'", /holds a quote; cells are taken as they are/],
    ['System[1]', /holds '\['; which no|holds '\[', which no channel name can/],
  ] as const) {
    assert.match(errorOf(`${HEADER}a\t${channel}\t*`), words);
  }
});

test('an empty query is told with what to write into its cell', () => {
  for (const channel of ['Security', '*']) {
    const error = errorOf(`${HEADER}a\t${channel}\t \n`);
    assert.equal(
      error,
      "t.tsv:2: the cell of the query is empty; write '*' for every event of the channel",
    );
  }
});

test('a line that lacks a cell is told with its number', () => {
  const { queries, errors } = readQueryTable(`${HEADER}a\tSecurity\n\nb\tSecurity\t*\n`, 't.tsv');
  assert.deepEqual(
    queries.map(({ place }) => place),
    ['t.tsv:4'],
  );
  assert.deepEqual(errors, ["t.tsv:2: needs an id, a channel ('*' for every channel) and a query"]);
});
