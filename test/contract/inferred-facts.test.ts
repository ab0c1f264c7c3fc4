/**
 * Facts about outside systems that no public source states. Each is decided in one small module
 * and pinned here: when the service turns out to differ, these two places change together.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type Column,
  type ColumnType,
  channelProtocol,
  configureRule,
  findStream,
  tableOfStream,
} from '@dcr-agent/schema';
import { securityLogColumns, securityLogItem } from '@dcr-agent/schema/security-log';
import { readMachineNumbers } from '../../packages/agent/src/identity/machine-numbers.ts';
import { columnValue } from '../../packages/agent/src/pipeline/json-lines/column-value.ts';
import { JsonObjectScan } from '../../packages/agent/src/pipeline/json-lines/json-object-scan.ts';
import { metricName } from '../../packages/agent/src/pipeline/metrics/metric-names.ts';
import { operationStage } from '../../packages/agent/src/pipeline/operation-stage.ts';
import { insightsTags } from '../../packages/agent/src/pipeline/performance-counters/insights-tags.ts';
import { firewallShape } from '../../packages/agent/src/pipeline/w3c/firewall-shape.ts';
import { iisShape } from '../../packages/agent/src/pipeline/w3c/iis-shape.ts';
import { PROCESS_COUNTERS } from '../../packages/agent/src/sources/performance-counters/counters/process.ts';
import { WHOLE_MACHINE } from '../../packages/agent/src/sources/performance-counters/whole-machine.ts';
import { linuxName } from '../../packages/agent/src/sources/performance-counters/windows-names.ts';
import { firewallPaths } from '../../packages/agent/src/sources/w3c-files.ts';
import { serviceCode } from '../../packages/dcr-schema/src/rule/service-answer.ts';
import { rowOf } from '../support/rows.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('solutions of streams whose IPName is not published', () => {
  const solutions = [
    'Microsoft-SecurityEvent',
    'Microsoft-WindowsEvent',
    'Microsoft-W3CIISLog',
  ].map((stream) => findStream(stream)?.solution);
  assert.deepEqual(solutions, ['SecurityInsights', 'SecurityInsights', 'LogManagement']);
});

test('the agent-facing names of streams', () => {
  const pairs = {
    'Microsoft-Syslog': 'LINUX_SYSLOGS_BLOB',
    'Microsoft-Event': 'GENERIC_EVENT_BLOB',
    'Microsoft-SecurityEvent': 'SECURITY_EVENT_BLOB',
    'Microsoft-WindowsEvent': 'SECURITY_WEF_EVENT_BLOB',
    'Microsoft-CiscoAsa': 'SECURITY_CISCO_ASA_BLOB',
  };
  for (const [stream, blobType] of Object.entries(pairs)) {
    assert.equal(findStream(stream)?.blobType, blobType);
  }
});

test('which flows take the Logs Ingestion endpoint', () => {
  const flow = { streams: [], destinations: [] };
  assert.equal(channelProtocol('Microsoft-Syslog', flow), 'ods');
  assert.equal(channelProtocol('Microsoft-Syslog', { ...flow, transformKql: ' source ' }), 'ods');
  assert.equal(
    channelProtocol('Microsoft-Syslog', { ...flow, transformKql: 'source | take 1' }),
    'gig',
  );
  assert.equal(
    channelProtocol('Microsoft-Syslog', { ...flow, outputStream: 'Custom-X_CL' }),
    'gig',
  );
  assert.equal(channelProtocol('Microsoft-Syslog', { ...flow, transform: 'x' }), 'gig');
  assert.equal(channelProtocol('Microsoft-Syslog', { ...flow, builtInTransform: 'x' }), 'gig');
  assert.equal(channelProtocol('Custom-X', flow), 'gig');
});

test('the table a stream lands in by its name alone', () => {
  assert.equal(tableOfStream('Custom-App_CL'), 'App_CL');
  assert.equal(tableOfStream('Microsoft-Table-SigninLogs'), 'SigninLogs');
  assert.equal(tableOfStream('LINUX_SYSLOGS_BLOB'), 'Syslog');
  assert.equal(tableOfStream('Microsoft-Event'), 'Event');
});

test('which Windows counters are counters of Linux under another name', () => {
  const pairs = {
    'Processor Information\\% Processor Time': 'Processor\\% Processor Time',
    'LOGICALDISK\\% Free Space': 'Logical Disk\\% Free Space',
    'LogicalDisk\\Disk Bytes/sec': 'Logical Disk\\Logical Disk Bytes/sec',
    'Memory\\available mbytes': 'Memory\\Available MBytes Memory',
    'Process\\% User Time': 'Process\\Pct User Time',
    'Process\\% Privileged Time': 'Process\\Pct Privileged Time',
    'Process\\Working Set': 'Process\\Used Memory',
    'Process\\Virtual Bytes': 'Process\\Virtual Shared Memory',
    'System\\System Up Time': 'System\\Uptime',
    // Not the same: counts since the start there, memory that is promised, not used.
    'Network Interface\\Bytes Total/sec': 'Network Interface\\Bytes Total/sec',
    'Memory\\Committed Bytes': 'Memory\\Committed Bytes',
  };
  for (const [windows, linux] of Object.entries(pairs)) {
    const [object = '', counter = ''] = windows.split('\\');
    const name = linuxName({ object, counter });
    assert.equal(`${name.object}\\${name.counter}`, linux);
  }
});

test('the whole machine is an instance of every object, by this name', () => {
  assert.equal(WHOLE_MACHINE, 'total');
});

test('processes count percent of one processor, and bytes', () => {
  const process = { name: 'p', startTicks: 1, systemTicks: 0, virtualBytes: 7, residentPages: 2 };
  const facts = (userTicks: number) => ({
    processes: new Map([[1, { ...process, userTicks }]]),
    units: { pageBytes: 4096, ticksPerSecond: 100 },
  });
  const interval = { now: facts(300), before: facts(100), seconds: 1 };
  const values = PROCESS_COUNTERS.map(({ counter, read }) => [counter, read(interval)[0]?.value]);
  assert.deepEqual(Object.fromEntries(values), {
    'Pct User Time': 200,
    'Pct Privileged Time': 0,
    'Used Memory': 8192,
    'Virtual Shared Memory': 7,
  });
});

test('the tag that names the instance of a counter that VM insights does not have', () => {
  const sample = { atMs: 0, object: 'Processor', instance: '0', counter: '% Idle Time', value: 1 };
  assert.deepEqual(insightsTags(sample), { 'vm.azm.ms/instance': '0' });
  assert.deepEqual(insightsTags({ ...sample, tags: { totalCpus: 2 } }), {
    'vm.azm.ms/totalCpus': 2,
  });
});

test('what the agent tells of itself, and how it says that something is over', () => {
  const stage = operationStage({ computer: 'vm1', hostIp: '', agentId: '' });
  const record = { atMs: 0, category: 'Source', detail: 'd' } as const;
  const rows = (['Error', 'Succeeded'] as const).map((status) =>
    rowOf(stage, 'ods', { ...record, status }),
  );
  const head = { Timestamp: '1970-01-01T00:00:00.000Z', Computer: 'vm1', Detail: 'd' };
  const tail = { Category: 'Source', Solution: 'Log Management', HelpLink: '' };
  assert.deepEqual(rows, [
    { ...head, OperationStatus: 'Error', ...tail },
    { ...head, OperationStatus: 'Succeeded', ...tail },
  ]);
});

test('by which numbers a workspace knows this machine', async () => {
  const azure = '7783-7084-3265-9085-8269-3286-77';
  const [vmId, firmware] = [
    'a1b2c3d4-0000-4000-8000-0123456789ab',
    'd4c3b2a1-0000-0040-8000-0123456789ab',
  ];
  const folderOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const folder = await temporaryFolder();
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return folder;
  };
  const inAzure = await folderOf({
    chassis_asset_tag: `${azure}\n`,
    product_uuid: `${firmware.toUpperCase()}\n`,
  });
  assert.deepEqual(readMachineNumbers(vmId, inAzure), { uuid: vmId, cloudId: azure });
  assert.deepEqual(readMachineNumbers(undefined, inAzure), { uuid: firmware, cloudId: azure });
  const elsewhere = await folderOf({ chassis_asset_tag: 'No Asset Tag', product_uuid: firmware });
  assert.deepEqual(readMachineNumbers(vmId, elsewhere), { uuid: firmware });
  const unset = await folderOf({ product_uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff' });
  assert.deepEqual(readMachineNumbers('a\r\nb', unset), {});
  const hidden = await folderOf({});
  assert.deepEqual(readMachineNumbers(vmId.toUpperCase(), hidden), { uuid: vmId });
});

test('what counters are called as custom metrics', () => {
  const guest = 'azure.vm.linux.guestmetrics';
  const names: readonly [string, string, object][] = [
    ['Processor', '% Idle Time', { namespace: guest, metric: '% Idle Time', dimension: 'cpu' }],
    ['Memory', '% Used Memory', { namespace: guest, metric: '% Used Memory' }],
    [
      'Logical Disk',
      '% Used Space',
      { namespace: guest, metric: '% Used Space', dimension: 'path' },
    ],
    ['Network', 'Total Bytes', { namespace: guest, metric: 'Total Bytes', dimension: 'interface' }],
    [
      'Process',
      'Used Memory',
      { namespace: guest, metric: 'Used Memory', dimension: 'process_name' },
    ],
    ['System', 'Load1', { namespace: guest, metric: 'Load1' }],
  ];
  for (const [object, counter, name] of names) {
    assert.deepEqual(metricName(object, counter, false), name);
  }
  assert.deepEqual(metricName('LogicalDisk', 'FreeSpaceMB', true), {
    namespace: 'insights.virtualmachine',
    metric: 'FreeSpaceMB',
    dimension: 'vm.azm.ms/mountId',
  });
});

test('which syslog messages are security logs, and what the service makes of their parts', () => {
  const rest = '0|v|p|1|id|name|7|cs7=x dpt=https';
  assert.equal(securityLogItem('cef', 'CEF', rest)?.message, `CEF: ${rest}`);
  assert.equal(securityLogItem('cef', 'app', `CEF:${rest}`)?.ident, 'CEF');
  assert.equal(securityLogItem('cef', 'LEEF', '1.0|v|p'), undefined);
  assert.equal(securityLogItem('asa', '%ASA-6-302013', 'Built')?.message, '%ASA-6-302013: Built');
  assert.equal(securityLogItem('asa', '%FTD-6-302013', 'Built'), undefined);
  const cef = securityLogColumns(`CEF: ${rest}`, 0);
  assert.deepEqual([cef.LogSeverity, cef.OriginalLogSeverity], ['High', '7']);
  assert.deepEqual([cef.DestinationPort, cef.AdditionalExtensions], [null, 'cs7=x;dpt=https;']);
  const unkeyed = securityLogColumns('CEF:0|v|p|1|i|n|1|some text cs7=x', 0);
  assert.equal(unkeyed.AdditionalExtensions, 'some text;cs7=x;');
  const time = (text: string) => securityLogColumns(`CEF:0|v|p|1|i|n|1|start=${text}`, 0).StartTime;
  assert.equal(time('Mar 01 2025 10:11:12'), '2025-03-01T10:11:12.000Z', 'without zone it is UTC');
  const asa = securityLogColumns(
    '%ASA-4-313001: Denied ICMP type=8, code=0 from a on interface b',
    0,
  );
  assert.deepEqual(
    [
      asa.DeviceVendor,
      asa.DeviceProduct,
      asa.DeviceEventClassID,
      asa.LogSeverity,
      asa.DeviceAction,
    ],
    ['Cisco', 'ASA', '313001', '4', 'Deny'],
  );
});
test('how the agent learns the columns of a stream of JSON', () => {
  const columns: Column[] = [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Level', type: 'int' },
  ];
  const own = { kind: 'logFiles', filePatterns: ['/a'] } as const;
  const { configuration } = configureRule(
    {
      streamDeclarations: [
        { stream: 'Custom-App', columns },
        { stream: 'Custom-Other', columns },
      ],
      dataSources: [
        { ...own, name: 'app', streams: ['Custom-App'], format: 'json' },
        { ...own, name: 'text', streams: ['Custom-Other'], format: 'text' },
      ],
      destinations: [{ family: 'logAnalytics', name: 'w', workspaceResourceId: '/w' }],
      dataFlows: [{ streams: ['Custom-App', 'Custom-Other'], destinations: ['w'] }],
      agentSettings: [],
    },
    {
      ...{ configurationId: 'dcr-1', eTag: '1', ingestionEndpoint: 'http://127.0.0.1' },
      workspace: () => ({ workspaceId: '11111111-0000-0000-0000-000000000000' }),
    },
  );
  assert.ok('dataSources' in configuration.content);
  assert.deepEqual(
    configuration.content.dataSources.map((source) => source.configuration),
    [
      {
        filePatterns: ['/a'],
        format: 'json',
        streamDeclarations: { 'Custom-App': { columns } },
      },
      { filePatterns: ['/a'], format: 'text' },
    ],
  );
});

/** What is sent for a value in a column of a type; `undefined`: null. */
function converted(type: ColumnType, json: string): string | undefined {
  const bytes = Buffer.from(`{"a":${json}}`);
  const scan = new JsonObjectScan();
  assert.equal(scan.scan(bytes, 0, bytes.length), undefined);
  const value = columnValue(type, bytes, scan.members[0]!);
  if (typeof value === 'object') return value.json;
  return value === 'as it is' ? json : undefined;
}

test('which JSON values a column takes', () => {
  const cases: [ColumnType, string, string | undefined][] = [
    ['string', '"a\\u0041"', '"a\\u0041"'],
    ['string', '1.50', '"1.50"'],
    ['string', 'true', '"true"'],
    ['string', '{"b":[1]}', '"{\\"b\\":[1]}"'],
    ['int', '42', '42'],
    ['int', '-2147483648', '-2147483648'],
    ['int', '2147483648', undefined],
    ['int', '"42"', '42'],
    ['int', '42.0', '42'],
    ['int', '4.2e1', '42'],
    ['int', '4.2', undefined],
    ['int', 'true', undefined],
    ['long', '9223372036854775807', '9223372036854775807'],
    ['long', '-9223372036854775808', '-9223372036854775808'],
    ['long', '9223372036854775808', undefined],
    ['long', '"9007199254740993"', '9007199254740993'],
    ['long', '[1]', undefined],
    ['real', '0.10000000000000000555', '0.10000000000000000555'],
    ['real', '"1e3"', '1000'],
    ['real', '1e999', undefined],
    ['real', '"NaN"', undefined],
    ['boolean', 'false', 'false'],
    ['boolean', '"True"', 'true'],
    ['boolean', '0', 'false'],
    ['boolean', '2', undefined],
    ['datetime', '"2026-03-01T10:11:12.1234567+01:00"', '"2026-03-01T10:11:12.1234567+01:00"'],
    ['datetime', '"2026-03-01"', '"2026-03-01"'],
    ['datetime', '"2026-02-30T00:00:00Z"', undefined],
    ['datetime', '1772359872', undefined],
    ['datetime', '"yesterday"', undefined],
    ['dynamic', '{"n":9007199254740993}', '{"n":9007199254740993}'],
  ];
  for (const [type, json, expected] of cases) {
    assert.equal(converted(type, json), expected, `${type} ${json}`);
  }
});

test('the columns of web server and firewall logs', () => {
  const context = { computer: 'web01', hostIp: '', agentId: '' };
  const columnsOf = (shape: ReturnType<typeof iisShape>, fields: string): unknown[] =>
    fields.split(' ').map((field) => shape.targetOf(field)?.column);
  assert.deepEqual(
    columnsOf(
      iisShape(context),
      's-sitename cs-uri-stem cs(User-Agent) cs-username s-port sc-win32-status time-taken X-Own',
    ),
    [
      ...['sSiteName', 'csUriStem', 'csUserAgent', 'csUserName', 'sPort', 'scWin32Status'],
      ...['TimeTaken', undefined],
    ],
  );
  assert.deepEqual(
    columnsOf(firewallShape(context), 'action protocol src-ip dst-port size path tcpflags'),
    [
      ...['DvcAction', 'NetworkProtocol', 'SrcIpAddr', 'DstPortNumber', 'NetworkBytes'],
      ...['NetworkDirection', undefined],
    ],
  );
});

test('which firewall log is of which profile', () => {
  const paths = ['/fw/pfirewall.log', '/fw/pfirewall_Domain.log', '/fw/pfirewall_public.log'];
  assert.deepEqual(firewallPaths(paths, []), paths);
  assert.deepEqual(firewallPaths(paths, ['Domain']), paths.slice(0, 2));
  assert.deepEqual(firewallPaths(paths, ['Public', 'Private']), [paths[0], paths[2]]);
});

test('which code the service answers where only its message, or a mistake of the kind, was seen', () => {
  const codes = [
    'DCR_TRANSFORM_STREAM_GROUP',
    'DCR_STREAM_IN_GROUP',
    'DCR_LIMIT_EXCEEDED',
    'DCR_VALUE_EMPTY',
  ] as const;
  assert.deepEqual(codes.map(serviceCode), [
    'InvalidTransform',
    'InvalidDataFlow',
    'InvalidProperty',
    'InvalidProperty',
  ]);
});
