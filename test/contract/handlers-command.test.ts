import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createAdminClient } from '@dcr-agent/handlers';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { MACHINE, ruleBody, send } from './handlers-fixture.ts';

const MAIN = fileURLToPath(new URL('../../packages/handlers/src/main.ts', import.meta.url));

function start(args: readonly string[]): ChildProcess {
  const options = ['--conditions=dcr-agent-source', MAIN, ...args];
  return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(...args: string[]) {
  const child = start(args);
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  const [exitCode] = await closed;
  return { exitCode: exitCode as number, stdout, stderr };
}

interface Server {
  readonly data: string;
  readonly url: string;
  readonly child: ChildProcess;
  readonly stderr: Promise<string>;
  stop(signal: NodeJS.Signals): Promise<number>;
}

async function serve(t: TestContext, data: string, ...more: string[]): Promise<Server> {
  const child = start(['serve', '--data', data, '--port', '0', ...more]);
  t.after(() => child.kill('SIGKILL'));
  const stderr = text(child.stderr!);
  const [line] = (await once(child.stdout!.setEncoding('utf8'), 'data')) as [string];
  const url = /http:\/\/[\d.:]+/.exec(line)?.[0];
  assert.ok(url, line);
  const stop = async (signal: NodeJS.Signals) => {
    const closed = once(child, 'close');
    child.kill(signal);
    return ((await closed) as [number])[0];
  };
  return { data, url, child, stderr, stop };
}

test('serve says where it listens, keeps secrets to itself and stops cleanly', async (t) => {
  const data = join(await temporaryFolder(), 'new', 'data');
  const server = await serve(t, data);
  assert.equal((await send(`${server.url}/ping`)).text, 'Healthy');
  for (const secret of [
    'admin.token',
    'ingestion-token.key',
    'machine-token-key.pem',
    'handlers.sqlite',
  ]) {
    assert.equal((await stat(join(data, secret))).mode & 0o077, 0, secret);
  }
  const token = (await readFile(join(data, 'admin.token'), 'utf8')).trim();
  assert.equal(await server.stop('SIGTERM'), 0);
  assert.match(await server.stderr, /stopping signal=SIGTERM/);
  assert.doesNotMatch(await server.stderr, new RegExp(token));
  assert.equal((await run('tables', '--data', data)).exitCode, 69, 'no server is found any more');

  const again = await serve(t, data, '--json');
  assert.equal((await readFile(join(data, 'admin.token'), 'utf8')).trim(), token);
  assert.equal(await again.stop('SIGINT'), 0);
  for (const line of (await again.stderr).trim().split('\n')) JSON.parse(line);
});

test('a rule is attached, its rows are queried, and it is detached', async (t) => {
  const directory = await temporaryFolder();
  const { data, url } = await serve(t, join(directory, 'data'));
  const file = join(directory, 'web.json');
  // A byte order mark, a comment, and a comment's beginning inside a string.
  const rule = JSON.stringify({ ...ruleBody, tags: { note: 'http://x /* y' } });
  await writeFile(file, `\uFEFF// The web servers.\n${rule}\n`);
  const attached = await run('attach', file, '--machine', MACHINE, '--data', data);
  assert.equal(attached.exitCode, 0, attached.stderr);
  assert.match(attached.stdout, /^dcr-[0-9a-f]{32}\n$/);
  assert.match(attached.stderr, /workspace main created \(customer id [0-9a-f-]{36}\)/);
  assert.match(attached.stderr, /workspace soc created/);
  assert.match(attached.stderr, /AZURE_POD_IDENTITY_AUTHORITY_HOST=http:.*\/machines\/web1\n/);

  const tokenFile = join(data, 'admin.token');
  const again = await run(
    'attach',
    file,
    '--machine',
    MACHINE,
    '--url',
    url,
    '--token-file',
    tokenFile,
  );
  assert.equal(again.stdout, attached.stdout, 'the same rule, by address');
  assert.doesNotMatch(again.stderr, /created/);

  const ruleId = attached.stdout.trim();
  const identity = await send(
    `${url}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://monitor.azure.com`,
    { headers: { metadata: 'true' } },
  );
  const sent = await send(
    `${url}/dataCollectionRules/${ruleId}/streams/Custom-App_CL?api-version=2023-01-01`,
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${JSON.parse(identity.text).access_token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify([
        { TimeGenerated: '2025-03-01T10:00:00Z', RawData: 'old\u001b[31m\nred', Count: 1 },
        { TimeGenerated: '2025-03-01T11:00:00Z', RawData: 'new' },
      ]),
    },
  );
  assert.equal(sent.status, 204, sent.text);

  const table = await run('query', 'App_CL', '--workspace', 'soc', '--data', data);
  assert.equal(
    table.stdout,
    'TimeGenerated         RawData       Count\n' +
      '2025-03-01T11:00:00Z  new\n' +
      '2025-03-01T10:00:00Z  old [31m red  1\n',
  );
  const lines = await run(
    'query',
    'App_CL',
    '--workspace',
    'soc',
    '--data',
    data,
    '--json',
    '--limit',
    '1',
    '--columns',
    'RawData,Count',
  );
  assert.deepEqual(JSON.parse(lines.stdout), { RawData: 'new', Count: null });
  const tables = await run('tables', '--data', data);
  assert.match(
    tables.stdout,
    /^WORKSPACE +TABLE +ROWS +LAST TIME.*\nmain +App_CL +2 +2025-03-01T11:00:00.000Z/,
  );
  assert.equal((await run('tables', '--data', data, '--json')).stdout.trim().split('\n').length, 2);

  const wrong = await run('detach', 'wbe', '--machine', MACHINE, '--data', data);
  assert.equal(wrong.exitCode, 65);
  assert.match(wrong.stderr, /the machine has: web/);
  assert.equal((await run('detach', 'web', '--machine', MACHINE, '--data', data)).exitCode, 0);
  const forget = await run('detach', '--forget', '--machine', MACHINE, '--data', data);
  assert.equal(forget.exitCode, 0);
  const token = (await readFile(tokenFile, 'utf8')).trim();
  assert.equal(await createAdminClient({ url, token }).get(MACHINE), undefined);
});

test('a rule with errors is not attached; each is said with its line and column', async () => {
  const directory = await temporaryFolder();
  const file = join(directory, 'bad.json');
  await writeFile(file, JSON.stringify(ruleBody, null, 2).replace('"soc"\n', '"sco"\n'));
  const result = await run('attach', file, '--machine', MACHINE, '--data', directory);
  assert.equal(result.exitCode, 65);
  assert.match(result.stderr, /bad\.json:\d+:\d+: error DCR_DESTINATION_UNKNOWN/);
  assert.equal(result.stdout, '');
});

test('every failure has its exit code and says what to do', async (t) => {
  const directory = await temporaryFolder();
  const server = await serve(t, directory);
  const data = ['--data', directory];
  const stolen = join(directory, 'stolen.token');
  await writeFile(stolen, 'nonsense');
  const cases: [number, RegExp, string[]][] = [
    [64, /unknown option/, ['serve', '--prot', '1']],
    [64, /unknown command/, ['srve']],
    [64, /number from 0 to 65535/, ['serve', '--port', '99999']],
    [64, /--allow-remote/, ['serve', '--host', '0.0.0.0']],
    [64, /--public-url/, ['serve', '--host', '0.0.0.0', '--allow-remote']],
    [64, /not an ARM resource id/, ['attach', 'x', '--machine', 'web1']],
    [64, /go together/, ['tables', '--url', server.url]],
    [64, /--forget/, ['detach', '--machine', MACHINE]],
    [65, /there are: none yet/, ['query', 'Syslog', ...data]],
    [66, /the rule is not there/, ['attach', 'nowhere.json', '--machine', MACHINE, ...data]],
    [69, /dcr-handler serve --data/, ['tables', '--data', join(directory, 'other')]],
    [69, /another dcr-handler uses/, ['serve', '--port', '0', ...data]],
    [
      69,
      /no answer from http:\/\/127.0.0.1:9/,
      ['tables', '--url', 'http://127.0.0.1:9', '--token-file', stolen],
    ],
    [77, /admin token/, ['tables', '--url', server.url, '--token-file', stolen]],
  ];
  for (const [exitCode, message, args] of cases) {
    const result = await run(...args);
    assert.equal(result.exitCode, exitCode, `${args.join(' ')}: ${result.stderr}`);
    assert.match(result.stderr, message);
    assert.equal(result.stdout, '');
  }
  assert.equal(await server.stop('SIGTERM'), 0);
});

test('a damaged store or key is reported, not used', async (t) => {
  const directory = await temporaryFolder();
  const server = await serve(t, directory);
  await server.stop('SIGTERM');
  const serveAgain = () => run('serve', '--port', '0', '--data', directory);
  await writeFile(join(directory, 'machine-token-key.pem'), 'no key');
  const badKey = await serveAgain();
  assert.equal(badKey.exitCode, 78);
  assert.match(badKey.stderr, /not an RSA private key/);
  await writeFile(join(directory, 'admin.token'), '\n');
  const empty = await serveAgain();
  assert.equal(empty.exitCode, 78);
  assert.match(empty.stderr, /admin.token is empty; delete it/);
  await rm(join(directory, 'admin.token'));
  await rm(join(directory, 'machine-token-key.pem'));
  await writeFile(
    join(directory, 'handlers.sqlite'),
    'this is no database, but long enough to be read as one'.repeat(40),
  );
  const badStore = await serveAgain();
  assert.equal(badStore.exitCode, 74);
  assert.match(badStore.stderr, /handlers.sqlite cannot be used: .*move the file away/);
});

test('rows acknowledged before kill -9 are there afterwards', async (t) => {
  const directory = await temporaryFolder();
  const data = join(directory, 'data');
  const first = await serve(t, data);
  const connect = async (url: string) =>
    createAdminClient({ url, token: (await readFile(join(data, 'admin.token'), 'utf8')).trim() });
  const file = join(directory, 'web.json');
  await writeFile(file, JSON.stringify(ruleBody));
  const { stdout } = await run('attach', file, '--machine', MACHINE, '--data', data);
  const identity = async (url: string) =>
    JSON.parse(
      (
        await send(
          `${url}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://monitor.azure.com`,
          { headers: { metadata: 'true' } },
        )
      ).text,
    ).access_token as string;
  const token = await identity(first.url);
  const post = (url: string) =>
    send(`${url}/dataCollectionRules/${stdout.trim()}/streams/Custom-App_CL?api-version=1`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '[{"RawData":"kept"}]',
    });
  assert.equal((await post(first.url)).status, 204);
  await first.stop('SIGKILL');
  const second = await serve(t, data);
  const admin = await connect(second.url);
  assert.equal((await admin.rows({ table: 'App_CL', workspace: 'main' })).rows.length, 1);
  assert.equal((await post(second.url)).status, 204, 'tokens outlive the process too');
  await second.stop('SIGTERM');
});

test('a reader that goes away is no failure', async (t) => {
  const child = start(['--help']);
  child.stdout!.destroy();
  const [exitCode] = await once(child, 'close');
  assert.equal(exitCode, 0);
  t.diagnostic('standard output was closed before the command wrote to it');
});

test('a server goes on when nobody reads its log any more', async (t) => {
  const server = await serve(t, await temporaryFolder());
  server.child.stderr!.destroy();
  await assert.rejects(server.stderr);
  for (let i = 0; i < 3; i += 1) assert.equal((await send(`${server.url}/nothing`)).status, 404);
  assert.equal(await server.stop('SIGTERM'), 0);
});

test('every command shows one example', async () => {
  for (const command of ['serve', 'attach', 'detach', 'query', 'tables']) {
    const { exitCode, stdout } = await run(command, '--help');
    assert.equal(exitCode, 0);
    assert.match(stdout, new RegExp(`Example:\\n  dcr-handler ${command} `));
  }
});
