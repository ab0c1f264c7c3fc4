import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DaemonName } from '../../../../../packages/agent/src/cli/syslog-config/daemon.ts';
import {
  withoutComments,
  withoutStrings,
} from '../../../../../packages/agent/src/cli/syslog-config/plain-text.ts';

const PLAIN: readonly [DaemonName, string, string][] = [
  ['rsyslog', 'a # b\nc', 'a  \nc'],
  ['rsyslog', 'a /* b\n# c */ d /* e', 'a   d  '],
  ['rsyslog', 'f("#a/*b\\"#c") # d', 'f("#a/*b\\"#c")  '],
  ['rsyslog', "f('#a/*b') /* c */", "f('#a/*b')  "],
  [
    'rsyslog',
    '$IncludeConfig /etc/r.d/*.conf # x\n*.* /a */',
    '$IncludeConfig /etc/r.d/*.conf  \n*.* /a */',
  ],
  ['rsyslog', "# don't\n*.* stop # isn't", ' \n*.* stop  '],
  ['syslog-ng', 'file("/a#b"); # c', 'file("/a#b");  '],
  ['syslog-ng', 'file(/a/*); # c */', 'file(/a/*);  '],
];

for (const [daemon, text, plain] of PLAIN) {
  test(`${daemon}: what is left of ${JSON.stringify(text)} is without comments`, () => {
    assert.equal(withoutComments(daemon, text), plain);
  });
}

test('strings are blanked, and all else keeps its place', () => {
  const text = `a("}\\"{", '#') b("x`;
  const bare = withoutStrings('syslog-ng', text);
  assert.equal(bare, `a("    ", " ") b("x`);
});
