/**
 * The URLs an agent calls, in every form that is in use:
 * `/locations/{region}{machine}/agentConfigurations` and `{machine}/agentConfigurations`, each
 * also with `/{rule}/channels/{channel}/issueIngestionToken` behind it.
 */
export interface AgentCall {
  /** ARM id as in the URL. */
  readonly machineId: string;
  /** Only when the URL says so. */
  readonly region?: string;
  /** Present: a token for this channel is asked for, not the configurations. */
  readonly channel?: { readonly ruleId: string; readonly id: string };
}

/** Reads decoded path segments; `undefined` when no agent calls such a URL. */
export function toAgentCall(segments: readonly string[]): AgentCall | undefined {
  const isRegional = segments[0]?.toLowerCase() === 'locations';
  const region = isRegional ? segments[1] : undefined;
  const rest = isRegional ? segments.slice(2) : segments;
  const at = rest.findIndex((segment) => segment.toLowerCase() === 'agentconfigurations');
  if (at < 1) return undefined;
  const machineId = rest
    .slice(0, at)
    .map((segment) => `/${segment}`)
    .join('');
  const call = { machineId, ...(region !== undefined && { region }) };
  const [ruleId, channels, id, verb, ...more] = rest.slice(at + 1);
  if (ruleId === undefined) return call;
  const isTokenCall =
    channels?.toLowerCase() === 'channels' &&
    verb?.toLowerCase() === 'issueingestiontoken' &&
    more.length === 0;
  return isTokenCall && id !== undefined ? { ...call, channel: { ruleId, id } } : undefined;
}
