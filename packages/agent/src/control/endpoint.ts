/** Which URLs the machine's token may be sent to: `https:`, and `http:` on this machine. */
import { checkEncryptedUrl } from '../host/encrypted-url.ts';

export interface EndpointTrust {
  /** Lets tokens travel over `http:` to other machines too. */
  readonly allowPlainHttp: boolean;
}

/** Throws `CONTROL_PLANE_REFUSED`. */
export function checkEndpoint(text: string, { allowPlainHttp }: EndpointTrust): URL {
  const what = 'the control endpoint';
  return checkEncryptedUrl(text, { what, code: 'CONTROL_PLANE_REFUSED', allowPlainHttp });
}

/** A path and query on a base URL, which may have a path of its own. */
export function urlAt(endpoint: URL, pathAndQuery: string): string {
  return `${endpoint.origin}${endpoint.pathname.replace(/\/+$/, '')}${pathAndQuery}`;
}
