/** Handlers with one machine, one rule and its workspaces, and what a test sends to them. */
import type { TestContext } from 'node:test';
import {
  type AdminClient,
  createAdminClient,
  type HandlersOptions,
  type RunningHandlers,
  startHandlers,
} from '@dcr-agent/handlers';

const GROUP = '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/lab';
export const MACHINE = `${GROUP}/providers/Microsoft.HybridCompute/machines/web1`;
export const OTHER_MACHINE = `${GROUP}/providers/Microsoft.HybridCompute/machines/web2`;
export const WORKSPACE = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/main`;
export const SECOND_WORKSPACE = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/soc`;
export const RULE = `${GROUP}/providers/Microsoft.Insights/dataCollectionRules/web`;
export const ENDPOINT = `${GROUP}/providers/Microsoft.Insights/dataCollectionEndpoints/dce1`;

/** Syslog to one workspace over ODS; App_CL to both, a part of it also to the Syslog table. */
export const ruleBody = {
  location: 'local',
  properties: {
    streamDeclarations: {
      'Custom-App_CL': {
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'RawData', type: 'string' },
          { name: 'Count', type: 'int' },
        ],
      },
      'Custom-Forwarded': {
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'SyslogMessage', type: 'string' },
          { name: 'Nowhere', type: 'string' },
        ],
      },
    },
    dataSources: {
      syslog: [
        {
          name: 'syslog',
          streams: ['Microsoft-Syslog'],
          facilityNames: ['auth', 'daemon'],
          logLevels: ['Warning', 'Error'],
        },
      ],
      logFiles: [
        {
          name: 'app',
          streams: ['Custom-App_CL'],
          filePatterns: ['/var/log/app/*.log'],
          format: 'text',
        },
        {
          name: 'forwarded',
          streams: ['Custom-Forwarded'],
          filePatterns: ['/var/log/forwarded/*.log'],
          format: 'text',
        },
      ],
    },
    destinations: {
      logAnalytics: [
        { name: 'main', workspaceResourceId: WORKSPACE },
        { name: 'soc', workspaceResourceId: SECOND_WORKSPACE },
      ],
    },
    dataFlows: [
      { streams: ['Microsoft-Syslog'], destinations: ['main'] },
      { streams: ['Custom-App_CL'], destinations: ['main', 'soc'] },
      {
        streams: ['Custom-Forwarded'],
        destinations: ['soc'],
        outputStream: 'Microsoft-Syslog',
      },
    ],
  },
};

export interface Channel {
  readonly id: string;
  readonly protocol: string;
  readonly endpoint?: string;
  readonly endpointUriTemplate?: string;
  readonly tokenEndpointUri: string;
}

export interface Lab {
  readonly url: string;
  readonly admin: AdminClient;
  readonly adminToken: string;
  /** Customer ids. */
  readonly workspaceId: string;
  readonly secondWorkspaceId: string;
  /** Immutable id of the rule. */
  readonly ruleId: string;
  /** The clock of the server, epoch milliseconds. */
  readonly clock: { now: number };
  readonly handlers: RunningHandlers;
}

/** A fixed instant, so that what the server writes can be told in advance. */
export const NOW = Date.parse('2025-03-01T12:00:00.000Z');

export async function startEmptyLab(t: TestContext, options: HandlersOptions = {}) {
  const clock = { now: NOW };
  const handlers = await startHandlers({ port: 0, now: () => clock.now, ...options });
  t.after(() => handlers.close());
  const { url, adminToken } = handlers;
  return { url, adminToken, handlers, clock, admin: createAdminClient({ url, token: adminToken }) };
}

export async function startLab(t: TestContext, options: HandlersOptions = {}): Promise<Lab> {
  const lab = await startEmptyLab(t, options);
  const customerId = async (id: string) =>
    (await lab.admin.put(id, { properties: {} })) as { properties: { customerId: string } };
  const first = await customerId(WORKSPACE);
  const second = await customerId(SECOND_WORKSPACE);
  const rule = (await lab.admin.put(RULE, ruleBody)) as { properties: { immutableId: string } };
  await lab.admin.associate(MACHINE, 'web', RULE);
  return {
    ...lab,
    workspaceId: first.properties.customerId,
    secondWorkspaceId: second.properties.customerId,
    ruleId: rule.properties.immutableId,
  };
}

/** Bearer header of the machine's token, from the identity endpoint. */
export async function machineToken(
  url: string,
  options: { machine?: string; resource?: string; selector?: string } = {},
): Promise<string> {
  const prefix = options.machine === undefined ? '' : `/machines/${options.machine}`;
  const resource = encodeURIComponent(options.resource ?? 'https://monitor.azure.com/');
  const response = await fetch(
    `${url}${prefix}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${resource}${options.selector ?? ''}`,
    { headers: { metadata: 'true' } },
  );
  const body = (await response.json()) as { access_token?: string };
  if (body.access_token === undefined) throw new Error(JSON.stringify(body));
  return `Bearer ${body.access_token}`;
}

export async function channelOf(lab: Lab, protocol: string): Promise<Channel> {
  const response = await fetch(
    `${lab.url}${MACHINE}/agentConfigurations?platform=linux&api-version=2022-06-02`,
    { headers: { authorization: await machineToken(lab.url) } },
  );
  const body = (await response.json()) as {
    configurations: { content: { channels: Channel[] } }[];
  };
  const channels = body.configurations.flatMap(({ content }) => content.channels);
  const channel = channels.find((candidate) => candidate.protocol === protocol);
  if (channel === undefined) throw new Error(`no ${protocol} channel in ${JSON.stringify(body)}`);
  return channel;
}

/** Bearer header of a channel's ingestion token. */
export async function channelToken(lab: Lab, channel: Channel): Promise<string> {
  const response = await fetch(channel.tokenEndpointUri, {
    headers: { authorization: await machineToken(lab.url) },
  });
  const body = (await response.json()) as { ingestionAuthToken: string };
  return `Bearer ${body.ingestionAuthToken}`;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Code and message of an ARM error. */
  readonly error: { code: string; message: string; details?: { code: string; target?: string }[] };
}

export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  let error = { code: '', message: '' };
  if (text.startsWith('{')) error = (JSON.parse(text) as { error?: typeof error }).error ?? error;
  return { status: response.status, headers: response.headers, text, error };
}

/** Claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return decodeSegment(token, 1);
}

export function headerOf(token: string): Record<string, unknown> {
  return decodeSegment(token, 0);
}

function decodeSegment(token: string, index: number): Record<string, unknown> {
  const segment = token.replace(/^Bearer /, '').split('.')[index] ?? '';
  return JSON.parse(Buffer.from(segment, 'base64url').toString());
}
