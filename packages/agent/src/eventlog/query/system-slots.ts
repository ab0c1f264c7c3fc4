/** Where a template's events store what tells them apart. */
import type { ContentNode, ElementNode, Template } from '../binxml-template.ts';

export interface SystemSlots {
  /** Slots that are the whole content of the element; -1 where there is none such. */
  readonly eventId: number;
  readonly channel: number;
  readonly eventRecordId: number;
}

export function systemSlots({ roots }: Template): SystemSlots {
  const event = childOf(roots, 'Event');
  const system = event && childOf(event.children, 'System');
  const slot = (name: string): number =>
    (system && childOf(system.children, name))?.contentSlot ?? -1;
  return {
    eventId: slot('EventID'),
    channel: slot('Channel'),
    eventRecordId: slot('EventRecordID'),
  };
}

/** The slot of `EventData` or `UserData`, with whatever is in it; -1 where they stand in no slot. */
export function elementsSlot({ roots }: Template): number {
  const event = childOf(roots, 'Event');
  const node = event?.children.find(({ kind }) => kind === 'slot');
  return node?.kind === 'slot' ? node.slot : -1;
}

function childOf(nodes: readonly ContentNode[], name: string): ElementNode | undefined {
  return nodes.find((node): node is ElementNode => node.kind === 'element' && node.name === name);
}
