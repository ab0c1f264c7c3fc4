/** CEF and Cisco ASA from a sender's socket to the columns of the table, by both ways in. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { AgentStatus } from '@dcr-agent/agent';
import { tableOfStream } from '@dcr-agent/schema';
import { pollUntil, startAgentProcess } from '../support/processes.ts';
import { sendSyslog } from '../support/syslog-rule.ts';
import { MACHINE_NAME, type Row, setStage } from '../support/two-workspaces.ts';

const CEF =
  '<134>Mar  1 10:11:12 fw01 CEF:0|Palo Alto Networks|PAN-OS|11.0.2|end|TRAFFIC|1|' +
  'src=10.0.0.5 spt=50123 dst=203.0.113.9 dpt=443 act=allow cs1=rule one cs1Label=Rule ' +
  'in=5000000000 cn1=5000000000 msg=first\\nsecond a\\=b PanOSDGl1=root';
const ASA =
  '<166>Mar 01 2026 10:11:12 asa01 : %ASA-6-302013: Built outbound TCP connection 90 for ' +
  'outside:203.0.113.44/80 (203.0.113.44/80) to inside:10.0.0.5/1772 (198.51.100.4/21772)';
const PLAIN = '<134>Mar  1 10:11:12 fw01 kernel: link up';

async function arrived(t: TestContext, more: (table: string) => object): Promise<readonly Row[]> {
  const streams = ['Microsoft-CommonSecurityLog', 'Microsoft-CiscoAsa', 'Microsoft-Syslog'];
  const stage = await setStage(t, {
    dataSources: {
      syslog: [
        { name: 'network', streams, facilityNames: ['local0', 'local4'], logLevels: ['Info'] },
      ],
    },
    dataFlows: streams.map((stream) => ({
      streams: [stream],
      destinations: ['one'],
      ...more(tableOfStream(stream)),
    })),
  });
  const agent = await startAgentProcess({
    stateDir: join(stage.folder, 'agent'),
    handlerUrl: stage.handler.url,
    machine: MACHINE_NAME,
    config: {
      sources: { syslog: { tcp: ['127.0.0.1:0'] } },
      delivery: { flushIntervalSeconds: 1 },
    },
  });
  t.after(() => agent.stop());
  const statusWhen = (isDone: (status: AgentStatus) => boolean): Promise<AgentStatus> =>
    pollUntil(() => agent.status(), isDone);
  await sendSyslog({ statusWhen }, [CEF, ASA, PLAIN, ''].join('\n'));
  const rows = await pollUntil(
    () => stage.rows('CommonSecurityLog', 'one'),
    ({ length }) => length >= 2,
  );
  const plain = await pollUntil(
    () => stage.rows('Syslog', 'one'),
    ({ length }) => length >= 3,
  );
  assert.equal(plain.length, 3);
  const status = await statusWhen(({ ledger }) => ledger.every(({ buffered }) => buffered === 0));
  for (const stream of ['SECURITY_CEF_BLOB', 'SECURITY_CISCO_ASA_BLOB']) {
    const entry = status.ledger.find((of) => of.flow.endsWith(stream));
    assert.deepEqual([entry?.read, entry?.filtered, entry?.delivered], [3, 2, 1], stream);
  }
  assert.ok(status.isBalanced);
  return rows.toSorted((a, b) => String(b.DeviceVendor).localeCompare(String(a.DeviceVendor)));
}

function check([cef, asa, ...more]: readonly Row[]): void {
  assert.deepEqual(more, []);
  const expectedCef = {
    Computer: 'fw01',
    DeviceVendor: 'Palo Alto Networks',
    DeviceProduct: 'PAN-OS',
    DeviceVersion: '11.0.2',
    DeviceEventClassID: 'end',
    Activity: 'TRAFFIC',
    LogSeverity: 'Low',
    OriginalLogSeverity: '1',
    SourceIP: '10.0.0.5',
    SourcePort: 50123,
    DestinationIP: '203.0.113.9',
    DestinationPort: 443,
    DeviceAction: 'allow',
    DeviceCustomString1: 'rule one',
    DeviceCustomString1Label: 'Rule',
    ReceivedBytes: 5_000_000_000,
    DeviceCustomNumber1: null,
    FieldDeviceCustomNumber1: 5_000_000_000,
    Message: 'first\nsecond a=b',
    AdditionalExtensions: 'PanOSDGl1=root;',
  };
  assert.deepEqual(pick(cef!, expectedCef), expectedCef);
  const expectedAsa = {
    Computer: 'asa01',
    DeviceVendor: 'Cisco',
    DeviceProduct: 'ASA',
    DeviceEventClassID: '302013',
    LogSeverity: '6',
    Protocol: 'TCP',
    CommunicationDirection: 'outbound',
    SourceIP: '10.0.0.5',
    SourcePort: 1772,
    SourceTranslatedAddress: '198.51.100.4',
    DestinationIP: '203.0.113.44',
    DestinationPort: 80,
    DeviceAction: 'Built',
  };
  assert.deepEqual(pick(asa!, expectedAsa), expectedAsa);
}

function pick(row: Row, of: object): Row {
  return Object.fromEntries(Object.keys(of).map((name) => [name, row[name] ?? null]));
}

test("a workspace's own endpoint takes the messages apart", async (t) => {
  check(await arrived(t, () => ({})));
});

test('the Logs Ingestion API is given columns', async (t) => {
  const rows = await arrived(t, (table) => ({ outputStream: `Microsoft-${table}` }));
  check(rows);
  for (const row of rows) assert.ok(row.CollectorHostName);
});
