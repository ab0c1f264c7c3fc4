/** Rules that hold one more than the service documents or accepts. */
import type { BrokenRule } from './broken-rule.ts';

const WORKSPACES =
  '/subscriptions/1/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces';

/** `count` texts, one for each number from 1. */
function times(count: number, text: (n: number) => string): string {
  return Array.from({ length: count }, (_, i) => text(i + 1)).join(',\n          ');
}

/** A rule around its data sources, for one stream and one workspace. */
function collecting(stream: string, dataSources: string): string {
  return `{
  "location": "westeurope",
  "properties": {
    "dataSources": ${dataSources},
    "destinations": {
      "logAnalytics": [{ "name": "central", "workspaceResourceId": "${WORKSPACES}/central" }]
    },
    "dataFlows": [{ "streams": ["${stream}"], "destinations": ["central"] }]
  }
}`;
}

/** A rule without data sources; the declared streams are `Custom-1` and so on. */
function receiving(streamCount: number, destinations: string, dataFlows: string): string {
  return `{
  "location": "westeurope",
  "kind": "Direct",
  "properties": {
    "streamDeclarations": {
          ${times(streamCount, (n) => `"Custom-${n}": { "columns": [{ "name": "TimeGenerated", "type": "datetime" }] }`)}
    },
    "destinations": {
      "logAnalytics": ${destinations}
    },
    "dataFlows": ${dataFlows}
  }
}`;
}

const CENTRAL = `[{ "name": "central", "workspaceResourceId": "${WORKSPACES}/central" }]`;

function withSettings(name: string, script: string): BrokenRule {
  return {
    name,
    severity: 'warning',
    code: 'DCR_LIMIT_ADVISED',
    marked: collecting(
      'Microsoft-Extension',
      `{
      "extensions": [
        {
          "name": "large",
          "extensionName": "Large",
          "streams": ["Microsoft-Extension"],
          "extensionSettings": ▸{ "script": "${script}" }
        }
      ]
    }`,
    ),
  };
}

export const LIMITS: readonly BrokenRule[] = [
  {
    name: '8 eleven data sources',
    severity: 'warning',
    code: 'DCR_LIMIT_ADVISED',
    marked: collecting(
      'Microsoft-W3CIISLog',
      `▸{
      "iisLogs": [
          ${times(11, (n) => `{ "name": "site-${n}", "streams": ["Microsoft-W3CIISLog"] }`)}
      ]
    }`,
    ),
  },
  {
    name: '8 a hundred and one counters',
    severity: 'warning',
    code: 'DCR_LIMIT_ADVISED',
    marked: collecting(
      'Microsoft-Perf',
      `{
      "performanceCounters": ▸[
        {
          "name": "many",
          "streams": ["Microsoft-Perf"],
          "samplingFrequencyInSeconds": 60,
          "counterSpecifiers": [
          ${times(60, (n) => `"\\\\Process(p${n})\\\\Working Set"`)}
          ]
        },
        {
          "name": "more",
          "streams": ["Microsoft-Perf"],
          "samplingFrequencyInSeconds": 300,
          "counterSpecifiers": [
          ${times(41, (n) => `"\\\\Process(q${n})\\\\Working Set"`)}
          ]
        }
      ]
    }`,
    ),
  },
  {
    name: '8 twenty-one facilities',
    severity: 'warning',
    code: 'DCR_LIMIT_ADVISED',
    marked: collecting(
      'Microsoft-Syslog',
      `{
      "syslog": ▸[
        {
          "name": "all",
          "streams": ["Microsoft-Syslog"],
          "facilityNames": [
            "auth", "authpriv", "cron", "daemon", "kern", "lpr", "mail", "mark", "news", "syslog",
            "user", "uucp", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
            "local7", "ftp"
          ],
          "logLevels": ["Error"]
        }
      ]
    }`,
    ),
  },
  {
    name: '8 a hundred and one event queries',
    severity: 'warning',
    code: 'DCR_LIMIT_ADVISED',
    marked: collecting(
      'Microsoft-Event',
      `{
      "windowsEventLogs": ▸[
        {
          "name": "many",
          "streams": ["Microsoft-Event"],
          "xPathQueries": [
          ${times(101, (n) => `"System!*[System[EventID=${n}]]"`)}
          ]
        }
      ]
    }`,
    ),
  },
  {
    name: '8 eleven data flows',
    severity: 'error',
    code: 'DCR_LIMIT_EXCEEDED',
    service: { code: 'InvalidProperty', target: 'Properties.DataFlows' },
    marked: receiving(
      11,
      CENTRAL,
      `▸[
          ${times(11, (n) => `{ "streams": ["Custom-${n}"], "destinations": ["central"], "outputStream": "Custom-${n}_CL" }`)}
    ]`,
    ),
  },
  {
    name: '8 twenty-one streams in one data flow',
    severity: 'error',
    code: 'DCR_LIMIT_EXCEEDED',
    service: { code: 'InvalidProperty', target: 'Properties.DataFlows[0].Streams' },
    marked: receiving(
      21,
      CENTRAL,
      `[
      {
        "streams": ▸[
          ${times(21, (n) => `"Custom-${n}"`)}
        ],
        "destinations": ["central"],
        "outputStream": "Custom-All_CL"
      }
    ]`,
    ),
  },
  {
    name: '8 eleven streams of data sources',
    severity: 'warning',
    code: 'DCR_LIMIT_ADVISED',
    marked: `{
  "location": "westeurope",
  "properties": {
    "dataSources": ▸{
      "extensions": [
        {
          "name": "containers",
          "extensionName": "ContainerInsights",
          "streams": [
          ${times(11, (n) => `"Microsoft-Container${n}"`)}
          ]
        }
      ]
    },
    "destinations": {
      "logAnalytics": ${CENTRAL}
    },
    "dataFlows": [
      {
        "streams": [
          ${times(11, (n) => `"Microsoft-Container${n}"`)}
        ],
        "destinations": ["central"]
      }
    ]
  }
}`,
  },
  {
    name: '8 eleven extensions',
    severity: 'warning',
    code: 'DCR_LIMIT_ADVISED',
    marked: collecting(
      'Microsoft-Extension',
      `{
      "extensions": ▸[
          ${times(11, (n) => `{ "name": "e${n}", "extensionName": "E${n}", "streams": ["Microsoft-Extension"] }`)}
      ]
    }`,
    ),
  },
  withSettings('8 settings of an extension of more than 32 KB', 'x'.repeat(32_768)),
  withSettings('8 the same in letters of three bytes each', '語'.repeat(11_000)),
  {
    name: '8 eleven workspaces',
    severity: 'warning',
    code: 'DCR_LIMIT_ADVISED',
    marked: receiving(
      1,
      `▸[
          ${times(11, (n) => `{ "name": "w${n}", "workspaceResourceId": "${WORKSPACES}/w${n}" }`)}
      ]`,
      `[{ "streams": ["Custom-1"], "destinations": [${times(11, (n) => `"w${n}"`)}] }]`,
    ),
  },
  {
    name: '8 a transformation of 15,361 characters',
    severity: 'warning',
    code: 'DCR_LIMIT_ADVISED',
    marked: receiving(
      1,
      CENTRAL,
      `[
      {
        "streams": ["Custom-1"],
        "destinations": ["central"],
        "transformKql": ▸"${`source | where tostring(TimeGenerated) != '`.padEnd(15_360, 'x')}'",
        "outputStream": "Custom-1_CL"
      }
    ]`,
    ),
  },
];
