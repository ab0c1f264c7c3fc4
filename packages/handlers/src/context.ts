/** What every route works with; made once in `server.ts`. */
import type { FastifyBaseLogger } from 'fastify';
import type { RuleCache } from './control-plane/rule-cache.ts';
import type { Faults } from './faults.ts';
import type { IngestionTokens } from './identity/ingestion-tokens.ts';
import type { MachineTokens } from './identity/machine-tokens.ts';
import type { Store } from './store/store.ts';

export interface HandlersContext {
  readonly store: Store;
  readonly adminToken: string;
  readonly machineTokens: MachineTokens;
  readonly ingestionTokens: IngestionTokens;
  readonly rules: RuleCache;
  readonly faults: Faults;
  readonly log: FastifyBaseLogger;
  readonly region: string;
  readonly maxBodyBytes: number;
  readonly enforceTimeWindow: boolean;
  readonly allowRemoteIdentity: boolean;
  /** Epoch milliseconds. */
  now(): number;
  /** Base URL callers reach this server at, no slash at the end; known once it listens. */
  url(): string;
}
