import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentStatus } from '@dcr-agent/agent';
import {
  type Condition,
  conditionsOf,
  FILLING_KEY,
} from '../../../../packages/agent/src/health/conditions.ts';
import { ledgerRow, QUIET_STATUS } from '../../../support/quiet-status.ts';

function conditions(
  changes: Partial<AgentStatus>,
  isOn: (key: string) => boolean = () => false,
): readonly Condition[] {
  return conditionsOf({ ...QUIET_STATUS, ...changes }, [], isOn);
}

function told(found: readonly Condition[]): string[] {
  return found.map(({ status, category, detail }) => `${status} ${category}: ${detail}`);
}

test('an agent in which all is well has nothing to tell', () => {
  assert.deepEqual(conditions({}), []);
});

test('a source that cannot be read is told with its reason, one that opens is not', () => {
  const failed = {
    key: 'syslog',
    state: 'failed',
    lastFailure: { atMs: 0, reason: 'port 514 is taken' },
    facts: {},
  };
  assert.deepEqual(told(conditions({ sources: [failed, { ...failed, state: 'opening' }] })), [
    'Error Source: source syslog cannot be read: port 514 is taken; it is tried again at least once a minute',
  ]);
});

test('rules are told that are refused, in whole, in part, or in a query', () => {
  const found = conditions({
    rules: { refused: [{ rule: '/rules/a.json', reason: '/rules/a.json:1:1: no rule' }] },
    sources: [{ key: 'counters', state: 'reading', facts: { unknownCounters: ['A\\B (none)'] } }],
    skipped: [{ configurationId: 'dcr-1', dataSource: 'etw', reason: 'not supported yet' }],
    refusedQueries: [{ flow: 'dcr-1/events/E', query: '*[Foo()]', reason: 'no function Foo()' }],
  });
  assert.deepEqual(told(found), [
    'Error Rule: a rule is refused: /rules/a.json:1:1: no rule; what ran of it stays in force, until it is put right',
    'Warning Rule: a part of rule dcr-1 is not done, the rest is: data source etw: not supported yet',
    'Warning Rule: 1 counters of counters are not known on this machine, the others are sampled: A\\B (none)',
    'Error Rule: a query of flow dcr-1/events/E selects nothing: *[Foo()]: no function Foo(); `dcr-agent filter` tries queries',
  ]);
});

test('a buffer is filling from 90 % of its quota until it is below 80 % again', () => {
  const isFilling = (percent: number, wasFilling: boolean, state = 'reading'): boolean => {
    const diskBytes = percent * 1_000_000;
    const found = conditions(
      {
        buffer: { ...QUIET_STATUS.buffer, diskBytes },
        sources: [{ key: 'syslog', state, facts: {} }],
      },
      (key) => wasFilling && key === FILLING_KEY,
    );
    return found.some(({ key }) => key === FILLING_KEY);
  };
  assert.deepEqual(
    [89.9, 90].map((percent) => isFilling(percent, false)),
    [false, true],
  );
  assert.deepEqual(
    [79.9, 80].map((percent) => isFilling(percent, true)),
    [false, true],
  );
  assert.deepEqual(
    [79.9, 80].map((percent) => isFilling(percent, false, 'waiting for space')),
    [false, true],
  );
});

test('a buffer that takes nothing is told once, whoever waits', () => {
  const waiting = {
    state: 'waiting for space',
    lastFailure: { atMs: 0, reason: '/state has reached its quota of 5 bytes' },
    facts: {},
  };
  const found = conditions({
    sources: [
      { ...waiting, key: 'syslog' },
      { ...waiting, key: 'heartbeat' },
    ],
  });
  assert.deepEqual(told(found), [
    'Error Buffer: the buffer takes nothing, 2 of 2 sources wait (syslog for one): /state has reached its quota of 5 bytes',
  ]);
});

test('losses are told by destination', () => {
  const drops = [{ destination: 'dcr-1/ods-1', records: 7, sinceMs: 0 }];
  assert.match(
    told(conditionsOf(QUIET_STATUS, drops, () => false)).join(),
    /^Error Buffer: 7 records for destination dcr-1\/ods-1 are lost since 1970-01-01T00:00:00.000Z: /,
  );
});

test('a destination that denies is told, one that is away for a while is not', () => {
  const lane = QUIET_STATUS.lanes[0]!;
  const held = { reason: 'HTTP 403 Forbidden', isHeld: true };
  const away = { reason: 'HTTP 503', isHeld: false };
  const flows = [
    { flow: 'dcr-1/a/A', ...held },
    { flow: 'dcr-1/b/B', ...away },
  ];
  assert.deepEqual(conditions({ lanes: [{ ...lane, trouble: away }] }), []);
  assert.deepEqual(
    told(
      conditions({
        lanes: [
          { ...lane, trouble: held, troubledFlows: flows },
          { ...lane, destination: 'dcr-2/ods-1', troubledFlows: flows },
        ],
      }),
    ),
    [
      'Error Destination: destination dcr-1/ods-1 (w.example) refuses what is sent: HTTP 403 Forbidden; nothing is lost, it is asked now and then',
      'Error Destination: destination dcr-2/ods-1 (w.example) refuses flow dcr-1/a/A, not others: HTTP 403 Forbidden; nothing is lost, it is asked now and then',
    ],
  );
});

test('records in the quarantine are told until somebody has dealt with them', () => {
  const found = conditions({
    ledger: [ledgerRow({ quarantined: 3 }), ledgerRow({ delivered: 1 })],
  });
  assert.match(
    told(found).join(),
    /^Error Destination: destination dcr-1\/ods-1 refused 3 records of flow dcr-1\/syslog\/S for good/,
  );
});

test('that the agent’s own rows are refused is not told in such rows', () => {
  const flow = 'dcr-1/ods-1/operation';
  const lane = QUIET_STATUS.lanes[0]!;
  const found = conditions({
    lanes: [{ ...lane, troubledFlows: [{ flow, reason: 'HTTP 404', isHeld: true }] }],
    ledger: [ledgerRow({ flow, quarantined: 3 })],
  });
  assert.deepEqual(found, []);
});

test('what others said is one line, and not too long', () => {
  const [found] = conditions({
    rules: { refused: [{ rule: 'r', reason: `a\n\u001b[2J${'x'.repeat(5_000)}` }] },
  });
  assert.equal(found?.detail.length, 1_000);
  assert.match(found?.detail ?? '', /^a rule is refused: a\\u000a\\u001b\[2Jxxx.*x…$/);
});
