import type { FastifyBaseLogger } from 'fastify';

/** Everything the handlers can be told; all of it optional. */
export interface HandlersOptions {
  /** Where store and keys are kept. Absent: in memory, gone with the process. */
  readonly dataDirectory?: string;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Base URL agents are told, when it is not the address listened on. */
  readonly publicUrl?: string;
  /** Location of resources that do not say theirs. */
  readonly region?: string;
  /** Listen on an address others can reach. */
  readonly allowRemote?: boolean;
  /** Give machine tokens to callers from other machines, who are not authenticated. */
  readonly allowRemoteIdentity?: boolean;
  readonly tokenLifetimeSeconds?: number;
  readonly ingestionTokenLifetimeSeconds?: number;
  /** Of an ODS body, packed and unpacked. */
  readonly maxBodyBytes?: number;
  /** As the service: times too old or ahead, on the Logs Ingestion path, become that of arrival. */
  readonly enforceTimeWindow?: boolean;
  /** Key of ingestion tokens, shared with servers that take each other's. */
  readonly ingestionKeyFile?: string;
  /** Absent: nothing is logged. */
  readonly log?: FastifyBaseLogger;
  /** Epoch milliseconds; tests pass their own. */
  readonly now?: () => number;
  /** Numbers from 0 up to 1, for faults that hit by chance. */
  readonly random?: () => number;
}

export const DEFAULTS = {
  host: '127.0.0.1',
  port: 7700,
  region: 'local',
  /** As long as the service's. */
  tokenLifetimeSeconds: 86_400,
  ingestionTokenLifetimeSeconds: 86_400,
  maxBodyBytes: 33_554_432,
} as const;
