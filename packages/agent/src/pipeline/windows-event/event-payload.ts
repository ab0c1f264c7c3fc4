/**
 * What an event says beside its `System` fields, as items with a name. `EventData` holds them
 * directly; `UserData` holds one element of the provider's own that holds them. Published
 * queries read both alike: `EventData.SubjectUserName` of a cleared log (1102) is user data.
 */
import type { EventElement } from '@dcr-agent/schema';

const NO_ITEMS: readonly EventElement[] = [];

export function payloadItems(data: EventElement | undefined): readonly EventElement[] {
  return data === undefined ? NO_ITEMS : itemHolder(data).children;
}

/** The element whose children are the items. */
export function itemHolder(data: EventElement): EventElement {
  const [only, ...more] = data.children;
  const isWrapped = data.name === 'UserData' && more.length === 0;
  return isWrapped && only !== undefined && only.children.length > 0 ? only : data;
}

/** The `Name` of `Data`; of any other element, and of `Data` without one, its own. */
export function itemName(item: EventElement): string {
  for (const { name, value } of item.attributes) {
    if (isItemName(item, name)) return value.text;
  }
  return item.name;
}

/** Is this attribute what the item is called, rather than one of its values? */
export function isItemName(item: EventElement, attributeName: string): boolean {
  return attributeName === 'Name' && (item.name === 'Data' || item.name === 'ComplexData');
}
