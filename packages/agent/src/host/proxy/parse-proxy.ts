/**
 * Reads `[http[s]://][user[:password]@]host[:port]`.
 *
 * It is not parsed as a URL: passwords are written as they are, and `@`, `/` or `#` in one would
 * end the host there. The last `@` ends the user's part, the first `:` in it ends the user's name,
 * and percent-encoding is undone exactly once. No message has a part of what was written, other
 * than the scheme: it might be the password.
 */
import { Secret } from '../secret.ts';
import type { ForwardProxy } from './forward-proxy.ts';

export type ProxyReading =
  /** `hints`: what was understood and should be written otherwise; one sentence each. */
  | { readonly proxy: ForwardProxy; readonly hints: readonly string[] }
  /** Ends the sentence "the proxy …". */
  | { readonly mistake: string };

interface Part<T> {
  readonly value: T;
  readonly hints: readonly string[];
}

/** Why the text is no proxy. */
class Mistake extends Error {}

const FORM = 'write http://[user:password@]host:port';
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };
/** With a meaning in URLs; a `%` has one only before two hexadecimal digits. */
const RESERVED = /[@:/?#[\]\s]|%(?![\da-f]{2})/gi;

export function parseProxy(text: string): ProxyReading {
  const [, written, rest = ''] = /^(?:([a-z][a-z\d+.-]*):\/\/)?(.*)$/is.exec(text.trim()) ?? [];
  const at = rest.lastIndexOf('@');
  try {
    const scheme = readScheme(written);
    const place = readPlace(rest.slice(at + 1), scheme.value);
    const user = at < 0 ? undefined : readUser(rest.slice(0, at));
    return {
      proxy: { address: `${scheme.value}://${place.value}`, ...user?.value },
      hints: [...scheme.hints, ...(user?.hints ?? []), ...place.hints],
    };
  } catch (error) {
    if (error instanceof Mistake) return { mistake: error.message };
    throw error;
  }
}

function readScheme(written: string | undefined): Part<string> {
  if (written === undefined) {
    const hint = 'the proxy is written without http:// or https://; http is used';
    return { value: 'http', hints: [hint] };
  }
  const scheme = written.toLowerCase();
  if (scheme.startsWith('socks')) {
    throw new Mistake(
      `speaks ${scheme.toUpperCase()}, which the agent does not; name its HTTP port: ${FORM}`,
    );
  }
  if (!Object.hasOwn(DEFAULT_PORTS, scheme)) {
    throw new Mistake(`is written with ${scheme}://, which is no kind of proxy; ${FORM}`);
  }
  return { value: scheme, hints: [] };
}

/** `host:port`, the host as `URL` normalises it. */
function readPlace(text: string, scheme: string): Part<string> {
  const match = /^(\[[\da-f:.]+\]|[^\s:/?#[\]\\]+)(?::(\d*))?\/?$/i.exec(text);
  if (match === null) throw new Mistake(placeMistake(text));
  const [, host = '', port = ''] = match;
  if (!URL.canParse(`http://${host}`)) throw new Mistake(`has a host that cannot be one; ${FORM}`);
  const { hostname } = new URL(`http://${host}`);
  if (port === '') {
    const value = DEFAULT_PORTS[scheme]!;
    const hint = `the proxy ${scheme}://${hostname} is written without a port; ${value} is used`;
    return { value: `${hostname}:${value}`, hints: [hint] };
  }
  if (Number(port) < 1 || Number(port) > 65_535) {
    throw new Mistake('has a port that is not between 1 and 65535');
  }
  return { value: `${hostname}:${Number(port)}`, hints: [] };
}

function placeMistake(text: string): string {
  if (text === '' || text.startsWith(':') || text.startsWith('/')) return `has no host; ${FORM}`;
  if (/^[^/]*\/./.test(text)) return `has a path after host and port; ${FORM}`;
  if (/[?#]/.test(text)) return `has a query or a fragment after host and port; ${FORM}`;
  if (/^[\da-f:.]+$/i.test(text) && text.split(':').length > 2) {
    return 'has an IPv6 address without brackets; write http://[::1]:3128';
  }
  if (text.includes(':')) return `has a port that is not a number; ${FORM}`;
  return `has a host that cannot be one; ${FORM}`;
}

/** Source: RFC 7617 §2 (no colon in a user's name, no control characters), §2.1 (UTF-8). */
function readUser(text: string): Part<Pick<ForwardProxy, 'user' | 'authorization'>> {
  const colon = text.indexOf(':');
  const rawPassword = colon < 0 ? '' : text.slice(colon + 1);
  const user = decodedOnce(colon < 0 ? text : text.slice(0, colon));
  const value = credentialsOf(user, decodedOnce(rawPassword));
  if (typeof value === 'string') throw new Mistake(value);
  const reserved = `${text.slice(0, Math.max(colon, 0))}${rawPassword}`.match(RESERVED) ?? [];
  return { value, hints: reserved.length === 0 ? [] : [encodingHint(reserved)] };
}

/** The credentials a proxy is shown; text: why there are none, which ends "the proxy …". */
export function credentialsOf(
  user: string,
  password: string,
): Required<Pick<ForwardProxy, 'user' | 'authorization'>> | string {
  if (user === '') return `has a password and no user name; ${FORM}`;
  if (user.includes(':')) return 'has a user name with a colon, which basic authentication forbids';
  if (/\p{Cc}/u.test(user + password)) return 'has a user name or password with control characters';
  const basic = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  return { user, authorization: new Secret(`Basic ${basic}`) };
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    throw new Mistake('has a user name or password whose percent-encoding is not UTF-8');
  }
}

function encodingHint(reserved: readonly string[]): string {
  const signs = [...new Set(reserved)];
  const encoded = signs.map((sign) => encodeURIComponent(sign).replace(/^\s$/, '%20'));
  return (
    `the user name or password of the proxy has ${signs.map((sign) => `'${sign}'`).join(', ')} ` +
    `as it is, which is understood; better write ${encoded.join(', ')}`
  );
}
