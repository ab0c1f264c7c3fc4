/** Where this server's endpoints are: the one place that knows the URL layout for agents. */

/** Base URL of a workspace's ODS endpoint; the service has a host per workspace instead. */
export function odsEndpoint(serverUrl: string, workspaceId: string): string {
  return `${serverUrl}/ods/${workspaceId}`;
}

/** Base URL of custom metrics; the service has a host per region instead. */
export function metricsEndpoint(serverUrl: string): string {
  return `${serverUrl}/metrics`;
}

/** Version in token URLs, as the reference agent receives it. */
const TOKEN_API_VERSION = '2022-06-02';

export interface TokenAddress {
  readonly machineId: string;
  readonly ruleId: string;
  readonly channelId: string;
  readonly region: string;
  readonly platform: string;
}

export function tokenEndpointUri(serverUrl: string, address: TokenAddress): string {
  const { machineId, ruleId, channelId, region, platform } = address;
  const query = new URLSearchParams({
    operatingLocation: region,
    platform,
    includeMeConfig: 'true',
    'api-version': TOKEN_API_VERSION,
  });
  const path = encodeURI(
    `${machineId}/agentConfigurations/${ruleId}/channels/${channelId}/issueIngestionToken`,
  );
  return `${serverUrl}${path}?${query}`;
}
