import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCpuTimes } from '../../../../../../packages/agent/src/sources/performance-counters/proc/cpu-times.ts';

test('each processor has its times, and all together are the whole machine', () => {
  const times = parseCpuTimes(
    'cpu  460 67 110 772 54 1 39 14 5 6\ncpu0 229 32 50 401 12 0 9 6 0 0\nintr 61050277 0\ncpu7 1\n',
  );
  assert.deepEqual(
    [...times],
    [
      [
        'total',
        { user: 460, nice: 67, system: 110, idle: 772, ioWait: 54, irq: 1, softIrq: 39, steal: 14 },
      ],
      [
        '0',
        { user: 229, nice: 32, system: 50, idle: 401, ioWait: 12, irq: 0, softIrq: 9, steal: 6 },
      ],
    ],
  );
});

test('columns that old kernels do not have are zero, and other lines are passed over', () => {
  const times = parseCpuTimes(
    'cpu 1 2 3 4\ncpu0 1 2 3\ncpufreq 1 2 3 4\ncpu1 1 2 x 4\ncpu2 5 6 7 8',
  );
  assert.deepEqual([...times.keys()], ['total', '2']);
  assert.equal(times.get('total')?.steal, 0);
});

test('nothing is found in nothing', () => {
  assert.equal(parseCpuTimes('').size, 0);
  assert.equal(parseCpuTimes('\ncpu 1 2 3 4').size, 0);
});
