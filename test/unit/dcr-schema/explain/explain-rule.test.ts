import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseRule } from '@dcr-agent/schema';
import { explainRule } from '../../../../packages/dcr-schema/src/explain/explain-rule.ts';
import type {
  Explanation,
  StreamExplanation,
} from '../../../../packages/dcr-schema/src/explain/explanation.ts';
import type { Rule } from '../../../../packages/dcr-schema/src/rule/rule.ts';
import { corpusOptions, corpusPath } from '../../../support/corpus.ts';
import { WORKSPACE_ID } from '../../../support/sample-rule.ts';

const NOTHING: Rule = {
  streamDeclarations: [],
  dataSources: [],
  destinations: [],
  dataFlows: [],
  agentSettings: [],
};

const MAIN = { family: 'logAnalytics', name: 'main', workspaceResourceId: WORKSPACE_ID } as const;
const APP = {
  stream: 'Custom-App_CL',
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'RawData', type: 'string' },
  ],
} as const;

function explain(rule: Partial<Rule>): Explanation {
  const explanation = explainRule({ ...NOTHING, destinations: [MAIN], ...rule });
  assert.deepEqual(JSON.parse(JSON.stringify(explanation)), explanation, 'is no plain data');
  return explanation;
}

/** Everything but columns, a line for each fact. */
function outline(explanation: Explanation): string[] {
  const { isFor, dataSources, received, neverCollected, settings, notes } = explanation;
  return [
    isFor,
    ...dataSources.flatMap((source) => [
      `${source.kind} ${source.name}`,
      ...source.reads.map((text) => `  reads ${text}`),
      ...(source.everySeconds === undefined ? [] : [`  every ${source.everySeconds} s`]),
      ...(source.notCollected === undefined ? [] : [`  not collected: ${source.notCollected}`]),
      ...source.streams.flatMap(streamLines),
      ...source.goesNowhere.map((stream) => `  nowhere ${stream}`),
      ...source.notes.map((note) => `  note ${note}`),
    ]),
    ...received.flatMap((stream) => ['received', ...streamLines(stream)]),
    ...neverCollected.map((u) => `never ${u.stream} of flow ${u.flow} to ${u.destinations}`),
    ...settings.map(({ name, value, means }) => `${name}=${value}: ${means}`),
    ...notes,
  ];
}

function streamLines({ stream, flows }: StreamExplanation): string[] {
  return flows.flatMap(({ flow, table, transformKql, builtInTransform, destinations }) => [
    `  ${stream} by flow ${flow} to ${table}${transformKql ? ` after ${transformKql}` : ''}` +
      (builtInTransform ? ` after the service's ${builtInTransform}` : ''),
    ...destinations.map(
      ({ name, target, via, endpoint, problem }) =>
        `    ${name}, ${target}: ${via ?? problem ?? 'not by this agent'}` +
        (endpoint ? ` at ${endpoint}` : ''),
    ),
  ]);
}

const MACHINES = 'for the machines it is associated with, Linux and Windows';
const OWN_ROWS = "the agent's own rows, in the tables Heartbeat and Operation, go to main too";
const TO_MAIN = `    main, workspace ${WORKSPACE_ID}`;

describe('each kind of data source is explained:', () => {
  test('Windows events', () => {
    const rule = explain({
      kind: 'Windows',
      dataSources: [
        {
          kind: 'windowsEventLogs',
          name: 'logons',
          streams: ['Microsoft-SecurityEvent'],
          xPathQueries: [
            "Security!*[System[(EventID=4624 or EventID=4625)] and EventData[Data[@Name='LogonType']=10]]",
            'System!*[System[Level=4]]',
            'System!*[',
          ],
        },
      ],
      dataFlows: [{ streams: ['Microsoft-SecurityEvent'], destinations: ['main'] }],
    });
    assert.deepEqual(outline(rule), [
      'for the Windows machines it is associated with',
      'windowsEventLogs logons',
      '  reads Security: events with EventID 4624 or 4625 whose LogonType is 10',
      '  reads System: events that are Information (Level 4)',
      '  reads System!*[: refused: the query ends where a condition is expected',
      '  Microsoft-SecurityEvent by flow 0 to SecurityEvent',
      `${TO_MAIN}: ODS`,
      '  note System!*[System[Level=4]]: level 0 is not among these levels, though Event Viewer shows it as Information too',
      OWN_ROWS,
    ]);
    const columns = rule.dataSources[0]?.streams[0]?.columns ?? [];
    assert.deepEqual(columns[0], { name: 'TimeGenerated', type: 'datetime' });
    assert.ok(columns.some(({ name, type }) => name === 'LogonType' && type === 'int'));
  });

  test('syslog, of which one stream goes nowhere', () => {
    const rule = explain({
      kind: 'Linux',
      dataSources: [
        {
          kind: 'syslog',
          name: 'messages',
          streams: ['Microsoft-Syslog', 'Microsoft-CommonSecurityLog'],
          facilityNames: ['auth', 'mark'],
          logLevels: ['Alert', 'Emergency'],
        },
      ],
      dataFlows: [
        { streams: ['microsoft-syslog'], destinations: ['main'], transformKql: 'source' },
      ],
    });
    assert.deepEqual(outline(rule), [
      'for the Linux machines it is associated with',
      'syslog messages',
      '  reads auth and mark: alert and above',
      '  Microsoft-Syslog by flow 0 to Syslog',
      `${TO_MAIN}: ODS`,
      '  nowhere Microsoft-CommonSecurityLog',
      "  note 'mark' selects nothing: no message can carry this facility",
      '  note Microsoft-CommonSecurityLog has only the messages that are CEF',
      OWN_ROWS,
    ]);
  });

  test('counters, to a table and as metrics', () => {
    const rule = explain({
      dataSources: [
        {
          kind: 'performanceCounters',
          name: 'counters',
          streams: ['Microsoft-InsightsMetrics', 'Microsoft-Perf'],
          samplingFrequencyInSeconds: 30,
          counterSpecifiers: ['\\Memory(*)\\Used', '\\Memory(*)\\Free'],
        },
      ],
      destinations: [MAIN, { family: 'azureMonitorMetrics', name: 'metrics' }],
      dataFlows: [
        { streams: ['Microsoft-InsightsMetrics'], destinations: ['main', 'metrics'] },
        { streams: ['Microsoft-Perf'], destinations: ['metrics'] },
      ],
    });
    assert.deepEqual(outline(rule), [
      MACHINES,
      'performanceCounters counters',
      '  reads Memory, all instances: Used and Free',
      '  every 30 s',
      '  Microsoft-InsightsMetrics by flow 0 to InsightsMetrics',
      `${TO_MAIN}: ODS`,
      '    metrics, metrics of the machine: custom metrics',
      '  Microsoft-Perf by flow 1 to Perf',
      "    metrics, metrics of the machine: stream 'Microsoft-Perf' is sent to destination 'metrics', which takes metrics only",
      OWN_ROWS,
    ]);
  });

  test('text logs, transformed, over the endpoint of the rule', () => {
    const rule = explain({
      dataCollectionEndpointId: '/subscriptions/s/dataCollectionEndpoints/dce',
      streamDeclarations: [{ ...APP, columns: [...APP.columns, { name: 'Level', type: 'int' }] }],
      dataSources: [
        {
          kind: 'logFiles',
          name: 'app',
          streams: ['Custom-App_CL'],
          filePatterns: ['/var/log/a.log', '/var/log/b*.log'],
          format: 'text',
          recordStartTimestampFormat: 'ISO 8601',
        },
      ],
      dataFlows: [
        {
          streams: ['Custom-App_CL'],
          destinations: ['main'],
          transformKql: 'source | where true',
          outputStream: 'Custom-Other_CL',
        },
      ],
    });
    const form = 'text, a record begins at a line that begins with a time (ISO 8601)';
    assert.deepEqual(outline(rule), [
      MACHINES,
      'logFiles app',
      `  reads /var/log/a.log: ${form}`,
      `  reads /var/log/b*.log: ${form}`,
      '  Custom-App_CL by flow 0 to Other_CL after source | where true',
      `${TO_MAIN}: Logs Ingestion at /subscriptions/s/dataCollectionEndpoints/dce`,
      '  note a record is one text, in RawData: of Custom-App_CL, the column Level can only be filled by a transformation',
    ]);
    assert.equal(rule.dataSources[0]?.streams[0]?.columns?.length, 3);
  });

  test('JSON logs', () => {
    const rule = explain({
      streamDeclarations: [APP],
      dataSources: [
        {
          kind: 'logFiles',
          name: 'app',
          streams: ['Custom-App_CL'],
          filePatterns: ['/a.json'],
          format: 'json',
        },
      ],
      dataFlows: [{ streams: ['Custom-App_CL'], destinations: ['main'] }],
    });
    assert.deepEqual(outline(rule), [
      MACHINES,
      'logFiles app',
      '  reads /a.json: JSON, an object on each line',
      '  Custom-App_CL by flow 0 to App_CL',
      `${TO_MAIN}: Logs Ingestion`,
    ]);
    assert.deepEqual(rule.dataSources[0]?.streams[0]?.columns, APP.columns);
  });

  test('logs of web servers and of the firewall', () => {
    const firewall = 'Microsoft-ASimNetworkSessionLogs-WindowsFirewall';
    const rule = explain({
      dataSources: [
        {
          kind: 'iisLogs',
          name: 'web',
          streams: ['Microsoft-W3CIISLog'],
          logDirectories: ['D:\\l'],
        },
        { kind: 'iisLogs', name: 'own', streams: ['Microsoft-W3CIISLog'], logDirectories: [] },
        {
          kind: 'windowsFirewallLogs',
          name: 'fw',
          streams: [firewall],
          profileFilter: ['Domain', 'Public'],
        },
      ],
      dataFlows: [{ streams: ['Microsoft-W3CIISLog', firewall], destinations: ['main'] }],
    });
    assert.deepEqual(outline(rule), [
      MACHINES,
      'iisLogs web',
      '  reads W3C logs (*.log) in D:\\l and its W3SVC* directories',
      '  Microsoft-W3CIISLog by flow 0 to W3CIISLog',
      `${TO_MAIN}: ODS`,
      'iisLogs own',
      "  reads W3C logs in the web server's own directory",
      '  Microsoft-W3CIISLog by flow 0 to W3CIISLog',
      `${TO_MAIN}: ODS`,
      'windowsFirewallLogs fw',
      '  reads the log of the Windows firewall, profiles Domain and Public',
      `  ${firewall} by flow 0 to ASimNetworkSessionLogs`,
      `${TO_MAIN}: ODS`,
      OWN_ROWS,
    ]);
  });

  test('kinds that this agent does not collect, and what an extension reads', () => {
    const rule = explain({
      dataSources: [
        {
          kind: 'syslog',
          name: 'Input',
          streams: ['Microsoft-Syslog'],
          facilityNames: ['*'],
          logLevels: ['*'],
        },
        {
          kind: 'other',
          array: 'extensions',
          name: 'ext',
          streams: ['Microsoft-ServiceMap'],
          members: { extensionName: 'DependencyAgent', inputDataSources: ['input'] },
        },
        {
          kind: 'other',
          array: 'prometheusForwarder',
          name: 'prom',
          streams: ['Microsoft-PrometheusMetrics'],
          members: {},
        },
        {
          kind: 'other',
          array: 'etwProviders',
          name: 'etw',
          streams: ['Custom-Etw'],
          members: { provider: 'P', eventIds: ['1', '2'], logLevel: 'Warning' },
        },
        { kind: 'other', array: 'otelLogs', name: 'otel', streams: ['Custom-O'], members: {} },
      ],
      dataFlows: [
        {
          streams: ['Microsoft-ServiceMap', 'Microsoft-PrometheusMetrics'],
          destinations: ['main'],
        },
      ],
    });
    const notDone = (kind: string): string =>
      `  not collected: data sources of kind '${kind}' are not supported yet`;
    assert.deepEqual(outline(rule), [
      MACHINES,
      'syslog Input',
      '  reads all facilities: all levels',
      '  note the extension DependencyAgent reads it',
      'extensions ext',
      '  reads what the extension DependencyAgent collects, which reads input',
      notDone('extensions'),
      '  Microsoft-ServiceMap by flow 0 to ServiceMap',
      `${TO_MAIN}: not by this agent`,
      'prometheusForwarder prom',
      '  reads Prometheus metrics',
      notDone('prometheusForwarder'),
      '  Microsoft-PrometheusMetrics by flow 0 to PrometheusMetrics',
      `${TO_MAIN}: not by this agent`,
      'etwProviders etw',
      '  reads events of the ETW provider P with the id 1 or 2, level Warning',
      notDone('etwProviders'),
      '  nowhere Custom-Etw',
      'otelLogs otel',
      '  reads OpenTelemetry logs',
      notDone('otelLogs'),
      '  nowhere Custom-O',
    ]);
  });

  test('a log file that cannot be read says why', () => {
    const source = (format: string, stream: string): Rule['dataSources'][number] => ({
      kind: 'logFiles',
      name: format,
      streams: [stream],
      filePatterns: ['/a'],
      format,
    });
    const { dataSources } = explain({
      dataSources: [
        source('xml', 'Custom-A'),
        source('text', 'Microsoft-Syslog'),
        source("[parameters('format')]", 'Custom-A'),
      ],
    });
    assert.deepEqual(
      dataSources.map(({ notCollected }) => notCollected),
      [
        "log files of format 'xml' are not supported yet",
        "log files cannot fill the standard stream 'LINUX_SYSLOGS_BLOB'",
        undefined,
      ],
    );
  });
});

describe('each kind of rule is explained:', () => {
  test('Direct, and its older form without a kind', () => {
    const rule = {
      streamDeclarations: [APP],
      dataFlows: [{ streams: ['Custom-App_CL'], destinations: ['main'], builtInTransform: 'X' }],
    };
    const streams = [
      'received',
      "  Custom-App_CL by flow 0 to App_CL after the service's X",
      `${TO_MAIN}: not by this agent`,
    ];
    assert.deepEqual(outline(explain({ ...rule, kind: 'Direct' })), [
      'for programs that send to its Logs Ingestion endpoint; agents collect nothing for it',
      ...streams,
    ]);
    assert.deepEqual(outline(explain(rule)), [
      'for programs that send to a Logs Ingestion endpoint; agents collect nothing for it',
      ...streams,
    ]);
  });

  test('WorkspaceTransforms', () => {
    const rule = explain({
      kind: 'WorkspaceTransforms',
      dataFlows: [
        {
          streams: ['Microsoft-Table-Syslog'],
          destinations: ['main'],
          transformKql: "source | where Facility != 'cron'",
        },
      ],
    });
    assert.deepEqual(outline(rule), [
      'for a workspace, which transforms what arrives for these tables; agents do nothing for it',
      'received',
      "  Microsoft-Table-Syslog by flow 0 to Syslog after source | where Facility != 'cron'",
      `${TO_MAIN}: not by this agent`,
    ]);
    const columns = rule.received[0]?.columns ?? [];
    assert.ok(columns.some(({ name }) => name === 'SyslogMessage'));
  });

  test('AgentSettings', () => {
    const rule = explain({
      kind: 'AgentSettings',
      destinations: [],
      agentSettings: [
        { name: 'maxdiskquotainmb', value: '5000' },
        { name: 'MaxDiskQuotaInMB', value: '5' },
        { name: 'Tags', value: 'x' },
      ],
    });
    assert.deepEqual(outline(rule), [
      'for agents themselves: settings, nothing is collected',
      'maxdiskquotainmb=5000: at most 5000 MB of disk for data not yet delivered',
      'MaxDiskQuotaInMB=5: not used: the value is not a whole number from 4000 to 1000000',
      'Tags=x: not used by this agent',
    ]);
  });

  test('PlatformTelemetry, to storage', () => {
    const rule = explain({
      kind: 'PlatformTelemetry',
      dataSources: [
        {
          kind: 'other',
          array: 'platformTelemetry',
          name: 'p',
          streams: ['Microsoft.Cache/redis:Metrics-Group-All'],
          members: {},
        },
      ],
      destinations: [
        {
          family: 'other',
          name: 'store',
          member: 'storageAccounts',
          members: { storageAccountResourceId: '/s/store', containerName: 'c' },
        },
      ],
      dataFlows: [
        { streams: ['Microsoft.Cache/redis:Metrics-Group-All'], destinations: ['store'] },
      ],
    });
    assert.deepEqual(outline(rule), [
      'for Azure resources, whose telemetry the service exports; agents do nothing for it',
      'platformTelemetry p',
      '  reads platform telemetry of Azure resources: Microsoft.Cache/redis:Metrics-Group-All',
      "  not collected: data sources of kind 'platformTelemetry' are not supported yet",
      '  Microsoft.Cache/redis:Metrics-Group-All by flow 0 to Microsoft.Cache/redis:Metrics-Group-All',
      '    store, storageAccounts /s/store: not by this agent',
    ]);
  });
});

const SYSLOG = {
  kind: 'syslog',
  name: 's',
  streams: ['Microsoft-Syslog'],
  facilityNames: ['cron'],
  logLevels: ['*'],
} as const;

test('what is routed and not collected is told, with its flow', () => {
  const rule = explain({
    streamDeclarations: [APP],
    dataSources: [SYSLOG],
    dataFlows: [
      { streams: ['Microsoft-Syslog'], destinations: ['main'] },
      { streams: ['Microsoft-Perf', 'Microsoft-Perf', 'Custom-App_CL'], destinations: ['main'] },
    ],
  });
  assert.deepEqual(rule.neverCollected, [
    { flow: 1, stream: 'Microsoft-Perf', destinations: ['main'] },
    { flow: 1, stream: 'Custom-App_CL', destinations: ['main'] },
  ]);
  assert.deepEqual(rule.received, []);
});

test('a stream of two flows goes both ways', () => {
  const rule = explain({
    dataSources: [SYSLOG],
    destinations: [
      MAIN,
      { family: 'other', name: 'hub', member: 'eventHubs', members: { eventHubResourceId: '/h' } },
    ],
    dataFlows: [
      { streams: ['Microsoft-Syslog'], destinations: ['main', 'hub'] },
      { streams: ['Microsoft-Syslog'], destinations: ['main'], transformKql: 'source | take 1' },
    ],
  });
  assert.deepEqual(outline(rule).slice(3, -1), [
    '  Microsoft-Syslog by flow 0 to Syslog',
    `${TO_MAIN}: ODS`,
    "    hub, eventHubs /h: destination 'hub' (eventHubs) is not supported yet",
    '  Microsoft-Syslog by flow 1 to Syslog after source | take 1',
    `${TO_MAIN}: Logs Ingestion`,
  ]);
});

test('what a template leaves open is shown as it is, and nothing is claimed of it', () => {
  const stream = "[parameters('stream')]";
  const rule = explain({
    kind: "[parameters('kind')]",
    dataSources: [
      { ...SYSLOG, facilityNames: ["[parameters('facilities')]"] },
      { ...SYSLOG, name: 'open', streams: [stream] },
    ],
    destinations: [{ ...MAIN, workspaceResourceId: '{{workspaceResourceId}}' }],
    dataFlows: [
      { streams: ["[variables('streams')]"], destinations: ["[parameters('name')]"] },
      { streams: ['Microsoft-Perf'], destinations: ['main', 'nobody'] },
      { streams: ['Microsoft-Syslog'], destinations: ['main'] },
    ],
  });
  assert.deepEqual(outline(rule), [
    "for the machines it is associated with; its kind [parameters('kind')] is not known yet",
    'syslog s',
    "  reads [parameters('facilities')]: all levels",
    '  Microsoft-Syslog by flow 2 to Syslog',
    '    main, workspace {{workspaceResourceId}}: ODS',
    'syslog open',
    '  reads cron: all levels',
    "data flow 0 takes streams that are not known yet: [variables('streams')]",
    `data source 'open' has streams that are not known yet: ${stream}`,
    OWN_ROWS,
  ]);
});

test('a destination that is not there is no reason to stop', () => {
  const { dataSources } = explain({
    dataSources: [SYSLOG],
    dataFlows: [
      { streams: ['Microsoft-Syslog'], destinations: ['nobody', "[parameters('name')]"] },
    ],
  });
  assert.deepEqual(
    dataSources[0]?.streams[0]?.flows[0]?.destinations.map(({ problem }) => problem),
    ['the rule has no destination of this name', 'which destination this is, is not known yet'],
  );
});

test('names of prototypes are names like any other', () => {
  const rule = explain({
    dataSources: [
      {
        kind: 'other',
        array: 'constructor',
        name: '__proto__',
        streams: ['toString'],
        members: {},
      },
    ],
    dataFlows: [{ streams: ['valueOf', 'toString'], destinations: ['hasOwnProperty'] }],
  });
  assert.equal(rule.dataSources[0]?.streams[0]?.flows[0]?.table, 'toString');
  assert.deepEqual(rule.neverCollected, [
    { flow: 0, stream: 'valueOf', destinations: ['hasOwnProperty'] },
  ]);
});

test(
  'every rule of the corpus is explained, each data source with what it reads',
  corpusOptions('dcr'),
  () => {
    let explained = 0;
    for (const file of readdirSync(corpusPath('dcr'))) {
      if (!file.endsWith('.json')) continue;
      const { rule } = parseRule(readFileSync(corpusPath(`dcr/${file}`), 'utf8'));
      if (rule === undefined) continue;
      const { dataSources } = explain(rule);
      for (const { name, reads } of dataSources) assert.ok(reads.length > 0, `${file}: ${name}`);
      explained++;
    }
    assert.ok(explained > 20);
  },
);
