/** What a running agent says about itself; the shape behind `dcr-agent status --json`. */
import type { Skipped } from '@dcr-agent/schema';
import type { BufferUsage, LedgerRow } from '../buffer/durable-buffer.ts';

export interface AgentStatus {
  readonly version: string;
  readonly processId: number;
  readonly startedAtMs: number;
  /** Absolute. */
  readonly stateDir: string;
  readonly machine: { readonly resourceId: string; readonly region: string };
  /** Where rules come from and how that goes; further members depend on the feed. */
  readonly rules: Readonly<Record<string, unknown>> & {
    /** Rules that were offered and are not used as they are now, by file or id. */
    readonly refused: readonly { readonly rule: string; readonly reason: string }[];
  };
  /** What rules ask for and this agent does not do. */
  readonly skipped: readonly Skipped[];
  /** Event queries that select nothing, because they cannot be understood. */
  readonly refusedQueries: readonly RefusedQuery[];
  readonly sources: readonly {
    readonly key: string;
    readonly state: string;
    readonly lastFailure?: { readonly atMs: number; readonly reason: string };
    readonly facts: Readonly<Record<string, unknown>>;
  }[];
  readonly lanes: readonly LaneFacts[];
  readonly ledger: readonly LedgerRow[];
  /** Every row of the ledger sums up. */
  readonly isBalanced: boolean;
  readonly buffer: BufferUsage & {
    /** Who says how large it may be: `configuration`, `rule <id>` or `default`. */
    readonly quotaFrom: string;
  };
}

export interface RefusedQuery {
  readonly flow: string;
  readonly query: string;
  readonly reason: string;
}

export interface LaneFacts {
  readonly destination: string;
  readonly address: string;
  readonly state: string;
  readonly inFlight: number;
  readonly lastSuccessAtMs: number | null;
  readonly lastFailure: { readonly atMs: number; readonly reason: string } | null;
  /** Why nothing is delivered at all now. `isHeld`: someone has to act. */
  readonly trouble: { readonly reason: string; readonly isHeld: boolean } | null;
  /** Flows that are refused while others may be delivered. */
  readonly troubledFlows: readonly {
    readonly flow: string;
    readonly reason: string;
    readonly isHeld: boolean;
  }[];
}
