/**
 * Names and namespace declarations as they are written, so that every reader takes them. Windows
 * declares what it uses; a damaged record may not. Then a declaration that is none is left out,
 * and a prefix that nothing declares, too: queries and rows go by local names anyway.
 * Source: Namespaces in XML 1.0 (third edition) §2.2, §3, §5, §6.3.
 */
import { localName } from './xml-name.ts';

const RESERVED: readonly string[] = [
  'http://www.w3.org/XML/1998/namespace',
  'http://www.w3.org/2000/xmlns/',
];

export interface WrittenAttribute {
  readonly qualifiedName: string;
  /** `null` where values are a part of it. */
  readonly literal: string | null;
}

export function isDeclaration(qualifiedName: string): boolean {
  return qualifiedName === 'xmlns' || qualifiedName.startsWith('xmlns:');
}

/** Whether a declaration may be written. One made of values is not: they may be anything. */
export function isValidDeclaration({ qualifiedName, literal }: WrittenAttribute): boolean {
  if (literal === null || RESERVED.includes(literal)) return false;
  if (qualifiedName === 'xmlns') return true;
  return literal !== '' && qualifiedName !== 'xmlns:xml' && qualifiedName !== 'xmlns:xmlns';
}

/** The name with its prefix if one of the attributes in scope declares that, else without. */
export function boundName(
  qualifiedName: string,
  inScope: () => Iterable<WrittenAttribute>,
): string {
  const colon = qualifiedName.indexOf(':');
  if (colon < 0) return qualifiedName;
  const prefix = qualifiedName.slice(0, colon);
  if (prefix === 'xml') return qualifiedName;
  for (const attribute of inScope()) {
    const isIt = attribute.qualifiedName === `xmlns:${prefix}`;
    if (isIt && isValidDeclaration(attribute)) return qualifiedName;
  }
  return localName(qualifiedName);
}
