import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseQueryEntry, XPATH_CODES, type XPathCode } from '@dcr-agent/schema';

/** For each code an entry that causes it; entities are decoded before there is an entry. */
const causes: Readonly<Record<Exclude<XPathCode, 'XPATH_ENTITIES_DECODED'>, string>> = {
  XPATH_NO_CHANNEL: '*[System[EventID=1]]',
  XPATH_APPENDED_STAR: '*[System[EventID=1]]!*',
  XPATH_WILDCARD_CHANNEL: '*!*',
  XPATH_INVALID_CHANNEL: 'a<b!*',
  XPATH_DIRECT_CHANNEL: 'A/Debug!*',
  XPATH_STRUCTURED_XML: 'A!<QueryList/>',
  XPATH_EMPTY_QUERY: 'A!',
  XPATH_QUERY_TOO_LONG: `A!*${' '.repeat(1_048_576)}`,
  XPATH_NESTED_TOO_DEEPLY: `A!${'('.repeat(101)}*`,
  XPATH_UNTERMINATED_STRING: "A!*[System['",
  XPATH_TYPOGRAPHIC_CHARACTER: 'A!*[System[Level=“1”]]',
  XPATH_XML_ENTITY: 'A!*[System[Level&lt;1]]',
  XPATH_NUMBER_SYNTAX: 'A!*[System[Level=0x1]]',
  XPATH_WRONG_OPERATOR: 'A!*[System[Level==1]]',
  XPATH_OPERATOR_CASE: 'A!* OR *',
  XPATH_UNEXPECTED_CHARACTER: 'A!#',
  XPATH_MISSING_STAR: 'A![System]',
  XPATH_MISSING_OPERAND: 'A!*[System[Level=]]',
  XPATH_UNBALANCED: 'A!*[System',
  XPATH_UNEXPECTED_TOKEN: 'A!* Event',
  XPATH_CONSTANT_ON_LEFT: 'A!*[1=System]',
  XPATH_BARE_CONSTANT: "A!*['x']",
  XPATH_NODE_ON_RIGHT: 'A!*[System=x]',
  XPATH_GROUP_COMPARED: 'A!*[(System)=1]',
  XPATH_CHAINED_COMPARISON: 'A!*[System=1=2]',
  XPATH_STEP_AFTER_GROUP: 'A!(*)/System',
  XPATH_STEP_AFTER_LEAF: 'A!*/@x/y',
  XPATH_INVALID_POSITION: 'A!*[1.5]',
  XPATH_WRONG_ARGUMENTS: 'A!*[band()]',
  XPATH_ABSOLUTE_PATH: 'A!/Event',
  XPATH_UNSUPPORTED_AXIS: 'A!//Event',
  XPATH_UNSUPPORTED_FUNCTION: 'A!*[not(System)]',
  XPATH_UNSUPPORTED_NODE_TEST: 'A!*/node()',
  XPATH_NAMESPACE_PREFIX: 'A!*[x:System]',
  XPATH_UNION: 'A!*|*',
  XPATH_ARITHMETIC: 'A!*[System+1]',
  XPATH_VARIABLE: 'A!$x',
  XPATH_NOT_A_SELECTOR: 'A!System',
  XPATH_SELECTS_NO_EVENT: 'A!*=1',
  XPATH_NUMBER_OUT_OF_RANGE: 'A!*[band(System/Keywords,18446744073709551616)]',
  XPATH_NOT_A_TIME: "A!*[timediff(System,'x')>1]",
  XPATH_TOO_MANY_EXPRESSIONS: `A!${Array.from({ length: 21 }, () => '*').join(' or ')}`,
  XPATH_FUNCTION_CASE: 'A!*[BAND(System/Keywords,1)]',
  XPATH_NAME_CASE: 'A!*[system]',
  XPATH_UNKNOWN_NAME: 'A!*[Application]',
  XPATH_OUTSIDE_SYSTEM: 'A!*[Level]',
  XPATH_NEVER_TRUE: 'A!*[System[0]]',
  XPATH_LEVEL_WITHOUT_ZERO: 'A!*[System[Level=4]]',
  XPATH_LITERAL_WILDCARD: "A!*[System/Computer='dc*']",
};

describe('each code is given for its cause, as the catalogue has it:', () => {
  for (const [code, cause] of Object.entries(causes)) {
    test(code, () => {
      const { query, diagnostics } = parseQueryEntry(cause);
      const found = diagnostics.find((diagnostic) => diagnostic.code === code);
      assert.ok(found, JSON.stringify(diagnostics));
      const { severity, windowsError } = XPATH_CODES[found.code];
      assert.equal(found.severity, severity);
      assert.equal(found.windowsError, windowsError);
      assert.equal(query === null, severity === 'error');
    });
  }
});

test('the table of the README is the catalogue', () => {
  const readme = readFileSync(
    new URL('../../../../packages/dcr-schema/src/xpath/README.md', import.meta.url),
    'utf8',
  );
  const rows = readme.split('\n').filter((line) => line.startsWith('| `XPATH_'));
  const expected = Object.entries(XPATH_CODES).map(
    ([code, { severity, meaning, windowsError }]) =>
      `| \`${code}\` | ${severity} | ${meaning} | ${windowsError ?? '–'} |`,
  );
  assert.deepEqual(rows, expected);
});
