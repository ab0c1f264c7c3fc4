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
  for (const command of [program, ...program.commands]) {
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
