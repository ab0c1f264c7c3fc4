/**
 * The clouds Azure Monitor runs in, and what differs between them for an agent.
 * Source: Docker-Provider `main.ps1` and azure-linux-extensions, domains of AMCS per cloud.
 */

export interface Cloud {
  /** As instance metadata calls it in `azEnvironment`; compared ignoring case. */
  readonly name: string;
  /** Domain of the control plane and of the audience of its tokens. */
  readonly monitorDomain: string;
}

const PUBLIC: Cloud = { name: 'AzurePublicCloud', monitorDomain: 'monitor.azure.com' };

const CLOUDS: readonly Cloud[] = [
  PUBLIC,
  { name: 'AzureUSGovernmentCloud', monitorDomain: 'monitor.azure.us' },
  { name: 'AzureChinaCloud', monitorDomain: 'monitor.azure.cn' },
  { name: 'USNat', monitorDomain: 'monitor.azure.eaglex.ic.gov' },
  { name: 'USSec', monitorDomain: 'monitor.azure.microsoft.scloud' },
];

/** The public cloud for a name nobody knows: local handlers and private clouds. */
export function cloudOfEnvironment(azEnvironment: string | undefined): Cloud {
  const name = azEnvironment?.toLowerCase();
  return CLOUDS.find((cloud) => cloud.name.toLowerCase() === name) ?? PUBLIC;
}

/** The cloud whose control plane a URL belongs to; the public cloud for any other host. */
export function cloudOfEndpoint(endpoint: string): Cloud {
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : '';
  return CLOUDS.find((cloud) => host.endsWith(`.${cloud.monitorDomain}`)) ?? PUBLIC;
}

/** Where a machine asks first for its rules. */
export function controlEndpointOf(cloud: Cloud): string {
  return `https://global.handler.control.${cloud.monitorDomain}`;
}

/** Audience of the machine's token for the control plane; the slash belongs to it. */
export function controlAudienceOf(cloud: Cloud): string {
  return `https://${cloud.monitorDomain}/`;
}
