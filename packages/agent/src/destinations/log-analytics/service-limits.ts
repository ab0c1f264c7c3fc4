/**
 * What the Logs Ingestion API takes in a minute, per rule.
 * Source: Azure Monitor service limits, "Logs Ingestion API", read 2026-11: 12,000 requests, and
 * 2 GB of "both compressed and uncompressed data"; the latter is more, so it is what counts.
 */
import type { DestinationContext, ServiceLimit } from '../destination.ts';

const REQUESTS_PER_MINUTE = 12_000;
/** Decimal gigabytes, the smaller ones: nobody says which are meant. */
const BYTES_PER_MINUTE = 2_000_000_000;

/** Ends of Azure's own hosts per cloud. Source: see `audience.ts`, and the endpoints of a DCE. */
const AZURE_HOSTS = [
  '.ingest.monitor.azure.com',
  '.ingest.monitor.azure.us',
  '.ingest.monitor.azure.cn',
  '.ingest.monitor.azure.eaglex.ic.gov',
  '.ingest.monitor.azure.microsoft.scloud',
];

/**
 * `address`: the endpoint with its rule, without stream and query. A service of somebody's own has
 * limits of its own, and tells them by 429.
 */
export function logsIngestionLimit(
  address: URL,
  serviceLimits: DestinationContext['serviceLimits'] = 'azure',
): ServiceLimit | undefined {
  const isAzure = AZURE_HOSTS.some((end) => address.hostname.endsWith(end));
  if (serviceLimits === 'never' || (serviceLimits === 'azure' && !isAzure)) return undefined;
  const [rule] = address.pathname.split('/streams/');
  return {
    key: `${address.host}${rule}`.toLowerCase(),
    requestsPerMinute: REQUESTS_PER_MINUTE,
    bytesPerMinute: BYTES_PER_MINUTE,
  };
}
