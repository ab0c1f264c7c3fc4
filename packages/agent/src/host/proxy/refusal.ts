/** What it means that a proxy opened no tunnel, and what to do about it. */
import { AgentError } from '../../errors.ts';
import type { ForwardProxy } from './forward-proxy.ts';

export interface ProxyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** `PROXY_FAILED` for 5xx, which is about the host behind the proxy; else `PROXY_REFUSED`. */
export function refusalOf(proxy: ForwardProxy, target: string, answer: ProxyAnswer): AgentError {
  const { status } = answer;
  const code = status >= 500 ? 'PROXY_FAILED' : 'PROXY_REFUSED';
  const advice = adviceFor(proxy, answer);
  const story = `the proxy ${proxy.address} answered ${status} to CONNECT ${target}`;
  return new AgentError(code, advice === undefined ? story : `${story}: ${advice}`);
}

function adviceFor(proxy: ForwardProxy, { status, headers }: ProxyAnswer): string | undefined {
  if (status === 407) return credentialsAdvice(proxy, schemesOf(headers['proxy-authenticate']));
  if (status === 403) return 'it does not allow that host; allow it there';
  if (status >= 502 && status <= 504) return 'it could not reach that host';
  if (status === 405 || status === 501) return 'it opens no tunnels; is it a forward proxy?';
  return undefined;
}

function credentialsAdvice({ user }: ForwardProxy, schemes: readonly string[]): string {
  if (schemes.length > 0 && !schemes.some((scheme) => scheme.toLowerCase() === 'basic')) {
    return `it offers ${schemes.join(', ')} authentication, and the agent knows Basic only`;
  }
  return user === undefined
    ? 'it wants a user name and a password; write them into the proxy option'
    : 'it did not accept the user name and password of the proxy option';
}

/** `Basic realm="a, b", Negotiate` → `Basic`, `Negotiate`. Source: RFC 9110 §11.6.1, §11.7.1. */
function schemesOf(header: string | string[] | undefined): string[] {
  const text = [header ?? []]
    .flat()
    .join(', ')
    .replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return text
    .split(',')
    .map((part) => /^\s*([a-z][\w-]{0,30})(?=\s*$|\s+[^\s=])/i.exec(part)?.[1])
    .filter((scheme) => scheme !== undefined);
}
