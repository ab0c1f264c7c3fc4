/** Each protocol, with what its requests must look like; the contract suite runs over all. */
import type { PlannedDestination } from '@dcr-agent/schema';
import { me } from '../../packages/agent/src/destinations/custom-metrics/me.ts';
import type {
  DestinationContext,
  DestinationKind,
} from '../../packages/agent/src/destinations/destination.ts';
import { gig } from '../../packages/agent/src/destinations/log-analytics/gig.ts';
import { ods } from '../../packages/agent/src/destinations/log-analytics/ods.ts';
import type { Host } from '../../packages/agent/src/host/host.ts';
import type { AccessTokens } from '../../packages/agent/src/identity/access-token.ts';

export const RESOURCE_ID =
  '/subscriptions/1/resourceGroups/größe/providers/Microsoft.Compute/virtualMachines/vm1';
export const AGENT_ID = '5b0f3a1e-6d0c-4a0e-8a53-2f6f0c9d1e77';
export const TOKEN_URI = 'https://handler.example/channels/c/issueIngestionToken?x=1';

export interface DestinationSubject {
  readonly kind: DestinationKind;
  /** Of the batches that are sent. */
  readonly stream: string;
  readonly solution?: string;
  endpoint(origin: string): string;
  /** Path and query expected for `stream`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Audience of the machine's own token. */
  readonly audience: string;
  /** Bytes of a body with two records, besides these. */
  readonly frameBytes: number;
  /** What the decoded body must be. */
  envelope(records: readonly unknown[]): unknown;
  /** First two bytes of a body: zlib or gzip. */
  isWrapped(body: Buffer): boolean;
}

const MONITOR_AUDIENCE = 'https://monitor.azure.com/';

const odsEnvelope = (records: readonly unknown[]): object => ({
  DataType: 'LINUX_SYSLOGS_BLOB',
  IPName: 'SecurityInsights',
  ManagementGroupId: '00000000-0000-0000-0000-000000000002',
  sourceHealthServiceId: AGENT_ID,
  type: 'JsonData',
  DataItems: records,
});

const odsSubject: DestinationSubject = {
  kind: ods,
  audience: MONITOR_AUDIENCE,
  frameBytes: JSON.stringify(odsEnvelope([])).length + ','.length,
  stream: 'LINUX_SYSLOGS_BLOB',
  solution: 'SecurityInsights',
  endpoint: (origin) => origin,
  url: '/OperationalData.svc/PostJsonDataItems?api-version=2016-04-01',
  headers: {
    'content-type': 'application/json',
    'content-encoding': 'deflate',
    'user-agent': 'dcr-agent/0.1.0 (linux; x64)',
    'x-ms-azureresourceid': RESOURCE_ID.replace('größe', 'gr%C3%B6%C3%9Fe'),
    'x-ms-azureregion': 'westeurope',
    'x-ms-omscloudid': '7783-7084-3265-9085-8269-3286-77',
    'x-ms-uuid': 'a1b2c3d4-0000-4000-8000-0123456789ab',
    'x-ms-date': '2025-03-01T10:11:12.000Z',
  },
  envelope: odsEnvelope,
  // RFC 1950 §2.2: method 8 in the low bits, and both bytes together a multiple of 31.
  isWrapped: (body) => (body[0]! & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0,
};

const gigSubject: DestinationSubject = {
  kind: gig,
  audience: MONITOR_AUDIENCE,
  frameBytes: '[,]'.length,
  stream: 'Custom-Äpp_CL',
  endpoint: (origin) =>
    `${origin}/dataCollectionRules/dcr-1/streams/<STREAM>?api-version=2021-11-01-preview`,
  url: '/dataCollectionRules/dcr-1/streams/Custom-%C3%84pp_CL?api-version=2021-11-01-preview',
  headers: {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'user-agent': 'dcr-agent/0.1.0 (linux; x64)',
  },
  envelope: (records) => records,
  isWrapped: (body) => body.readUInt16BE(0) === 0x1f8b,
};

const meSubject: DestinationSubject = {
  kind: me,
  audience: 'https://monitoring.azure.com/',
  frameBytes: '\n'.length,
  stream: 'INSIGHTS_METRICS_BLOB',
  endpoint: (origin) => `${origin}/metrics/`,
  url: `/metrics${RESOURCE_ID.replace('größe', 'gr%C3%B6%C3%9Fe')}/metrics`,
  headers: {
    'content-type': 'application/x-ndjson',
    'content-encoding': 'gzip',
    'user-agent': 'dcr-agent/0.1.0 (linux; x64)',
  },
  envelope: (records) => records,
  isWrapped: (body) => body.readUInt16BE(0) === 0x1f8b,
};

export const DESTINATION_SUBJECTS: readonly DestinationSubject[] = [
  odsSubject,
  gigSubject,
  meSubject,
];

export function plannedDestination(
  { kind, endpoint }: DestinationSubject,
  origin: string,
  id = 'dcr-1/channel-1',
): PlannedDestination {
  return {
    id,
    protocol: kind.protocol,
    endpoint: endpoint(origin),
    tokenEndpointUri: TOKEN_URI,
  };
}

export function destinationContext(host: Host, tokens: AccessTokens): DestinationContext {
  return {
    host,
    tokens,
    resourceId: RESOURCE_ID,
    region: 'westeurope',
    userAgent: 'dcr-agent/0.1.0 (linux; x64)',
    agentId: AGENT_ID,
    machine: {
      uuid: 'a1b2c3d4-0000-4000-8000-0123456789ab',
      cloudId: '7783-7084-3265-9085-8269-3286-77',
    },
  };
}
