/**
 * A message of a Cisco ASA: `%ASA-6-302013: text`, with a class between where the device is told
 * to name it (`%ASA-session-6-302013`).
 * Source: Cisco ASA Series Syslog Messages, "About ASA Syslog Messages".
 */

export interface AsaMessage {
  /** 0 to 7 as in syslog. */
  readonly level: string;
  /** Six digits. */
  readonly id: string;
  readonly text: string;
}

const FORM = /^%ASA-(?:[A-Za-z][\w-]*-)?([0-7])-(\d{6}):\s*([\s\S]*)$/;

export function parseAsa(message: string): AsaMessage | undefined {
  const match = FORM.exec(message);
  if (match === null) return undefined;
  return { level: match[1]!, id: match[2]!, text: match[3]! };
}
