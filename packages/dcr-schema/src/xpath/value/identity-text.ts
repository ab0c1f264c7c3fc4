/** GUIDs and SIDs, compared by what they identify and not by how they are spelled. */

const GUID = /^\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}$/i;
const SID = /^S-1-(?:0x[0-9a-f]{1,12}|\d{1,15})(?:-\d{1,10}){0,15}$/i;

/** One spelling for each GUID (`{8-4-4-4-12}`) and SID (`S-1-…`); `null` for any other text. */
export function readIdentity(text: string): string | null {
  if (text.length < 5) return null;
  if (text.charCodeAt(0) === 0x7b) return GUID.test(text) ? text.toLowerCase() : null;
  if (!SID.test(text)) return null;
  return text
    .split('-')
    .map((part, index) => (index === 0 ? 'S' : Number(part)))
    .join('-');
}
