/**
 * Files of /proc, mangled, and counters as anybody may write them: nothing throws, no value is
 * other than a finite number, and nothing takes long. Runs for `FUZZ_SECONDS` (10 unless said
 * otherwise) per test.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCounterSampler } from '../../packages/agent/src/sources/performance-counters/counter-sampler.ts';
import { CATALOGUE } from '../../packages/agent/src/sources/performance-counters/counters/catalogue.ts';
import { FileSystemSpaces } from '../../packages/agent/src/sources/performance-counters/file-system-spaces.ts';
import { instancePattern } from '../../packages/agent/src/sources/performance-counters/instance-pattern.ts';
import { parseCpuTimes } from '../../packages/agent/src/sources/performance-counters/proc/cpu-times.ts';
import { parseKernelUnits } from '../../packages/agent/src/sources/performance-counters/proc/kernel-units.ts';
import { countLoggedInUsers } from '../../packages/agent/src/sources/performance-counters/proc/logged-in-users.ts';
import { selectCounters } from '../../packages/agent/src/sources/performance-counters/select-counters.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { PROC_FILES, procMachine } from '../support/proc-machine.ts';

const parameters: fc.Parameters<unknown> = {
  numRuns: Number.POSITIVE_INFINITY,
  interruptAfterTimeLimit: Number(process.env.FUZZ_SECONDS ?? 10) * 1000,
};
/** Far more than anything here takes; a hang is what is looked for. */
const MS_MAX = 5_000;

const FILES = Object.keys(PROC_FILES).filter((name) => name.startsWith('proc/'));
const odd = fc.constantFrom(
  ...['', ' ', '\n', '\0', '-1', '1e999', 'NaN', '18446744073709551615', '4294967295', '(', ')'],
  ...[' - ', '\\040', '\\777', ':', 'cpu', 'cpu0 ', 'total', '__proto__', 'constructor', '\uFFFD'],
);
/** A part of a text is taken out, doubled many times, or replaced. */
const mangled = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.nat(text.length), fc.nat(30), odd, fc.constantFrom(0, 1, 1, 1, 200)), {
      maxLength: 6,
    })
    .map((edits) =>
      edits.reduce(
        (current, [start, length, piece, times]) =>
          current.slice(0, start) + piece.repeat(times) + current.slice(start + length),
        text,
      ),
    );
const machineFiles = fc.record(
  Object.fromEntries(FILES.map((name) => [name, mangled(PROC_FILES[name]!)])),
);
/** Not all numbers of a file system make sense either. */
const stat = fc.record({
  bsize: fc.constantFrom(0, 4096),
  frsize: fc.constantFrom(0, 512),
  blocks: fc.constantFrom(0, 100, 2 ** 63, Number.NaN),
  bfree: fc.constantFrom(0, 50, 200),
  bavail: fc.constantFrom(-1, 0, 40),
  files: fc.constantFrom(0, 10),
  ffree: fc.constantFrom(0, 5, 20),
});

test('whatever the kernel’s files hold, samples are finite numbers of instances with names', async () => {
  const machine = await procMachine();
  const all = CATALOGUE.map(({ object, counter }) => `${object}(*)\\${counter}`);
  await fc.assert(
    fc.asyncProperty(machineFiles, machineFiles, stat, async (before, after, space) => {
      const clock = new ManualClock();
      const spaces = new FileSystemSpaces(async () => space);
      const sampler = createCounterSampler(all, { clock, folders: machine.folders, spaces });
      assert.deepEqual(sampler.unknown, []);
      for (const files of [before, after]) {
        machine.write(files);
        await clock.advance(1_000);
        const startedAt = performance.now();
        const samples = await sampler.sample();
        assert.ok(performance.now() - startedAt < MS_MAX);
        for (const { value, instance } of samples) {
          assert.ok(Number.isFinite(value) && value >= 0, `${instance}: ${value}`);
          assert.equal(typeof instance, 'string');
        }
        // No more than the lines of the files, for each counter.
        const lines = Object.values(files).join('\n').split('\n').length + 10;
        assert.ok(samples.length <= lines * all.length);
      }
    }),
    parameters,
  );
});

const word = fc.oneof(
  fc.constantFrom('Processor', 'LogicalDisk', 'Logical Disk', '% Idle Time', 'VmInsights', 'C:'),
  fc.constantFrom('\\', '\\\\', '(', ')', ')\\', '(*)', '(_Total)\\', '*', '&amp;', ' ', '\n', ''),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const specifier = fc.oneof(
  fc.array(word, { maxLength: 12 }).map((words) => words.join('')),
  fc.tuple(word, fc.nat(3_000)).map(([text, times]) => text.repeat(times)),
);

test('whatever is written for a counter, it is one or it is told why not', () => {
  fc.assert(
    fc.property(fc.array(specifier, { maxLength: 10 }), fc.string(), (texts, instance) => {
      const startedAt = performance.now();
      const { counters, unknown } = selectCounters(texts);
      for (const { instances } of counters) for (const isWanted of instances) isWanted(instance);
      assert.ok(performance.now() - startedAt < MS_MAX);
      assert.ok(counters.length <= CATALOGUE.length);
      for (const { specifier: text, reason } of unknown) {
        assert.ok(texts.includes(text) && reason !== '');
      }
      if (texts.length > 0) assert.ok(counters.length + unknown.length > 0);
    }),
    parameters,
  );
});

test('an instance is taken exactly when a regular expression would', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 8 });
  const names = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
  fc.assert(
    fc.property(letters, names, (pattern, name) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
      assert.equal(instancePattern(pattern)(name), expression.test(name));
    }),
    parameters,
  );
});

test('any bytes are users and units of some kind', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.constantFrom(384, 400), (values, size) => {
      const bytes = Buffer.from(values);
      const { users, uniqueUsers } = countLoggedInUsers(bytes, size);
      assert.ok(uniqueUsers <= users && users <= bytes.length / size);
      const units = parseKernelUnits(bytes);
      assert.ok(units.pageBytes > 0 && units.ticksPerSecond > 0);
    }),
    parameters,
  );
});

test('the canary is found: a reader that takes any number for a count', () => {
  const text = 'cpu  1 2 3 4\n';
  const trusting = (line: string): number[] => line.split(/ +/).slice(1).map(Number);
  const property = fc.property(mangled(text), (line) => {
    assert.ok(trusting(line).every((number) => number >= 0 && Number.isFinite(number)));
    parseCpuTimes(line);
  });
  assert.ok(fc.check(property, { numRuns: 10_000 }).failed);
});
