/**
 * Syslog messages that are security logs: which ones are, and what they fill of the table
 * CommonSecurityLog. Both sides use it: the agent, which sends columns to the Logs Ingestion API,
 * and whoever receives messages whole, as the workspace's own endpoint does.
 */
import { asaColumns } from './asa-columns.ts';
import { parseAsa } from './asa-message.ts';
import { cefColumns } from './cef-columns.ts';
import { type CefDefect, cefDefect, parseCef } from './cef-message.ts';
import { ASA_TAG, CEF_IN_TEXT, CEF_PLACE_MAX, CEF_TAG } from './inferred-facts.ts';
import type { SecurityLogColumns } from './security-log-columns.ts';

export type SecurityLogKind = 'cef' | 'asa';

/** A message as it travels to a workspace's own endpoint. */
export interface SecurityLogItem {
  readonly ident: string;
  /** `<ident>: <rest>`. */
  readonly message: string;
}

/** Characters, or bytes, of a text after which nothing decides on its kind any more. */
export const SECURITY_LOG_HEAD_MAX: number = CEF_PLACE_MAX + 64;

/**
 * What a message of this kind is sent as; `undefined` for one that is not of the kind. `ident` is
 * the tag or program of the syslog message, `text` what follows it. Whether a message is of the
 * kind, its head tells, in UTF-8 or as bytes.
 */
export function securityLogItem(
  kind: SecurityLogKind,
  ident: string,
  text: string,
): SecurityLogItem | undefined {
  if (kind === 'asa') return asaItem(ident, text);
  if (ident.includes(CEF_TAG))
    return { ident: CEF_TAG, message: `${CEF_TAG}: ${text.trimStart()}` };
  const mark = CEF_IN_TEXT.exec(text.slice(0, CEF_PLACE_MAX));
  if (mark === null) return undefined;
  return { ident: CEF_TAG, message: `${CEF_TAG}: ${text.slice(mark.index + mark[0].length)}` };
}

/** Begins as CEF, or does behind structured data. */
const CEF_BEGINNING = /^(?:\[[^\]]*\] ?)*CEF:/;

/** Whether what is no item, by its head, was meant as CEF: no version and bar follow `CEF:`. */
export function isMeantAsCef(text: string): boolean {
  return CEF_BEGINNING.test(text);
}

/**
 * What is not as the format has it: with a broken `header` nothing but `Message` is filled, and
 * text that is `unkeyed` is in AdditionalExtensions.
 */
export function defectOfCef({ message }: SecurityLogItem): CefDefect | undefined {
  return cefDefect(message);
}

function asaItem(ident: string, text: string): SecurityLogItem | undefined {
  if (ident.includes(ASA_TAG)) return { ident, message: `${ident}: ${text}` };
  if (!text.startsWith(ASA_TAG)) return undefined;
  const end = text.indexOf(':');
  const tag = end < 0 ? text : text.slice(0, end);
  return { ident: tag, message: text };
}

/**
 * The columns of an item's message, whichever kind it is of. One that is of none, or whose form
 * is broken, is all in `Message`. `nowMs` decides on the year of times that have none.
 */
export function securityLogColumns(message: string, nowMs: number): SecurityLogColumns {
  const cef = parseCef(message);
  if (cef !== undefined) return cefColumns(cef, nowMs);
  const asa = parseAsa(message);
  return asa === undefined ? { Message: message } : asaColumns(asa);
}
