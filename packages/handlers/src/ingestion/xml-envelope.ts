/**
 * The XML form of an ODS post, which agents on Windows use for their sign of life:
 * `<DataItems DataType IPName><DataItem time sourceHealthServiceId><Property Name>text…`.
 */
import { DOMParser, type Element, ParseError } from '@xmldom/xmldom';
import * as xpath from 'xpath';
import { ArmError } from '../http/arm-error.ts';
import type { JsonObject } from '../http/json.ts';
import type { Envelope } from './envelope.ts';

/** Throws `InvalidRequestContent`. No document type is read, so nothing can expand or be fetched. */
export function parseXmlEnvelope(text: string): Envelope {
  const root = parse(text);
  const items = select('/DataItems/DataItem', root);
  const [first] = items;
  const sourceComputerId = first?.getAttribute('sourceHealthServiceId') ?? undefined;
  return {
    dataType: requireAttribute(root, 'DataType'),
    ipName: requireAttribute(root, 'IPName'),
    items: items.map(toItem),
    ...(sourceComputerId !== undefined && { sourceComputerId }),
  };
}

function parse(text: string): Element {
  if (/<!DOCTYPE/i.test(text)) throw refuse('document types are not accepted');
  let root: Element | null = null;
  try {
    const parser = new DOMParser({
      onError: (level, message) => {
        throw new ParseError(`${level}: ${message}`);
      },
    });
    root = parser.parseFromString(text, 'application/xml').documentElement;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'unreadable';
    throw refuse(reason);
  }
  if (root?.nodeName === 'DataItems') return root;
  throw refuse(`the root must be 'DataItems', not '${root?.nodeName ?? ''}'`);
}

/** The time of an item is an attribute here and a member in the JSON form. */
function toItem(element: Element): JsonObject {
  const item: [string, string][] = [];
  const time = element.getAttribute('time');
  if (time !== null) item.push(['Timestamp', time]);
  for (const property of select('Property', element)) {
    item.push([requireAttribute(property, 'Name'), property.textContent ?? '']);
  }
  return Object.fromEntries(item);
}

function select(path: string, from: Element): Element[] {
  return xpath.select(path, from as unknown as Node) as unknown as Element[];
}

function requireAttribute(element: Element, name: string): string {
  const value = element.getAttribute(name);
  if (value !== null && value !== '') return value;
  throw refuse(`a '${element.nodeName}' has no '${name}'`);
}

function refuse(reason: string): ArmError {
  return new ArmError(
    'InvalidRequestContent',
    `The body is not the XML of data items: ${reason}. Nothing was stored.`,
  );
}
