/** Custom metrics: what is taken, what is refused and why, and how it is found again. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { HandlersOptions } from '@dcr-agent/handlers';
import {
  type Lab,
  MACHINE,
  machineToken,
  OTHER_MACHINE,
  send,
  startLab,
} from './handlers-fixture.ts';

interface MetricsLab extends Lab {
  post(body: unknown, headers?: Record<string, string>, machine?: string): ReturnType<typeof send>;
}

async function startMetrics(t: TestContext, options: HandlersOptions = {}): Promise<MetricsLab> {
  const lab = await startLab(t, options);
  const authorization = await machineToken(lab.url);
  const post: MetricsLab['post'] = (body, headers = {}, machine = MACHINE) =>
    send(`${lab.url}/metrics${machine}/metrics`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', ...headers },
      body: body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body),
    } as RequestInit);
  return { ...lab, post };
}

const series = { dimValues: [MACHINE, '/'], min: 41.2, max: 41.9, sum: 124.6, count: 3 };
const base = {
  metric: '% Used Space',
  namespace: 'azure.vm.linux.guestmetrics',
  dimNames: ['microsoft.resourceId', 'path'],
  series: [series],
};
const document = { time: '2025-03-01T10:11:00.000Z', data: { baseData: base } };

async function metrics(lab: Lab) {
  const known = await lab.admin.tables();
  if (!known.some(({ table }) => table === 'Metrics')) return [];
  return (await lab.admin.rows({ table: 'Metrics' })).rows;
}

test('a document becomes a row for each series', async (t) => {
  const lab = await startMetrics(t);
  const answer = await lab.post(document);
  assert.equal(answer.status, 200);
  assert.deepEqual(JSON.parse(answer.text), { statusCode: 200 });
  const [row, ...more] = await metrics(lab);
  assert.equal(more.length, 0);
  const { TimeGenerated, Metric, Namespace, Dimensions, Minimum, Maximum, Total, Count } = row!;
  assert.deepEqual(
    [TimeGenerated, Metric, Namespace, Dimensions, Minimum, Maximum, Total, Count],
    [
      '2025-03-01T10:11:00.000Z',
      '% Used Space',
      'azure.vm.linux.guestmetrics',
      { 'microsoft.resourceId': MACHINE, path: '/' },
      41.2,
      41.9,
      124.6,
      3,
    ],
  );
});

test('documents may come one a line, compressed, and a repeated request counts once', async (t) => {
  const lab = await startMetrics(t);
  const lines = `${JSON.stringify(document)}\n${JSON.stringify(document)}\n`;
  const headers = {
    'content-type': 'application/x-ndjson',
    'content-encoding': 'gzip',
    'x-ms-client-request-id': 'once',
  };
  assert.equal((await lab.post(gzipSync(lines), headers)).status, 200);
  assert.equal((await lab.post(gzipSync(lines), headers)).status, 200);
  assert.equal((await metrics(lab)).length, 2);
});

test('what is wrong is said by document and member, and nothing is stored', async (t) => {
  const lab = await startMetrics(t);
  const withBase = (change: object) => ({
    ...document,
    data: { baseData: { ...base, ...change } },
  });
  const withSeries = (change: object) => withBase({ series: [{ ...series, ...change }] });
  const eleven = Array.from({ length: 11 }, (_, i) => `d${i}`);
  const wrong: readonly [unknown, RegExp][] = [
    [[], /Document 1: 'it' must be an object/],
    [{ ...document, time: 'noon' }, /'time' must be an ISO 8601 time/],
    [{ time: document.time }, /'data.baseData.series' must be a list/],
    [withBase({ metric: '' }), /'data.baseData.metric' must be a text of 1 to 256/],
    [withBase({ namespace: 7 }), /'data.baseData.namespace'/],
    [withBase({ dimNames: eleven }), /'data.baseData.dimNames' must be a list of up to 10 names/],
    [withBase({ dimNames: ['path', ''] }), /dimNames' must be .* none empty/],
    [withBase({ dimNames: ['path', 'path'] }), /dimNames' must be .* none twice/],
    [withBase({ series: [] }), /'data.baseData.series'/],
    [withBase({ series: [7] }), /'data.baseData.series\[0\]' must be an object/],
    [withSeries({ dimValues: ['/'] }), /series\[0\].dimValues' must be a list of 2 texts/],
    [withSeries({ sum: '1' }), /series\[0\].sum' must be a number/],
    [withSeries({ count: 0 }), /series\[0\].count' must be a whole number from 1 to 2\^53/],
    [withSeries({ count: 1.5 }), /series\[0\].count' must be a whole number/],
    [withSeries({ count: 2 ** 53 }), /series\[0\].count' must be a whole number/],
    [withSeries({ sum: 123 }), /series\[0\].sum' must be between 'min' and 'max' times 'count'/],
    [withSeries({ sum: 126 }), /series\[0\].sum' must be between/],
    [withSeries({ min: 50 }), /series\[0\].min' must be no more than 'max'/],
    ['{', /The body is not JSON/],
  ];
  for (const [body, message] of wrong) {
    const answer = await lab.post(body);
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.text, message);
  }
  const second = `${JSON.stringify(document)}\n{}`;
  const lines = await lab.post(second, { 'content-type': 'application/x-ndjson' });
  assert.match(lines.text, /Document 2/);
  assert.equal((await lab.post(document, { 'content-type': 'text/plain' })).status, 415);
  assert.deepEqual(await metrics(lab), []);
});

test('a sum may be off by what adding up many numbers rounds', async (t) => {
  const lab = await startMetrics(t);
  const sum = Array.from({ length: 1_000 }, () => 0.1).reduce((total, each) => total + each, 0);
  assert.notEqual(sum, 100);
  const rounded = { ...series, min: 0.1, max: 0.1, sum, count: 1_000 };
  const body = { ...document, data: { baseData: { ...base, series: [rounded] } } };
  assert.equal((await lab.post(body)).status, 200);
});

test('lines that are all blank are refused', async (t) => {
  const lab = await startMetrics(t);
  const answer = await lab.post('\n \r\n\n', { 'content-type': 'application/x-ndjson' });
  assert.equal(answer.status, 400);
  assert.equal(JSON.parse(answer.text).error.code, 'InvalidRequestContent');
  assert.match(answer.text, /no document, only blank lines/);
});

test('only the machine itself may send its metrics, or those of its scale set', async (t) => {
  const lab = await startMetrics(t);
  const other = await lab.post(document, {}, OTHER_MACHINE);
  assert.equal(other.status, 403);
  assert.match(other.text, /InvalidResourceId/);
  assert.equal((await lab.post(document, { authorization: '' })).status, 401);
  assert.equal((await lab.post(document, {}, `${MACHINE}/more`)).status, 403);
});

test('times outside of the window are refused where the service’s is kept', async (t) => {
  const now = (): number => Date.parse('2025-03-01T10:31:30Z');
  const lab = await startMetrics(t, { now, enforceTimeWindow: true });
  const at = (time: string) => lab.post({ ...document, time });
  assert.equal((await at('2025-03-01T10:12:00Z')).status, 200);
  assert.equal((await at('2025-03-01T10:36:00Z')).status, 200);
  const late = await at('2025-03-01T10:11:00Z');
  assert.equal(late.status, 400);
  assert.match(late.text, /Document 1: its time 2025-03-01T10:11:00Z is not within 20 minutes/);
  assert.equal((await at('2025-03-01T10:37:00Z')).status, 400);
});
