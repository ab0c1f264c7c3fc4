import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readWrittenQuery,
  type WrittenQuery,
} from '../../../../../packages/agent/src/cli/filter/written-query.ts';

type Given = Pick<WrittenQuery, 'text' | 'channel'>;

/** The channels asked, or the place and code of the first error. */
function read(given: string | Given): readonly string[] | null | string {
  const written = typeof given === 'string' ? { text: given } : given;
  const { queries, errors } = readWrittenQuery({ id: 'q', place: 'here', ...written }, 'ignore');
  const [query] = queries;
  if (query !== undefined) return query.channels;
  return errors[0]!.replace(/^here, ([^:]+): .*\((\w+)\)$/s, '$1 $2');
}

test('a text is asked of a channel where a channel may stand before its first !', () => {
  assert.deepEqual(read('Security!*'), ['Security']);
  assert.deepEqual(read('Windows PowerShell ! *[System[EventID!=1]]'), ['Windows PowerShell']);
  assert.deepEqual(read("Microsoft-A/B!*[EventData[Data='a!b']]"), ['Microsoft-A/B']);
  assert.equal(read('Sec*!*'), 'column 1 XPATH_NO_CHANNEL');
  assert.equal(read('!*'), 'column 1 XPATH_NO_CHANNEL');
});

test('any other text is an XPath for every channel', () => {
  for (const text of [
    '*',
    'Event/System',
    '*[System[EventID!=1]]',
    '(*[System] or *[EventData])',
    'child::*[System]',
    "*[EventData[Data='a!b']]",
    '* ! *',
  ]) {
    assert.equal(read(text), null, text);
  }
});

test('what is no query of every channel gets the answer of the language', () => {
  assert.deepEqual(
    Object.fromEntries(
      [
        '//Event[System]',
        '/Event/System',
        '1=1',
        '(System)/Level',
        'System[EventID=1]',
        'EventID!=1',
        '<QueryList/>',
        '',
      ].map((text) => [text, read(text)]),
    ),
    {
      '//Event[System]': 'column 1 XPATH_UNSUPPORTED_AXIS',
      '/Event/System': 'column 1 XPATH_ABSOLUTE_PATH',
      '1=1': 'column 1 XPATH_CONSTANT_ON_LEFT',
      '(System)/Level': 'column 9 XPATH_STEP_AFTER_GROUP',
      'System[EventID=1]': 'column 1 XPATH_NOT_A_SELECTOR',
      'EventID!=1': 'column 10 XPATH_SELECTS_NO_EVENT',
      '<QueryList/>': 'column 1 XPATH_STRUCTURED_XML',
      '': 'column 1 XPATH_EMPTY_QUERY',
    },
  );
});

test('a forgotten channel is told as that', () => {
  assert.equal(read('*[System]!*'), 'column 1 XPATH_APPENDED_STAR');
  assert.equal(read('System*[System[EventID=1]]'), 'column 1 XPATH_NO_CHANNEL');
});

test('columns count from the beginning of the text, or of the cell', () => {
  assert.equal(read('*![System]'), 'column 3 XPATH_MISSING_STAR');
  assert.equal(read('  * !  *[System/x:y]'), 'column 18 XPATH_NAMESPACE_PREFIX');
  assert.equal(read('Security!*[System/x:y]'), 'column 20 XPATH_NAMESPACE_PREFIX');
  assert.equal(read('*!*[System\n/x:y]'), 'line 2, column 3 XPATH_NAMESPACE_PREFIX');
  for (const channel of [null, 'Security']) {
    assert.equal(read({ text: '*[System/x:y]', channel }), 'column 11 XPATH_NAMESPACE_PREFIX');
    assert.equal(
      read({ text: '*[System\n/x:y]', channel }),
      'line 2, column 3 XPATH_NAMESPACE_PREFIX',
    );
  }
});
