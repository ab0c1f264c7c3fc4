import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommanderError } from 'commander';
import { EXIT, exitCodeOf, lastWords } from '../../../../packages/agent/src/cli/exit-codes.ts';
import { AgentError, ERROR_CODES, type ErrorCode } from '../../../../packages/agent/src/errors.ts';

const system = (code: string): Error =>
  Object.assign(new Error(`${code}: refused, open '/x'`), { code, syscall: 'open' });

const KNOWN: readonly [string, unknown, number][] = [
  ['--help', new CommanderError(0, 'commander.helpDisplayed', ''), 0],
  ['a wrong option', new CommanderError(1, 'commander.unknownOption', ''), 64],
  ['a configuration that is wrong', new AgentError('AGENT_CONFIG_INVALID', ''), 78],
  ['a machine nobody knows', new AgentError('MACHINE_UNKNOWN', ''), 78],
  ['a metadata service that is away', new AgentError('METADATA_UNAVAILABLE', ''), 69],
  ['a state directory in use', new AgentError('BUFFER_LOCKED', ''), 69],
  ['a socket in use', new AgentError('LISTEN_FAILED', ''), 69],
  ['a disk that fails', new AgentError('BUFFER_IO', '', { cause: system('EIO') }), 74],
  ['a disk that is full', system('ENOSPC'), 74],
  ['a number in the code', system('E2BIG'), 74],
  ['a refusal by the system', system('EACCES'), 77],
  ['a refusal further down', new AgentError('BUFFER_IO', '', { cause: system('EPERM') }), 77],
  [
    'a socket in a forbidden place',
    new AgentError('LISTEN_FAILED', '', { cause: system('EACCES') }),
    77,
  ],
  ['a bug', new TypeError('x is not a function'), 70],
  [
    "a bug that Node's own check found",
    Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' }),
    70,
  ],
  ['a broken promise of ours', new assert.AssertionError({ message: 'no' }), 70],
  ['a string', 'oh', 70],
  ['nothing', undefined, 70],
  ['null', null, 70],
];

for (const [what, error, code] of KNOWN) {
  test(`${what} ends with ${code}`, () => assert.equal(exitCodeOf(error), code));
}

test('every error of the agent has a code of the table', () => {
  const codes = new Set<number>(Object.values(EXIT));
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    assert.ok(codes.has(exitCodeOf(new AgentError(code, ''))), code);
  }
});

test('a user error is one sentence, with its cause and without a stack', () => {
  const cause = new Error('no such folder');
  const words = lastWords(new AgentError('BUFFER_IO', '/x cannot be used', { cause }));
  assert.equal(words, 'dcr-agent: /x cannot be used: no such folder');
});

test('what the system forbids comes with a way out', () => {
  const words = lastWords(
    new AgentError('BUFFER_IO', '/x cannot be used', { cause: system('EACCES') }),
  );
  assert.match(words, /^dcr-agent: \/x cannot be used: EACCES: .*\nRun it as a user who may, or /);
});

test('a wrong command line has been told by the parser already', () => {
  assert.equal(lastWords(new CommanderError(1, 'commander.unknownOption', 'x')), '');
});

test('a bug asks to be reported, with its stack', () => {
  const words = lastWords(new TypeError('x is not a function'));
  assert.match(
    words,
    /^dcr-agent: this is a bug, please report it\nTypeError: x is not a function/,
  );
  assert.match(words, /at .*exit-codes\.test\.ts/);
  assert.equal(lastWords('oh'), 'dcr-agent: this is a bug, please report it\noh');
  assert.match(lastWords(undefined), /undefined$/);
});
