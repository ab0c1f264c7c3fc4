/** JSON and W3C logs from file to table: rule, agent, handler. */
import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLaboratory } from '../support/laboratory.ts';
import { pollUntil } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { BOTH, type Row } from '../support/two-workspaces.ts';

const FIELDS = '#Fields: date time c-ip cs-method cs-uri-stem sc-status time-taken';

function flow(stream: string, outputStream?: string): object {
  return { streams: [stream], destinations: BOTH, ...(outputStream && { outputStream }) };
}

/** The rows of a table, once there are so many in it. */
async function rowsOf(
  lab: Awaited<ReturnType<typeof openLaboratory>>,
  table: string,
  count: number,
): Promise<readonly Row[]> {
  const rows = await pollUntil(
    () => lab.rows(table, 'one'),
    (found) => found.length >= count,
  );
  assert.equal(rows.length, count, JSON.stringify(rows));
  return rows;
}

test('objects become rows of their declared columns, and what cannot is accounted for', async (t) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'app.json');
  const columns = [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Level', type: 'int' },
    { name: 'Id', type: 'long' },
    { name: 'Context', type: 'dynamic' },
    { name: 'FilePath', type: 'string' },
  ];
  const lab = await openLaboratory(t, {
    streamDeclarations: { 'Custom-App': { columns } },
    dataSources: {
      logFiles: [{ name: 'app', streams: ['Custom-App'], filePatterns: [path], format: 'json' }],
    },
    dataFlows: [flow('Custom-App', 'Custom-App_CL')],
  });
  const time = new Date(Date.now() - 60_000).toISOString();
  await writeFile(
    path,
    [
      `{"TimeGenerated":"${time}","Level":3,"Id":9007199254740993,"Context":{"a":[1]},"more":1}`,
      '{"Level":"high","Id":"12"}',
      '[',
      '',
    ].join('\n'),
  );
  const agent = await lab.startAgent();
  const [first, second] = await rowsOf(lab, 'App_CL', 2);
  assert.equal(first?.TimeGenerated, time);
  assert.deepEqual(
    [first?.Level, first?.Id, first?.Context, first?.FilePath],
    [3, '9007199254740993', { a: [1] }, path],
  );
  assert.deepEqual([second?.Level ?? null, second?.Id], [null, 12]);
  const status = await agent.statusWhen(({ ledger }) =>
    ledger.some(({ flow: name, delivered }) => name.endsWith('/app/Custom-App') && delivered === 2),
  );
  const row = status.ledger.find(({ flow: name }) => name.endsWith('/app/Custom-App'))!;
  assert.deepEqual([row.read, row.rejected], [3, 1]);
  const facts = status.sources.find(({ key }) => key.startsWith('logFiles:'))?.facts;
  assert.deepEqual(Object.values(facts?.remarks ?? {}), [
    { 'members without a column': 1, 'values that are no int: Level': 1 },
  ]);
  const told = agent.log.filter((line) => line.includes('an object per line'));
  assert.equal(told.length, 1);
});

test('web server logs reach W3CIISLog, and their fields are known after a restart', async (t) => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'W3SVC1'));
  const path = join(folder, 'W3SVC1', 'u_ex260301.log');
  const lab = await openLaboratory(t, {
    dataSources: {
      iisLogs: [{ name: 'iis', streams: ['Microsoft-W3CIISLog'], logDirectories: [folder] }],
    },
    dataFlows: [flow('Microsoft-W3CIISLog')],
  });
  await writeFile(
    path,
    `#Software: IIS\r\n${FIELDS}\r\n2026-03-01 10:11:12 10.0.0.9 GET /a 200 7\r\n`,
  );
  const agent = await lab.startAgent();
  const [first] = await rowsOf(lab, 'W3CIISLog', 1);
  assert.equal(first?.TimeGenerated, '2026-03-01T10:11:12.000Z');
  assert.deepEqual(
    [first?.cIP, first?.csMethod, first?.csUriStem, first?.scStatus, first?.TimeTaken],
    ['10.0.0.9', 'GET', '/a', '200', 7],
  );
  await agent.stop();
  await appendFile(path, '2026-03-01 10:11:13 10.0.0.9 POST /b 404 8\r\nhalf a row\r\n');
  const again = await lab.startAgent();
  const rows = await rowsOf(lab, 'W3CIISLog', 2);
  assert.deepEqual([rows[1]?.csMethod, rows[1]?.scStatus], ['POST', '404']);
  const status = await again.statusWhen(({ ledger }) =>
    ledger.some(({ rejected }) => rejected === 1),
  );
  assert.ok(status.ledger.some(({ flow: name }) => name.includes('/iis/')));
});

test('packets that the firewall logged become network sessions', async (t) => {
  const path = join(await temporaryFolder(), 'pfirewall.log');
  const stream = 'Microsoft-ASimNetworkSessionLogs-WindowsFirewall';
  const lab = await openLaboratory(t, {
    dataSources: {
      windowsFirewallLogs: [{ name: 'fw', streams: [stream], profileFilter: ['Domain'] }],
    },
    dataFlows: [flow(stream)],
  });
  const fields = '#Fields: date time action protocol src-ip dst-ip src-port dst-port path';
  await writeFile(
    path,
    `${fields}\n2026-03-01 10:11:12 DROP TCP 10.0.0.9 10.0.0.4 5 3389 RECEIVE\n`,
  );
  await lab.startAgent({
    sources: { syslog: { tcp: ['127.0.0.1:0'] }, windowsFirewallLogs: { paths: [path] } },
  });
  const [row] = await rowsOf(lab, 'ASimNetworkSessionLogs', 1);
  assert.deepEqual(
    [row?.DvcAction, row?.SrcIpAddr, row?.DstPortNumber, row?.NetworkDirection],
    ['Drop', '10.0.0.9', 3389, 'Inbound'],
  );
});
