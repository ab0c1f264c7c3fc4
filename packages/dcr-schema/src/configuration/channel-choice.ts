/**
 * Which channel a data flow takes. The service does not publish the rule; this one is inferred
 * from recorded configurations: what needs the ingestion pipeline (a custom stream, a
 * transformation, an output stream of its own) goes to the rule's Logs Ingestion endpoint,
 * everything else straight to each workspace.
 */
import type { DataFlow } from '../rule/rule.ts';
import { findStream } from '../stream/known-streams.ts';

export function channelProtocol(stream: string, flow: DataFlow): 'ods' | 'gig' {
  const hasTransform =
    (flow.transformKql !== undefined && flow.transformKql.trim() !== 'source') ||
    flow.transform !== undefined ||
    flow.builtInTransform !== undefined;
  const known = findStream(stream);
  if (known === undefined || hasTransform || flow.outputStream !== undefined) return 'gig';
  return 'ods';
}
