/** An event as the XML that Event Viewer shows, on one line. */
import type { EventElement } from '../../xpath/event.ts';

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';

export function writeEvent(event: EventElement): string {
  return writeElement(event, ` xmlns="${NAMESPACE}"`);
}

/** Recurses once for each level of the event, which is as deep as a query goes at most. */
function writeElement({ name, attributes, children, value }: EventElement, more = ''): string {
  const written = attributes.map((each) => ` ${each.name}="${escaped(each.value.text)}"`).join('');
  const content =
    escaped(value?.text ?? '') + children.map((child) => writeElement(child)).join('');
  const start = `<${name}${more}${written}`;
  return content === '' ? `${start}/>` : `${start}>${content}</${name}>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"\t\r\n]/g, (unit) => `&#${unit.charCodeAt(0)};`);
}
