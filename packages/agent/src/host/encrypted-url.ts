/**
 * Which URLs tokens and data may be sent to: `https:` ones, and `http:` ones on this machine,
 * where the local handlers listen.
 */
import { AgentError, type ErrorCode } from '../errors.ts';

export interface UrlCheck {
  /** Subject of the message, such as `the control endpoint`. */
  readonly what: string;
  readonly code: ErrorCode;
  /** Lets tokens travel over `http:` to other machines too. */
  readonly allowPlainHttp: boolean;
}

/** Throws an `AgentError` of the code; the message has no more of the URL than scheme and host. */
export function checkEncryptedUrl(text: string, { what, code, allowPlainHttp }: UrlCheck): URL {
  if (!URL.canParse(text)) throw new AgentError(code, `${what} is not a URL`);
  const url = new URL(text);
  const refuse = (why: string): AgentError =>
    new AgentError(code, `${what} ${url.protocol}//${url.host} ${why}`);
  if (url.username !== '' || url.password !== '') throw refuse('carries a user name');
  if (url.protocol === 'https:') return url;
  if (url.protocol !== 'http:') throw refuse('is not an https URL');
  if (!allowPlainHttp && !isLoopback(url.hostname)) {
    throw refuse('is not encrypted: http is for this machine only (see allowPlainHttp)');
  }
  return url;
}

/** `hostname` as `URL` normalises it. */
function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}
