/** One Windows event, in whatever form it was read. */
import type { EventElement } from '@dcr-agent/schema/event-queries';
import type { EventQueries } from './query/event-queries.ts';
import type { TemplateInstance } from './template-instance.ts';

export interface WindowsEventRecord {
  /** Its element tree with typed values; made at the first use where the form is another. */
  readonly event: EventElement;
  /** The stored form, where it is not text. */
  readonly instance?: TemplateInstance;
  /** Found behind damage: an event like any other, a little less certain to be in its place. */
  readonly isSalvaged: boolean;
  /** Which of the queries select the event, as `EventQueries` tells; often without its tree. */
  selectedBy(queries: EventQueries, nowMs: number): readonly number[];
  /** `System/EventRecordID`; none where the event has none. Often without the tree, too. */
  eventRecordId(): string | undefined;
  /** The event's XML, rendered on demand. */
  xml(): string;
}
