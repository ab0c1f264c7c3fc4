/** What turns the names in a rule into addresses; the control plane's knowledge. */

/** What the rule itself does not say: where its destinations are. */
export interface Resolution {
  /** The rule's immutable id. */
  readonly configurationId: string;
  /** Changes whenever the answer would. */
  readonly eTag: string;
  /** A workspace by its ARM id; `undefined` when it is not known here. */
  workspace(resourceId: string): ResolvedWorkspace | undefined;
  /** Base URL of the Logs Ingestion endpoint of this rule; absent when there is none. */
  readonly ingestionEndpoint?: string;
  /** Name for the ingestion channel's id, 32 hex digits. */
  readonly ingestionEndpointId?: string;
  /** Base URL of the custom metrics of the machine's region; absent when there is none. */
  readonly metricsEndpoint?: string;
  /** Where a channel's token is issued; absent: the identity's own token serves. */
  tokenEndpointUri?(channelId: string): string;
}

export interface ResolvedWorkspace {
  /** Customer id, a GUID. */
  readonly workspaceId: string;
  /**
   * Base URL of the workspace's ODS endpoint. Absent: the workspace is reached through the
   * rule's Logs Ingestion endpoint only.
   */
  readonly endpoint?: string;
}
