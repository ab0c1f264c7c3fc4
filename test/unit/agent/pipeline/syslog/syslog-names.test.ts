/** The names a rule may list, each against every priority a message can have. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  facilityName,
  selectFacilities,
  selectLevels,
  severityName,
} from '../../../../../packages/agent/src/pipeline/syslog/syslog-names.ts';
import { priorityFilter } from '../../../../../packages/agent/src/pipeline/syslog/syslog-stage.ts';

/** -1: a message without priority. */
const FACILITIES: Readonly<Record<string, readonly number[]>> = {
  nopri: [-1],
  kern: [0],
  user: [1],
  mail: [2],
  daemon: [3],
  auth: [4],
  syslog: [5],
  lpr: [6],
  news: [7],
  uucp: [8],
  cron: [9],
  authpriv: [10],
  ftp: [11],
  ntp: [12],
  audit: [13],
  alert: [14],
  clock: [15],
  local0: [16],
  local1: [17],
  local2: [18],
  local3: [19],
  local4: [20],
  local5: [21],
  local6: [22],
  local7: [23],
  mark: [],
  '*': Array.from({ length: 25 }, (_, i) => i - 1),
};

const LEVELS: Readonly<Record<string, readonly number[]>> = {
  Emergency: [-1, 0],
  Alert: [1],
  Critical: [2],
  Error: [3],
  Warning: [4],
  Notice: [5],
  Info: [6],
  Debug: [7],
  '*': [-1, 0, 1, 2, 3, 4, 5, 6, 7],
};

for (const [name, numbers] of Object.entries(FACILITIES)) {
  test(`facility ${name} selects ${numbers.length === 0 ? 'nothing' : numbers.join(' ')}`, () => {
    for (const spelling of [name, name.toUpperCase(), ` ${name} `]) {
      assert.deepEqual(
        [...selectFacilities([spelling])].toSorted((a, b) => a - b),
        numbers,
      );
    }
    for (const number of name === '*' ? [] : numbers) assert.equal(facilityName(number), name);
  });
}

for (const [name, severities] of Object.entries(LEVELS)) {
  test(`level ${name} selects itself and no level above`, () => {
    const selects = priorityFilter({ facilityNames: ['*'], logLevels: [name] });
    for (let severity = -1; severity < 8; severity++) {
      const facility = severity < 0 ? -1 : 3;
      assert.equal(selects(facility, severity), severities.includes(severity), `${severity}`);
    }
  });
}

test('lists add up, and names that are none select nothing', () => {
  assert.deepEqual([...selectFacilities(['ntp', 'clock', 'localx', ''])], [12, 15]);
  assert.deepEqual([...selectLevels(['Alert', 'Panic', 'Debug'])], [1, 7]);
  assert.deepEqual([...selectFacilities([])], []);
});

test('rows carry the short names of syslog(3)', () => {
  const names = [-1, 0, 1, 2, 3, 4, 5, 6, 7].map(severityName);
  const expected = ['emerg', 'emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];
  assert.deepEqual(names, expected);
});
