/** How a lane is shown. */
import type { LaneFlow } from './lane-flows.ts';
import type { Failure, RequestCounts } from './lane-health.ts';

export interface LaneStatus {
  /** Id of the destination. */
  readonly destination: string;
  readonly address: string;
  /** `waiting` ends by itself; `held`: someone has to act, the lane asks now and then. */
  readonly state: 'idle' | 'delivering' | 'waiting' | 'held';
  readonly inFlight: number;
  readonly lastSuccessAtMs: number | null;
  readonly lastFailure: Failure | null;
  /** Why nothing is delivered at all now, in any flow. */
  readonly trouble: LaneTrouble | null;
  readonly nextAttemptAtMs: number | null;
  /** Of the destination, or of the flow that fares worst. */
  readonly consecutiveFailures: number;
  /** Flows that are refused while others may be delivered. */
  readonly troubledFlows: readonly TroubledFlow[];
  readonly requests: RequestCounts;
}

export interface LaneTrouble {
  readonly reason: string;
  /** Someone has to act. */
  readonly isHeld: boolean;
}

interface TroubledFlow extends LaneTrouble {
  readonly flow: string;
  readonly nextAttemptAtMs: number | null;
}

export function troubledFlows(flows: readonly LaneFlow[]): TroubledFlow[] {
  return flows.flatMap(({ id, trouble }) =>
    trouble.reason === undefined
      ? []
      : [
          {
            flow: id,
            reason: trouble.reason,
            isHeld: trouble.isHeld,
            nextAttemptAtMs: trouble.pause.endsAtMs,
          },
        ],
  );
}
