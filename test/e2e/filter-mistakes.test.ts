/** What `dcr-agent filter` says of what it was given. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { agentProgram } from '../support/agent-program.ts';
import { eventXml } from '../support/evtx-writer/event-xml.ts';
import { runCommand } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const filter = (args: readonly string[], input?: string | Buffer): ReturnType<typeof runCommand> =>
  runCommand('agent', ['filter', ...args], {}, input);

let folder = '';
let log = '';

before(async () => {
  folder = await temporaryFolder();
  log = join(folder, 'log.xml');
  await writeFile(log, eventXml());
});

/** With a descriptor of its own for input or output. */
function filterWith(
  args: readonly string[],
  { stdin, stdout }: { readonly stdin?: number; readonly stdout?: number },
): { code: number | null; stdout: string; stderr: string } {
  const result = spawnSync(process.execPath, [...agentProgram(), 'filter', ...args], {
    stdio: [stdin ?? 'ignore', stdout ?? 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

test('standard input that cannot be read is told, and the rest goes on', async () => {
  const descriptor = openSync(folder, 'r');
  const ofFolder = filterWith(['-', log, '-o', 'count'], { stdin: descriptor });
  closeSync(descriptor);
  assert.deepEqual([ofFolder.code, ofFolder.stdout], [65, '1\n']);
  assert.match(ofFolder.stderr, /standard input: it is a folder; give its name instead/);
  const closed = filterWith(['-', log, '-o', 'count'], {});
  assert.deepEqual([closed.code, closed.stdout], [65, '1\n']);
  assert.match(closed.stderr, /standard input: it is closed, or/);
  const empty = await filter(['-', '-o', 'count'], '');
  assert.deepEqual([empty.code, empty.stdout, empty.stderr], [0, '0\n', '']);
});

test('a full disk is told to be that of standard output', () => {
  const descriptor = openSync('/dev/full', 'w');
  const { code, stderr } = filterWith([log], { stdout: descriptor });
  closeSync(descriptor);
  assert.equal(code, 74);
  assert.match(stderr, /^dcr-agent: cannot write standard output: ENOSPC/);
});

test('of very many mistakes the first hundred are told, and how many more there are', async () => {
  const table = join(folder, 'many.tsv');
  await writeFile(table, `id\tchannel\tquery\ngood\t*\t*\n${'x\n'.repeat(300_000)}`);
  const { code, stdout, stderr } = await filter([log, '--queries', table, '-o', 'count']);
  assert.deepEqual([code, stdout], [65, '1\n']);
  const lines = stderr.trimEnd().split('\n');
  assert.equal(lines.length, 101);
  assert.match(lines[99]!, /many\.tsv:102: needs an id/);
  assert.equal(lines[100], 'dcr-agent: 299900 more errors');
});

test('nothing that was given moves the cursor of a terminal', async () => {
  const odd = join(folder, 'odd\u001b[31m\t.xml');
  await writeFile(odd, eventXml());
  const table = join(folder, 'odd.tsv');
  await writeFile(table, 'id\tchannel\tquery\na\u001b\t*\t*\na\u001b\t*\t*\nb\tx\u001b!\t*\n');
  const list = join(folder, 'odd.xml');
  await writeFile(
    list,
    '<QueryList><Query Id="x&#10;y"><Select Path="*"></Select></Query></QueryList>',
  );
  const queries = ['-q', '*[System[Ev\u001b=1]]', '--queries', table, '--query-list', list];
  const ids = await filter([log, odd, ...queries, '-o', 'ids']);
  assert.match(ids.stdout, /odd\\u001b\[31m\\u0009\.xml\t-\n/);
  const counts = await filter([log, ...queries, '-q', '*', '-o', 'count']);
  assert.match(counts.stdout, /^a\\u001b\t1$/m);
  for (const { stdout, stderr } of [ids, counts]) {
    assert.doesNotMatch(stdout + stderr, /\u001b/);
    for (const line of stderr.trimEnd().split('\n')) assert.match(line, /^dcr-agent: /);
  }
});
