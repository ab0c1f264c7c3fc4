/** What one layer of the configuration says of the proxy. */
import type { ProxyRoutes } from '../host/proxy/forward-proxy.ts';
import { parseProxy } from '../host/proxy/parse-proxy.ts';
import type { Origin } from './layers.ts';

export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** Without `routes` and findings the layer says nothing. */
export interface ProxyWord {
  readonly routes?: Sourced<ProxyRoutes>;
  readonly findings: readonly string[];
  readonly warnings: readonly string[];
}

export const SILENCE: ProxyWord = { findings: [], warnings: [] };

/** Text of one proxy for all URLs, or `none`. */
export function readWord(text: string, origin: Origin): ProxyWord {
  if (text.trim().toLowerCase() === 'none') return { ...SILENCE, routes: { value: {}, origin } };
  const reading = parseProxy(text);
  if ('mistake' in reading) {
    return mistake(origin, `the proxy ${reading.mistake}; 'none' means no proxy`);
  }
  const { proxy } = reading;
  return {
    routes: { value: { https: proxy, http: proxy }, origin },
    findings: [],
    warnings: reading.hints.map((hint) => `${origin.name}: ${hint}`),
  };
}

export function mistake(origin: Origin, sentence: string): ProxyWord {
  return { ...SILENCE, findings: [`${origin.name}: ${sentence}`] };
}
