/** Texts of a form that JSON Schema has no word for. */
import { isBypassEntry } from '../host/proxy/bypass.ts';

export const FORMATS: Readonly<Record<string, RegExp | ((text: string) => boolean)>> = {
  guid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
  address: isAddress,
  bypass: isBypassEntry,
  endpoint: isEndpoint,
};

/** `127.0.0.1:514`, `[::1]:514`, `localhost:0`. Without a host it would listen everywhere. */
function isAddress(text: string): boolean {
  const match = /^(\[[\da-f:.]+\]|[^\s:[\]]+):(\d{1,5})$/i.exec(text);
  return match !== null && Number(match[2]) <= 65_535;
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  const isBare = [username, password, search, hash].every((part) => part === '');
  return (protocol === 'https:' || protocol === 'http:') && isBare;
}
