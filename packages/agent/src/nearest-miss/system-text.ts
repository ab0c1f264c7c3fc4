/** What an event says of itself in `System`. */
import type { EventElement } from '@dcr-agent/schema/event-queries';

/** The text of a child of `System`, or of one of its attributes; empty where there is none. */
export function systemText(event: EventElement, name: string, attribute?: string): string {
  const system = event.children.find((child) => child.name === 'System');
  const element = system?.children.find((child) => child.name === name);
  const value =
    attribute === undefined
      ? element?.value
      : element?.attributes.find((each) => each.name === attribute)?.value;
  return value?.text.replace(/\0+$/, '') ?? '';
}
