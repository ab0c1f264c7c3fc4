/**
 * Two destinations, and rules that send to both what a machine collects: syslog messages and
 * events to each workspace, the lines of a text log through an ingestion endpoint of each.
 */
import { join } from 'node:path';
import {
  type AgentOptions,
  type HandlerProcess,
  startHandlerProcess,
} from '../support/processes.ts';
import { Arrivals } from './arrivals.ts';
import { type CaptureService, startCaptureService } from './capture-service.ts';
import type { SourceName } from './numbered-text.ts';

const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/test/providers';
const INSIGHTS = `${GROUP}/Microsoft.Insights`;
const WORKSPACES = `${GROUP}/Microsoft.OperationalInsights/workspaces`;
const MACHINE = 'node1';
const MACHINE_ID = `${GROUP}/Microsoft.HybridCompute/machines/${MACHINE}`;

export const DESTINATIONS = ['one', 'two'] as const;
export type DestinationName = (typeof DESTINATIONS)[number];

export interface Stage {
  readonly handler: HandlerProcess;
  readonly services: Readonly<Record<DestinationName, CaptureService>>;
  readonly arrivals: Readonly<Record<DestinationName, Arrivals>>;
  /** Files the rules name. */
  readonly linesPath: string;
  readonly eventsPath: string;
  /** Of every agent that is started on this stage. */
  readonly agent: AgentOptions;
  close(): Promise<void>;
}

/** `written`: the highest number that a source was given so far. */
export async function setStage(
  folder: string,
  written: (source: SourceName) => number,
  isBuilt: boolean,
): Promise<Stage> {
  const handler = await startHandlerProcess(join(folder, 'handler'), ['--log-level', 'warn']);
  const arrivals = { one: new Arrivals(written), two: new Arrivals(written) };
  const services = {
    one: await startCaptureService(arrivals.one),
    two: await startCaptureService(arrivals.two),
  };
  const linesPath = join(folder, 'lines.log');
  const eventsPath = join(folder, 'events.evtx');
  await furnish(handler, services, linesPath);
  return {
    handler,
    services,
    arrivals,
    linesPath,
    eventsPath,
    agent: {
      stateDir: join(folder, 'agent'),
      handlerUrl: handler.url,
      machine: MACHINE,
      isBuilt,
      config: {
        sources: {
          syslog: { tcp: ['127.0.0.1:0'] },
          windowsEventLogs: { channels: { Application: eventsPath } },
        },
        heartbeat: { intervalSeconds: 3_600 },
        delivery: { flushIntervalSeconds: 1 },
      },
    },
    close: async () => {
      await handler.stop();
      await Promise.all([services.one.close(), services.two.close()]);
    },
  };
}

async function furnish(
  { admin }: HandlerProcess,
  services: Readonly<Record<DestinationName, CaptureService>>,
  linesPath: string,
): Promise<void> {
  for (const name of DESTINATIONS) {
    const { origin } = services[name];
    await admin.put(`${WORKSPACES}/${name}`, { properties: { ingestionEndpoint: origin } });
    await admin.put(`${INSIGHTS}/dataCollectionEndpoints/${name}`, {
      location: 'local',
      properties: { logsIngestion: { endpoint: origin } },
    });
    const ruleId = `${INSIGHTS}/dataCollectionRules/lines-to-${name}`;
    await admin.put(ruleId, JSON.stringify(linesRule(name, linesPath)));
    await admin.associate(MACHINE_ID, `lines-to-${name}`, ruleId);
  }
  const ruleId = `${INSIGHTS}/dataCollectionRules/to-both`;
  await admin.put(ruleId, JSON.stringify(TO_BOTH));
  await admin.associate(MACHINE_ID, 'to-both', ruleId);
}

const destinations = (names: readonly DestinationName[]): object => ({
  logAnalytics: names.map((name) => ({ name, workspaceResourceId: `${WORKSPACES}/${name}` })),
});

/** Data sources are called as their records are. */
const TO_BOTH = {
  location: 'local',
  properties: {
    dataSources: {
      syslog: [
        {
          name: 'messages',
          streams: ['Microsoft-Syslog'],
          facilityNames: ['daemon'],
          logLevels: ['Info'],
        },
      ],
      windowsEventLogs: [
        { name: 'events', streams: ['Microsoft-Event'], xPathQueries: ['Application!*'] },
      ],
    },
    destinations: destinations(DESTINATIONS),
    dataFlows: [{ streams: ['Microsoft-Syslog', 'Microsoft-Event'], destinations: DESTINATIONS }],
  },
};

function linesRule(name: DestinationName, linesPath: string): object {
  const streams = ['Custom-Lines'];
  const columns = [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'RawData', type: 'string' },
  ];
  return {
    location: 'local',
    properties: {
      dataCollectionEndpointId: `${INSIGHTS}/dataCollectionEndpoints/${name}`,
      streamDeclarations: { 'Custom-Lines': { columns } },
      dataSources: {
        logFiles: [{ name: 'lines', streams, filePatterns: [linesPath], format: 'text' }],
      },
      destinations: destinations([name]),
      dataFlows: [{ streams, destinations: [name], outputStream: 'Custom-Lines_CL' }],
    },
  };
}
