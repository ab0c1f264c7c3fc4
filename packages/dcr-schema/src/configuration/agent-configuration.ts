/**
 * What the control plane answers to `GET …/agentConfigurations`, member for member. Names and
 * shapes are the service's own. Unknown members are ignored, unknown kinds are kept and skipped
 * later: a newer control plane must not stop an older agent.
 */
import type { Json } from '../rule/rule.ts';

export interface AgentConfigurations {
  readonly configurations: readonly AgentConfiguration[];
}

export interface AgentConfiguration {
  /** The rule's immutable id. */
  readonly configurationId: string;
  /** Opaque; compared as a whole. */
  readonly eTag: string;
  readonly op: string;
  readonly content: ConfigurationContent | AgentSettingsContent;
}

export interface ConfigurationContent {
  readonly kind?: undefined;
  readonly dataSources: readonly WireDataSource[];
  readonly channels: readonly WireChannel[];
  readonly extensionConfigurations?: { readonly [extension: string]: Json };
}

export interface AgentSettingsContent {
  readonly kind: 'AgentSettings';
  readonly settings: readonly { readonly name: string; readonly value: string }[];
}

export interface WireDataSource {
  /** Name of the data source in the rule; several entries may carry the same one. */
  readonly id: string;
  readonly kind: string;
  readonly configuration: { readonly [name: string]: Json };
  readonly streams: readonly WireStream[];
  /** Ids of channels. */
  readonly sendToChannels: readonly string[];
}

export interface WireStream {
  /** The agent-facing name: a blob type such as `LINUX_SYSLOGS_BLOB`, or `Custom-…`. */
  readonly stream: string;
  /** Becomes `IPName` on an `ods` channel. */
  readonly solution?: string;
}

export interface WireChannel {
  readonly id: string;
  /** `ods`, `gig`, `me`, or something newer. */
  readonly protocol: string;
  /** `ods`: base URL of the workspace's ingestion endpoint; `me`: of the region's metrics. */
  readonly endpoint?: string;
  /** `gig`: URL with the literal placeholder `<STREAM>`. */
  readonly endpointUriTemplate?: string;
  /** Where the channel's ingestion token is issued; absent where the identity's own token serves. */
  readonly tokenEndpointUri?: string;
}
