import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileLines } from '../../../../packages/agent/src/cli/syslog-profile.ts';
import type { SyslogProfileRow } from '../../../../packages/agent/src/syslog-profile.ts';

const SSH: SyslogProfileRow = {
  ...{ host: 'web01', program: 'sshd', facility: 'auth', severity: 'info', format: 'rfc3164' },
  ...{ count: 8_410, perSecond: 140.17, collectedBy: ['dcr-1/auth'] },
};
const CEF: SyslogProfileRow = {
  ...{ host: 'fw01', program: 'CEF', facility: 'local4', severity: 'notice', format: 'cef' },
  ...{ count: 602, perSecond: 10.03, collectedBy: [] },
};
const OWN: SyslogProfileRow = {
  ...{ host: '', program: 'dcr-agent\u001b[2J', facility: 'daemon', severity: '', format: 'none' },
  ...{ count: 1, perSecond: 0.02, collectedBy: [], refusal: 'own message' },
};

const NO_OTHERS = { others: 0, othersUncollected: 0 };

test('a profile is a table, and says how much is not collected', () => {
  const rows = [SSH, CEF];
  assert.deepEqual(
    profileLines({ ...NO_OTHERS, seconds: 60.01, messages: 9_012, uncollected: 602, rows }),
    [
      'HOST   PROGRAM  FACILITY  SEVERITY  FORMAT   COUNT  PER S   COLLECTED BY',
      'web01  sshd     auth      info      rfc3164   8410  140.17  dcr-1/auth',
      'fw01   CEF      local4    notice    cef        602  10.03   none',
      '',
      '9012 messages in 60 s, 602 of them not collected',
    ],
  );
});

test('names cannot act on the terminal, and reasons and what is beyond the table are told', () => {
  const lines = profileLines({
    ...{ seconds: 60, messages: 5, uncollected: 4, rows: [OWN] },
    ...{ others: 4, othersUncollected: 3 },
  });
  assert.match(lines[1]!, /^- {5}dcr-agent[^\u001b]*none: own message$/);
  assert.deepEqual(lines.slice(-2), [
    '5 messages in 60 s, 4 of them not collected',
    '4 of these are in no row above, 3 of them not collected: they are of too many kinds',
  ]);
});

test('a profile of nothing says so', () => {
  assert.deepEqual(
    profileLines({ ...NO_OTHERS, seconds: 2, messages: 0, uncollected: 0, rows: [] }),
    ['0 messages in 2 s: none came, or none was let through to the agent'],
  );
});
