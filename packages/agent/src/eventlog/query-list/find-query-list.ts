/**
 * Where in a document the queries stand. `QueryList` itself is what Event Viewer shows and wevtutil
 * reads; views that Event Viewer exports hold it deeper, subscriptions of Windows Event Forwarding
 * and triggers of tasks as text.
 */
import type { MappedText } from './mapped-text.ts';
import type { XmlElement } from './xml-document.ts';

export type FoundList =
  | { readonly kind: 'list'; readonly list: XmlElement }
  | { readonly kind: 'bare query'; readonly query: XmlElement }
  | { readonly kind: 'text'; readonly text: MappedText }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'several'; readonly second: XmlElement };

export function findQueryList(root: XmlElement): FoundList {
  const elements = flatten(root);
  const [list, second] = elements.filter(({ name }) => name === 'QueryList');
  if (second !== undefined) return { kind: 'several', second };
  if (list !== undefined) return { kind: 'list', list };
  const [holder, another] = elements.filter(holdsList);
  if (another !== undefined) return { kind: 'several', second: another };
  if (holder !== undefined) return { kind: 'text', text: holder.text };
  return root.name === 'Query' ? { kind: 'bare query', query: root } : { kind: 'nothing' };
}

function flatten(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(flatten)];
}

function holdsList({ text }: XmlElement): boolean {
  return /^[\s\ufeff]*(?:<\?xml[^>]*>\s*)?<(?:[\w.-]+:)?(?:QueryList|Query)[\s>/]/.test(text.text);
}
