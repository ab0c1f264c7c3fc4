/** Every protocol this agent can deliver by. */
import type { PlannedDestination } from '@dcr-agent/schema';
import { AgentError } from '../errors.ts';
import { me } from './custom-metrics/me.ts';
import type { Destination, DestinationContext, DestinationKind } from './destination.ts';
import { gig } from './log-analytics/gig.ts';
import { ods } from './log-analytics/ods.ts';

export const DESTINATION_KINDS: readonly DestinationKind[] = [ods, gig, me];

/** Opens a destination by the kind that speaks its protocol. Throws `DESTINATION_UNUSABLE`. */
export function openDestination(
  planned: PlannedDestination,
  context: DestinationContext,
): Destination {
  const kind = DESTINATION_KINDS.find((candidate) => candidate.protocol === planned.protocol);
  if (kind === undefined) {
    throw new AgentError('DESTINATION_UNUSABLE', `protocol ${planned.protocol} is not spoken here`);
  }
  return kind.open(planned, context);
}
