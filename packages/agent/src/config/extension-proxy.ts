/**
 * The proxy in the form of Azure's VM extensions, so that settings can be taken over as they are:
 *
 *   settings.proxy           { mode: none | application, address, auth }
 *   protectedSettings.proxy  { username, password }
 *
 * `auth` is true or false, or the text of one; only with it are user name and password used.
 * Source: Microsoft Learn, "Azure Monitor Agent network configuration", proxy settings; the
 * extension's own code in azure-linux-extensions, `agent.py`.
 */
import { credentialsOf } from '../host/proxy/parse-proxy.ts';
import type { Given } from './layers.ts';
import { mistake, type ProxyWord, readWord, SILENCE } from './proxy-word.ts';

export interface ExtensionSettings {
  /** The option `settings.proxy`. */
  readonly settings: Given | undefined;
  /** The option `protectedSettings.proxy`. */
  readonly protectedSettings: Given | undefined;
}

interface PublicProxy {
  readonly mode: 'none' | 'application';
  readonly address?: string;
  readonly auth?: boolean | string;
}

interface ProtectedProxy {
  readonly username?: string;
  readonly password?: string;
}

export function extensionProxy({ settings, protectedSettings }: ExtensionSettings): ProxyWord {
  const unused = `${protectedSettings?.origin.name}: protectedSettings.proxy is not used`;
  if (settings === undefined) {
    if (protectedSettings === undefined) return SILENCE;
    return { ...SILENCE, warnings: [`${unused}: there is no settings.proxy`] };
  }
  const { mode, address, auth } = settings.value as PublicProxy;
  if (mode === 'none') return readWord('none', settings.origin);
  if (address === undefined) {
    return mistake(settings.origin, 'settings.proxy.address is missing; mode application needs it');
  }
  const word = readWord(address, settings.origin);
  if (String(auth).toLowerCase() !== 'true') {
    if (protectedSettings === undefined) return word;
    return { ...word, warnings: [...word.warnings, `${unused}: settings.proxy.auth is not true`] };
  }
  return withUser(word, settings, protectedSettings);
}

/** Taken as they are: there is no percent-encoding in them. */
function withUser(
  word: ProxyWord,
  settings: Given,
  protectedSettings: Given | undefined,
): ProxyWord {
  const { username, password } = (protectedSettings?.value ?? {}) as ProtectedProxy;
  if (username === undefined || password === undefined) {
    return mistake(
      settings.origin,
      'settings.proxy.auth is true, which needs username and password in protectedSettings.proxy',
    );
  }
  const credentials = credentialsOf(username, password);
  if (typeof credentials === 'string') {
    return mistake(protectedSettings!.origin, `the proxy ${credentials}`);
  }
  const proxy = word.routes?.value.https;
  if (word.routes === undefined || proxy === undefined) return word;
  const known = { address: proxy.address, ...credentials };
  return { ...word, routes: { ...word.routes, value: { https: known, http: known } } };
}
