/** What the resolving of a query against a template finds out, for reports about it. */
import type { PathCondition } from '@dcr-agent/schema/event-queries';
import type { ContentNode, Template } from '../binxml-template.ts';

/** Why stored values do not tell, so that the tree of an event is asked. */
export type TreeReason = 'position' | 'no template' | 'brackets of a leaf';

/** Told in the order of the template; nobody pays for it who does not ask. */
export interface ResolutionObserver {
  /** The path reaches a value that is written like this: a slot, a text, or several of them. */
  reads(path: PathCondition, content: readonly ContentNode[]): void;
  /** An element on the path is not there where this slot is NULL. */
  dependsOn(path: PathCondition, slot: number): void;
  asksTree(why: TreeReason): void;
  /** Who observes elements that have a template of their own; `slot` is where they stand. */
  inside(template: Template, slot: number | null): ResolutionObserver;
}
