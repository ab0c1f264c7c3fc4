import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import {
  MACHINE,
  OTHER_MACHINE,
  RULE,
  send,
  startEmptyLab,
  startLab,
  WORKSPACE,
} from './handlers-fixture.ts';

const VERSION = '?api-version=2023-03-11';

/** Sends bytes as they are and resolves to what comes back until the server hangs up. */
async function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  socket.write(bytes);
  await once(socket, 'close');
  return received;
}

test('garbage on the socket is answered with 400 and an ARM error', async (t) => {
  const { url } = await startEmptyLab(t);
  for (const garbage of [
    '\x16\x03\x01\x02\x00\x01\x00\x01',
    'HELLO\r\n\r\n',
    'GET /\x00 HTTP/1.1\r\n\r\n',
  ]) {
    const answer = await sendRaw(url, garbage);
    assert.match(answer, /^HTTP\/1.1 400 /);
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
    assert.equal(body.error.code, 'InvalidRequestContent');
  }
  assert.equal((await send(`${url}/ping`)).status, 200, 'and the server goes on');
});

test('paths that name nothing are ARM errors too', async (t) => {
  const { url, adminToken } = await startEmptyLab(t);
  const headers = { authorization: `Bearer ${adminToken}` };
  const cases: [string, string][] = [
    ['/', '404 NotFound'],
    ['/nothing', '404 NotFound'],
    ['/ods/x/OperationalData.svc/Other', '404 NotFound'],
    ['/subscriptions/%2e%2e%2f%2e%2e', '400 InvalidRequestUri'],
    ['/subscriptions/%zz', '400 InvalidRequestUri'],
    ['/subscriptions/%00', '400 InvalidRequestUri'],
    [`/subscriptions/${'x'.repeat(300)}`, '400 InvalidRequestUri'],
    ['/subscriptions/a//b', '400 InvalidRequestUri'],
    ['/subscriptions/a', '404 NotFound'],
    ['/providers/x', '404 NotFound'],
    ['/admin/nothing', '404 NotFound'],
    ['/admin/rows?table=x&limit=-1', '400 InvalidParameter'],
    ['/admin/rows?table=x&order=up', '400 InvalidParameter'],
    ['/admin/rows?table=x', '404 ResourceNotFound'],
    ['/admin/rows?table=x&workspace=y', '404 ResourceNotFound'],
  ];
  for (const [path, expected] of cases) {
    const separator = path.includes('?') ? '&' : '?';
    const answer = await send(`${url}${path}${separator}api-version=1`, { headers });
    assert.equal(`${answer.status} ${answer.error.code}`, expected, path);
    assert.notEqual(answer.error.message, '', path);
  }
});

test('a method a path does not have is an ARM error', async (t) => {
  const { url } = await startEmptyLab(t);
  const answer = await send(`${url}/ping`, { method: 'POST', body: 'x' });
  assert.equal(`${answer.status} ${answer.error.code}`, '404 NotFound');
});

test('administration without the token is refused before a body is looked at', async (t) => {
  const { url } = await startEmptyLab(t);
  for (const path of ['/admin/rows', '/admin/tables', '/admin/faults', '/admin/machines']) {
    assert.equal((await send(url + path)).status, 401, path);
  }
});

test('a resource body that cannot be read is refused and nothing is stored', async (t) => {
  const { url, adminToken, admin } = await startEmptyLab(t);
  const put = (body: string | Uint8Array, id = WORKSPACE) =>
    send(url + id + VERSION, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}` },
      body,
    } as RequestInit);
  const cases: [string | Uint8Array, string][] = [
    ['', '400 InvalidRequestContent'],
    ['{', '400 InvalidRequestContent'],
    ['[]', '400 InvalidRequestContent'],
    ['null', '400 InvalidRequestContent'],
    [new Uint8Array([0x7b, 0xff, 0x7d]), '400 InvalidRequestContent'],
    ['x'.repeat(1_048_577), '413 RequestEntityTooLarge'],
  ];
  for (const [body, expected] of cases) {
    const answer = await put(body);
    assert.equal(`${answer.status} ${answer.error.code}`, expected);
    assert.equal(answer.headers.get('x-ms-error-code'), answer.error.code);
  }
  assert.equal(await admin.get(WORKSPACE), undefined);
  assert.equal(await admin.get(RULE), undefined);
});

test('a resource nested deeper than any is refused', async (t) => {
  const { url, adminToken } = await startEmptyLab(t);
  const body = `{"properties":{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
  for (const id of [WORKSPACE, RULE]) {
    const answer = await send(url + id + VERSION, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}` },
      body,
    });
    assert.equal(`${answer.status} ${answer.error.code}`, '400 InvalidRequestContent');
  }
});

test('ten megabytes for a path that takes one are not read', async (t) => {
  const lab = await startLab(t);
  const response = await fetch(
    `${lab.url}/dataCollectionRules/${lab.ruleId}/streams/Custom-App_CL`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: 'x'.repeat(10 * 1024 * 1024),
    },
  );
  assert.equal(response.status, 401, 'who sends is asked first');
});

test('an id that only looks like one cannot carry an association', async (t) => {
  const { url, adminToken } = await startLab(t);
  const put = (scope: string) =>
    send(`${url}${scope}/providers/Microsoft.Insights/dataCollectionRuleAssociations/a${VERSION}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}` },
      body: JSON.stringify({ properties: { dataCollectionRuleId: RULE } }),
    });
  assert.equal((await put('/subscriptions/s')).error.code, 'InvalidRequestUri');
  assert.equal((await put(OTHER_MACHINE)).status, 201);
  assert.equal((await put(MACHINE)).status, 201);
});
