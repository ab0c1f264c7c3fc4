import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOsRelease } from '../../../../packages/agent/src/health/os-release.ts';

const KNOWN: readonly [string, string, object][] = [
  [
    'a whole file',
    'PRETTY_NAME="Ubuntu 24.04 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION="24.04 LTS"\n',
    { name: 'Ubuntu', version: '24.04' },
  ],
  ['no quotes', 'NAME=Fedora\nVERSION_ID=41', { name: 'Fedora', version: '41' }],
  ['single quotes', "NAME='Debian GNU/Linux'", { name: 'Debian GNU/Linux' }],
  ['escapes', 'NAME="A \\"B\\" \\$C\\\\"', { name: 'A "B" $C\\' }],
  ['lines that end as on Windows', 'NAME="X"\r\nVERSION_ID=1\r\n', { name: 'X', version: '1' }],
  ['the last of two', 'NAME=a\nNAME=b', { name: 'b' }],
  ['other names that end alike', 'MY_NAME=a\n# NAME=b', {}],
  ['empty values', 'NAME=\nVERSION_ID=""', {}],
  ['nothing', '', {}],
];

for (const [what, text, expected] of KNOWN) {
  test(`reads ${what}`, () => assert.deepEqual(parseOsRelease(text), expected));
}
