import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommanderError } from 'commander';
import { exitCodeOf } from '../../../../packages/agent/src/cli/exit-codes.ts';
import { createProgram } from '../../../../packages/agent/src/cli/program.ts';
import { flagDeclarations } from '../../../../packages/agent/src/config/command-line.ts';

interface Ending {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a command line that ends in the parser prints, and the exit code it means. */
async function parse(...args: readonly string[]): Promise<Ending> {
  const program = await createProgram(args);
  let [out, err] = ['', ''];
  const nested = program.commands.flatMap((command) => command.commands);
  for (const command of [program, ...program.commands, ...nested]) {
    command.configureOutput({
      writeOut: (text) => {
        out += text;
      },
      writeErr: (text) => {
        err += text;
      },
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    assert.ok(error instanceof CommanderError, String(error));
    return { code: exitCodeOf(error), out, err };
  }
  return assert.fail('the parser let it pass');
}

const MISTAKES: readonly [readonly string[], RegExp][] = [
  [[], /^Usage: dcr-agent \[options\] \[command\]/],
  [['bogus'], /^error: unknown command 'bogus'/],
  [['statsu'], /Did you mean status\?/],
  [['--bad'], /^error: unknown option '--bad'/],
  [['run', '--bad'], /^error: unknown option '--bad'/],
  [['run', '--stat-dir', 'x'], /Did you mean --state-dir\?/],
  [['run', '--state-dir'], /^error: option '--state-dir <folder>' argument missing/],
  [['run', 'x'], /^error: too many arguments for 'run'/],
  [['status', 'x'], /^error: too many arguments for 'status'/],
  [['syslog-config', 'print', 'nxlog'], /Allowed choices are rsyslog, syslog-ng/],
  [['syslog-config', 'print', 'rsyslog', '--address', 'x'], /must be an address such as/],
  [['syslog-config', 'print', 'rsyslog', '--queue-dir', 'x"'], /must be an absolute path/],
  [['syslog-config', 'print', 'syslog-ng', '--source', 's;'], /must be the name of a source/],
  [['syslog-profile', '--for', '2h'], /must be a time such as 60s or 5m, from 1s to 1h/],
  [['status', '--rules', 'x'], /^error: unknown option '--rules'/],
];

for (const [args, words] of MISTAKES) {
  test(`'${args.join(' ')}' is a mistake, told on stderr`, async () => {
    const { code, out, err } = await parse(...args);
    assert.deepEqual([code, out], [64, '']);
    assert.match(err, words);
  });
}

test('help names the commands and what they do', async () => {
  const { code, out, err } = await parse('--help');
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^ {2}run \[options\] +run the agent$/m);
  assert.match(out, /^ {2}status \[options\] +show what a running agent does$/m);
});

test('the help of run has every option of the configuration, and an example', async () => {
  const { code, out } = await parse('run', '--help');
  assert.equal(code, 0);
  for (const { flags } of flagDeclarations()) assert.ok(out.includes(flags), flags);
  assert.match(out, /SIGHUP looks for rules now/);
  assert.match(out, /\nExample:\n {2}dcr-agent run --config .*\n$/);
});

test('the help of status tells its exit codes, and an example', async () => {
  const { code, out } = await parse('status', '--help');
  assert.equal(code, 0);
  assert.match(out, /Exits 1 when the ledger does not balance, 69 when no agent answers/);
  assert.match(out, /\nExample:\n {2}dcr-agent status .*\n$/);
});

test('the helps of the syslog commands tell their exit codes, and an example', async () => {
  const { out: print } = await parse('syslog-config', 'print', '--help');
  assert.match(print, /Exits 78 when the configuration of the daemon does not tell/);
  assert.match(print, /\nExample:\n {2}dcr-agent syslog-config print rsyslog \| sudo tee .*\n$/);
  const { out: check } = await parse('syslog-config', 'check', '--help');
  assert.match(check, /Exits 1 with findings, 69 when something cannot be told/);
  const { out: profile } = await parse('syslog-profile', '--help');
  assert.match(profile, /Exits 69 when no agent answers/);
  assert.match(profile, /\nExample:\n {2}dcr-agent syslog-profile --for 60s\n$/);
});
