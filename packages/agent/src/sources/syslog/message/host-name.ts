/** 1 for the characters of host names and addresses. */
const IS_HOST_CHARACTER = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:') {
  IS_HOST_CHARACTER[character.charCodeAt(0)] = 1;
}

/** As long as a domain name can be (RFC 1035 §2.3.4). */
const HOST_LENGTH_MAX = 255;

/** Log lines sent without header often have their level where a host would be. */
const LEVELS: ReadonlySet<string> = new Set(
  'TRACE DEBUG INFO NOTICE WARN WARNING ERR ERROR CRIT CRITICAL ALERT EMERG FATAL'.split(' '),
);

/** Whether a word can be a host name or an IP address, or the `-` that stands for none. */
export function isHostName(word: string): boolean {
  if (word.length === 0 || word.length > HOST_LENGTH_MAX) return false;
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (IS_HOST_CHARACTER[code] !== 1 && code < 128) return false;
  }
  return !LEVELS.has(word);
}
