import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  QUERY_LIST_CODES,
  type QueryListCode,
} from '../../../../../packages/agent/src/eventlog/query-list/codes.ts';
import { parseQueryList } from '../../../../../packages/agent/src/eventlog/query-list/parse-query-list.ts';

const README = readFileSync(
  new URL('../../../../../packages/agent/src/eventlog/query-list/README.md', import.meta.url),
  'utf8',
);

const select = '<Select>*</Select>';

/** For each code a document that causes it. */
const causes: Readonly<Record<QueryListCode, string>> = {
  QUERY_LIST_TOO_LARGE: ' '.repeat(4_194_305),
  QUERY_LIST_MALFORMED: '<QueryList>',
  QUERY_LIST_DOCTYPE: '<!DOCTYPE a><QueryList/>',
  QUERY_LIST_NOT_FOUND: '<a/>',
  QUERY_LIST_EMPTY: '<QueryList/>',
  QUERY_LIST_TOO_MANY_QUERIES: `<QueryList>${'<Query/>'.repeat(257)}</QueryList>`,
  QUERY_LIST_UNEVEN_PATHS: `<QueryList><Query Path="a">${select}</Query><Query/></QueryList>`,
  QUERY_LIST_DUPLICATE_ID: `<QueryList>${`<Query Id="1" Path="a">${select}</Query>`.repeat(2)}</QueryList>`,
  QUERY_LIST_UNEXPECTED_CONTENT: `<Query Path="a">${select}<x/></Query>`,
  QUERY_LIST_NO_SELECT: '<Query/>',
  QUERY_LIST_NO_PATH: `<Query>${select}</Query>`,
  QUERY_LIST_FILE_PATH: `<Query Path="file://a">${select}</Query>`,
  QUERY_LIST_SUPPRESS_ALONE: `<Query Path="a">${select}<Suppress Path="b">*</Suppress></Query>`,
};

describe('each code is given for its cause, as the catalogue has it:', () => {
  for (const [code, cause] of Object.entries(causes)) {
    test(code, () => {
      const found = parseQueryList(cause).diagnostics.find(
        (diagnostic) => diagnostic.code === code,
      );
      assert.ok(found);
      const { severity, windowsError } = QUERY_LIST_CODES[code as QueryListCode];
      assert.equal(found.severity, severity);
      assert.equal(found.windowsError, windowsError);
    });
  }
});

test('the table of the README is the catalogue', () => {
  const rows = README.split('\n').filter((line) => line.startsWith('| `QUERY_LIST_'));
  const expected = Object.entries(QUERY_LIST_CODES).map(
    ([code, { severity, meaning, windowsError }]) =>
      `| \`${code}\` | ${severity} | ${meaning} | ${windowsError ?? '–'} |`,
  );
  assert.deepEqual(rows, expected);
});

test('the example of the README is read without a finding', () => {
  const [, xml = ''] = /```xml\n([\s\S]*?)```/.exec(README) ?? [];
  const { queries, diagnostics } = parseQueryList(xml);
  assert.deepEqual(diagnostics, []);
  assert.equal(queries[0]?.suppresses.length, 1);
});
