/**
 * Protocol `ods`: the workspace's own ingestion endpoint, in the form the Azure Monitor Agent
 * for Linux uses. One request carries one pair of data type and solution.
 *
 * Sources: traffic of the agent as published, the legacy agent's `out_oms` (headers, zlib
 * wrapped deflate) and a third-party collector's envelope.
 */
import type { SealedBatch } from '../../buffer/durable-buffer.ts';
import type { Join } from '../../fragment/join-fragments.ts';
import type { DestinationContext, DestinationKind } from '../destination.ts';
import { ingestionAudience } from '../upload/audience.ts';
import { addressOf, checkEndpoint } from '../upload/endpoint.ts';
import { headerText } from '../upload/header-text.ts';
import { createUploader } from '../upload/upload.ts';

const PATH = '/OperationalData.svc/PostJsonDataItems';
const API_VERSION = '2016-04-01';

/** The agent for Linux always sends this one; it names no group of this machine. */
const MANAGEMENT_GROUP_ID = '00000000-0000-0000-0000-000000000002';
/** Solution of the platform's own tables. */
const DEFAULT_SOLUTION = 'LogManagement';

export const ods: DestinationKind = {
  protocol: 'ods',
  open(planned, context) {
    const base = checkEndpoint(planned.endpoint, context.allowPlainHttp === true);
    const url = new URL(base.pathname.replace(/\/+$/, '') + PATH, base.origin);
    url.searchParams.set('api-version', API_VERSION);
    return createUploader({
      planned,
      context,
      address: addressOf(url),
      // None is published for this service.
      limit: undefined,
      audience: ingestionAudience,
      describe: (batch) => ({
        url,
        headers: headers(batch, context),
        body: body(batch, context.agentId),
      }),
    });
  },
};

function headers(batch: SealedBatch, context: DestinationContext): Record<string, string> {
  const { machine = {} } = context;
  return {
    'Content-Type': 'application/json',
    // The service means RFC 1950, zlib, by this word, as HTTP does.
    'Content-Encoding': 'deflate',
    'User-Agent': context.userAgent,
    'x-ms-AzureResourceId': headerText(context.resourceId),
    'x-ms-AzureRegion': headerText(context.region),
    ...(machine.cloudId !== undefined && { 'x-ms-OMSCloudId': machine.cloudId }),
    ...(machine.uuid !== undefined && { 'x-ms-UUID': machine.uuid }),
    'x-ms-Date': new Date(context.host.clock.now()).toISOString(),
    'x-ms-client-request-id': batch.id,
  };
}

function body({ outlet, fragments }: SealedBatch, agentId: string): Join {
  const members = JSON.stringify({
    DataType: outlet.stream,
    IPName: outlet.solution ?? DEFAULT_SOLUTION,
    ManagementGroupId: MANAGEMENT_GROUP_ID,
    sourceHealthServiceId: agentId,
    type: 'JsonData',
  });
  const text = new TextEncoder();
  return {
    prefix: text.encode(`${members.slice(0, -1)},"DataItems":[`),
    suffix: text.encode(']}'),
    fragments,
    wrapper: 'zlib',
  };
}
