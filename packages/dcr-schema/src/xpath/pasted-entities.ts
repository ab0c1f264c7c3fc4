/**
 * Queries as they are copied from the XML tab of Event Viewer, where `<` stands as `&lt;`. For
 * commands, whose user pasted the text; in a rule an entity is refused (`XPATH_XML_ENTITY`).
 */
import { type Finding, type QueryDiagnostic, toDiagnostic } from './query-diagnostic.ts';

export interface DecodedEntities {
  /** Positions of what is later found in it are positions in this text. */
  readonly text: string;
  /** A warning that tells how many were decoded; its position is in the text that was given. */
  readonly diagnostics: readonly QueryDiagnostic[];
}

/**
 * Decodes each entity of XML once (`&amp;lt;` becomes `&lt;`), in quoted values too, since Event
 * Viewer escapes the whole text. What is no entity of XML, or no character, stays as it is.
 */
export function decodePastedEntities(text: string): DecodedEntities {
  let count = 0;
  let first: { readonly entity: string; readonly offset: number } | null = null;
  const decoded = text.replace(REFERENCE, (entity: string, name: string, offset: number) => {
    const character = NAMED[name] ?? numbered(name);
    if (character === null) return entity;
    count += 1;
    first ??= { entity, offset };
    return character;
  });
  const diagnostics = first === null ? [] : [toDiagnostic(finding(first, count), text)];
  return { text: decoded, diagnostics };
}

const REFERENCE = /&(lt|gt|quot|apos|amp|#[0-9]{1,10}|#[xX][0-9a-fA-F]{1,10});/g;

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
};

/** The character a reference such as `#62` or `#x3e` names; `null` if there is none. */
function numbered(reference: string): string | null {
  const isHex = /^#x/i.test(reference);
  const codePoint = Number.parseInt(reference.slice(isHex ? 2 : 1), isHex ? 16 : 10);
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  if (codePoint === 0 || codePoint > 0x10ffff || isSurrogate) return null;
  return String.fromCodePoint(codePoint);
}

function finding(
  first: { readonly entity: string; readonly offset: number },
  count: number,
): Finding {
  const were = count === 1 ? '1 XML entity was' : `${count} XML entities were`;
  return {
    code: 'XPATH_ENTITIES_DECODED',
    offset: first.offset,
    token: first.entity,
    message: `${were} decoded, the first is ${first.entity}`,
    hint: 'in a rule, write the characters themselves',
  };
}
