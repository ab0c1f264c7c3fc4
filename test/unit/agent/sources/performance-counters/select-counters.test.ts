import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE } from '../../../../../packages/agent/src/sources/performance-counters/counters/catalogue.ts';
import { VM_INSIGHTS_COUNTERS } from '../../../../../packages/agent/src/sources/performance-counters/counters/vm-insights.ts';
import { selectCounters } from '../../../../../packages/agent/src/sources/performance-counters/select-counters.ts';

function namesOf(...specifiers: string[]): string[] {
  const { counters, unknown } = selectCounters(specifiers);
  assert.deepEqual(unknown, []);
  return counters.map(({ definition: { object, counter } }) => `${object}\\${counter}`);
}

test('every counter of the catalogue is found by its own name, in any letter case', () => {
  for (const definition of CATALOGUE) {
    const { object, counter } = definition;
    for (const name of [`${object}(*)\\${counter}`, `\\${object}\\${counter}`.toUpperCase()]) {
      assert.deepEqual(
        selectCounters([name]).counters.map((selected) => selected.definition),
        [definition],
        name,
      );
    }
  }
});

test('a counter that is asked for by several names is there once', () => {
  assert.deepEqual(
    namesOf(
      '\\Memory\\Available MBytes',
      'Memory(*)\\Available MBytes Memory',
      'memory\\available mbytes memory',
    ),
    ['Memory\\Available MBytes Memory'],
  );
});

test('VM insights is asked for as a whole, or one by one', () => {
  const all = VM_INSIGHTS_COUNTERS.map(({ object, counter }) => `${object}\\${counter}`);
  assert.deepEqual(namesOf('\\VmInsights\\DetailedMetrics'), all);
  assert.deepEqual(namesOf('vminsights\\detailedmetrics', 'LogicalDisk\\FreeSpaceMB'), all);
  const [one] = selectCounters(['LogicalDisk\\FreeSpaceMB']).counters;
  assert.ok(one?.instances[0]?.('/var'));
});

test('what is not known is told with the reason and the nearest name', () => {
  const reasons = {
    nonsense: 'it is not of the form Object(instance)\\Counter',
    'Prozessor(*)\\% Idle Time':
      "there is no object 'Prozessor' on Linux; did you mean 'Processor'?",
    'Processor(*)\\% Idel Time':
      "'Processor' has no counter '% Idel Time'; did you mean '% Idle Time'?",
    '\\LogicalDisk(C:)\\% Free Space': "Linux has no drive 'C:'; instances are mount points",
    '\\SQLServer:Locks(_Total)\\Lock Waits/sec': "there is no object 'SQLServer:Locks' on Linux",
    '\\Memory\\Committed Bytes': "'Memory' has no counter 'Committed Bytes'",
  };
  const good = 'System\\Uptime';
  const { counters, unknown } = selectCounters([...Object.keys(reasons), good]);
  assert.equal(counters.length, 1);
  assert.deepEqual(
    Object.fromEntries(unknown.map(({ specifier, reason }) => [specifier, reason])),
    reasons,
  );
});
