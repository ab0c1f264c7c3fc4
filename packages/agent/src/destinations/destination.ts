/**
 * A destination takes one sealed batch and says what became of it. It does not retry, wait or
 * keep anything: the lane does.
 */
import type { PlannedDestination, Protocol } from '@dcr-agent/schema';
import type { SealedBatch } from '../buffer/durable-buffer.ts';
import type { Host } from '../host/host.ts';
import type { AccessTokens } from '../identity/access-token.ts';

/** What the service answered, as data for the lane to act on. */
export type DeliveryOutcome = OutcomeFacts &
  /** Accepted; the batch may be forgotten. */
  (
    | { readonly kind: 'delivered' }
    /** Not now. */
    | {
        readonly kind: 'retry';
        readonly reason: string;
        /** What the service asked for; absent: the lane's own back-off. */
        readonly afterMs?: number;
        /** Nothing will change until someone acts, so there is no hurry to ask again. */
        readonly isHeld?: true;
        /** Batches of other flows may fare better; absent: none will. */
        readonly concerns?: 'flow';
      }
    /** Not this stream, or not now; batches of other streams may be taken. */
    | { readonly kind: 'aside'; readonly reason: string }
    /** Too large, or one record spoils it: the halves may fare better. */
    | { readonly kind: 'split'; readonly reason: string }
    /**
     * Never, whatever is tried. The reason goes into the ledger: a few stable words that do not
     * differ from batch to batch.
     */
    | { readonly kind: 'rejected'; readonly reason: string }
    /** Of a time the service does not take; the records are dropped. `reason` as above. */
    | { readonly kind: 'expired'; readonly reason: string }
    /** The token was not accepted; the destination has already tried a fresh one. */
    | { readonly kind: 'unauthorized'; readonly reason: string }
  );

interface OutcomeFacts {
  /** Status of the last answer; absent when there was none. */
  readonly status?: number;
  /** The service's own words, cut short and without secrets; may differ from batch to batch. */
  readonly detail?: string;
}

/** What a service takes. */
export interface ServiceLimit {
  /** Whatever has the same key shares it. */
  readonly key: string;
  readonly requestsPerMinute: number;
  /** Of bodies, before compression. */
  readonly bytesPerMinute: number;
}

export interface Destination {
  readonly id: string;
  /** Host and path without secrets, for logs and status. */
  readonly address: string;
  /** Absent: none is known. */
  readonly limit?: ServiceLimit;
  /** Never rejects for what a service or network does; that is an outcome. */
  deliver(batch: SealedBatch, signal: AbortSignal): Promise<DeliveryOutcome>;
}

/** How a protocol is spoken; one constant per protocol, listed in `kinds.ts`. */
export interface DestinationKind {
  readonly protocol: Protocol;
  /** No I/O. Throws `DESTINATION_UNUSABLE` for an endpoint that must not be sent to. */
  open(planned: PlannedDestination, context: DestinationContext): Destination;
}

export interface DestinationContext {
  readonly host: Host;
  readonly tokens: AccessTokens;
  /** ARM id of this machine, sent with every request. */
  readonly resourceId: string;
  readonly region: string;
  /** `dcr-agent/<version> (linux; x64)` */
  readonly userAgent: string;
  /** Stable GUID of this installation. */
  readonly agentId: string;
  /** GUID of the machine, and the number that every virtual machine of Azure has. */
  readonly machine?: { readonly uuid?: string; readonly cloudId?: string };
  /** Lets tokens travel over `http:` to other machines too; by default to loopback only. */
  readonly allowPlainHttp?: boolean;
  /** Where published limits are kept; by default at the service they were published for. */
  readonly serviceLimits?: 'azure' | 'always' | 'never';
}
