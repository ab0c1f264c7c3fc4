/** A forward proxy: what the agent knows of one, and how it is spoken of. */
import type { Secret } from '../secret.ts';

export interface ForwardProxy {
  /** `http://proxy.example:3128`. How the proxy itself is spoken to; port included, user not. */
  readonly address: string;
  readonly user?: string;
  /** Value of `Proxy-Authorization`. */
  readonly authorization?: Secret;
}

/** Which proxy a URL is asked through, by its scheme; absent: none. */
export interface ProxyRoutes {
  readonly https?: ForwardProxy;
  readonly http?: ForwardProxy;
}

/** `http://user:***@proxy.example:3128` */
export function proxyText({ address, user }: ForwardProxy): string {
  return user === undefined ? address : address.replace('//', () => `//${user}:***@`);
}

/** `none`, or one proxy, or one for each scheme. */
export function routesText({ https, http }: ProxyRoutes): string {
  const [encrypted, plain] = [https, http].map((proxy) =>
    proxy === undefined ? 'none' : proxyText(proxy),
  );
  return encrypted === plain ? encrypted! : `${encrypted} (for http URLs: ${plain})`;
}
