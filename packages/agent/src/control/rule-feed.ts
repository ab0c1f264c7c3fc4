/** Where the agent's rules come from: yields sets of configurations and keeps the last good one. */
import type { AgentConfiguration } from '@dcr-agent/schema';

/**
 * Takes a whole set; what is not in it any more is to be removed. Resolves when it is in force.
 * Rejects with an `AgentError` when it cannot be: the feed keeps the former set and tries the
 * new one again later.
 */
export type ApplyConfigurations = (configurations: readonly AgentConfiguration[]) => Promise<void>;

export interface RuleFeed {
  /**
   * Hands over every set that differs from the one in force, one at a time, until the signal
   * aborts; then resolves. A feed that cannot be read is reported and tried again, never thrown.
   */
  run(apply: ApplyConfigurations, signal: AbortSignal): Promise<void>;
  /** Looks for rules now instead of at the next turn. Cheap, may be called at any time. */
  poke(): void;
  status(): RuleFeedStatus;
}

export type RuleFeedStatus = FeedProgress & (HandlerFeedStatus | FolderFeedStatus);

export interface RefusedRule {
  /** Path of a file, or id of a configuration. */
  readonly rule: string;
  readonly reason: string;
}

interface FeedProgress {
  readonly lastSuccessAtMs: number | null;
  /** What is wrong now, and since when; `null` when all is well again. */
  readonly lastFailure: { readonly atMs: number; readonly reason: string } | null;
  readonly nextAtMs: number | null;
  /** What was offered and is not used as it is now. */
  readonly refused: readonly RefusedRule[];
  /** What is in force. */
  readonly configurations: readonly { readonly id: string; readonly eTag: string }[];
}

interface HandlerFeedStatus {
  readonly kind: 'handler';
  /** As configured. */
  readonly endpoint: string;
  /** The one asked next; another than configured when the machine was sent there. */
  readonly activeEndpoint: string;
}

interface FolderFeedStatus {
  readonly kind: 'folder';
  readonly folder: string;
}
