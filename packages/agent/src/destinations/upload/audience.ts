/**
 * The audience of the machine's own token, by the cloud an endpoint belongs to.
 * Source: Docker-Provider `main.ps1` and azure-linux-extensions, domains of AMCS per cloud.
 */

const CLOUDS: readonly (readonly [endpointSuffix: string, audience: string])[] = [
  ['.azure.us', 'https://monitor.azure.us/'],
  ['.azure.cn', 'https://monitor.azure.cn/'],
  ['.azure.eaglex.ic.gov', 'https://monitor.azure.eaglex.ic.gov/'],
  ['.azure.microsoft.scloud', 'https://monitor.azure.microsoft.scloud/'],
];

/** Custom metrics are a service of their own. Source: Azure Monitor, custom metrics REST API. */
export const METRICS_AUDIENCE = 'https://monitoring.azure.com/';

/** The public cloud's where the host belongs to no other: local handlers, private links. */
export function ingestionAudience(hostname: string): string {
  const cloud = CLOUDS.find(([suffix]) => hostname.endsWith(suffix));
  return cloud?.[1] ?? 'https://monitor.azure.com/';
}
