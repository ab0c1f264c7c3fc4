/** Short ways to write events as element trees, with the types a stored event has. */
import type { EventElement, EventValue, EventValueType } from '@dcr-agent/schema';

export function value(type: EventValueType, text: string): EventValue {
  return { type, text };
}

export function text(content: string): EventValue {
  return value('string', content);
}

/** An element; `content` is the value of a leaf, or the children. */
export function element(
  name: string,
  attributes: Readonly<Record<string, EventValue>> = {},
  content: EventValue | readonly EventElement[] | null = null,
): EventElement {
  return {
    name,
    attributes: Object.entries(attributes).map(([key, attribute]) => ({
      name: key,
      value: attribute,
    })),
    children: Array.isArray(content) ? content : [],
    value: content !== null && !Array.isArray(content) ? (content as EventValue) : null,
  };
}

/** `<Data Name="name">`. */
export function data(name: string, content: EventValue | null): EventElement {
  return element('Data', { Name: text(name) }, content);
}

/** The event as a collector would forward it: every value a string. */
export function forwarded(event: EventElement): EventElement {
  return {
    name: event.name,
    attributes: event.attributes.map((a) => ({ name: a.name, value: text(a.value.text) })),
    children: event.children.map(forwarded),
    value: event.value === null ? null : text(event.value.text),
  };
}
