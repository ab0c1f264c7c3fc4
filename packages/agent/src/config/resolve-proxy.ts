/**
 * Which proxy is used. The first of these that says something decides alone:
 *
 *   1. the option `proxy`: flag, variable, configuration file
 *   2. `settings.proxy` and `protectedSettings.proxy`, the form of Azure's VM extensions
 *   3. the variables that many programs obey: HTTPS_PROXY and ALL_PROXY, HTTP_PROXY for http URLs
 *
 * Any of them may say that there is none. What cannot be used is refused and not passed over: an
 * agent that goes straight where it was told not to is worse than one that does not start.
 */
import { isBypassEntry } from '../host/proxy/bypass.ts';
import type { ForwardProxy, ProxyRoutes } from '../host/proxy/forward-proxy.ts';
import { type ExtensionSettings, extensionProxy } from './extension-proxy.ts';
import type { Given, Variables } from './layers.ts';
import { type ProxyWord, readWord, SILENCE, type Sourced } from './proxy-word.ts';

export interface ProxyInputs extends ExtensionSettings {
  /** The option `proxy`. */
  readonly proxy: Given | undefined;
  /** The option `proxyBypass`. */
  readonly bypass: Given | undefined;
  readonly env: Variables;
}

export interface ResolvedProxy {
  readonly routes?: Sourced<ProxyRoutes>;
  readonly bypass?: Sourced<readonly string[]>;
  readonly findings: readonly string[];
  readonly warnings: readonly string[];
}

const EVERYTHING = ['all_proxy', 'ALL_PROXY'];
/** In lower case first, as curl has it. */
const VARIABLES = {
  https: ['https_proxy', 'HTTPS_PROXY', ...EVERYTHING],
  http: ['http_proxy', 'HTTP_PROXY', ...EVERYTHING],
} as const;
const BYPASS_VARIABLES = ['no_proxy', 'NO_PROXY'];

export function resolveProxy(inputs: ProxyInputs): ResolvedProxy {
  const words = [
    () => fromOption(inputs.proxy),
    () => extensionProxy(inputs),
    () => fromEnvironment(inputs.env),
  ];
  let word = SILENCE;
  const warnings: string[] = [];
  for (const ask of words) {
    word = ask();
    warnings.push(...word.warnings);
    if (word.routes !== undefined || word.findings.length > 0) break;
  }
  const bypass = resolveBypass(inputs);
  return {
    ...(word.routes !== undefined && { routes: word.routes }),
    ...(bypass.list !== undefined && { bypass: bypass.list }),
    findings: word.findings,
    warnings: [...warnings, ...bypass.warnings],
  };
}

function fromOption(given: Given | undefined): ProxyWord {
  return given === undefined ? SILENCE : readWord(String(given.value), given.origin);
}

/** Each scheme has its own variable there, so the two may come from different ones. */
function fromEnvironment(env: Variables): ProxyWord {
  const https = fromVariables(VARIABLES.https, env);
  const http = fromVariables(VARIABLES.http, env);
  if (https === undefined && http === undefined) return SILENCE;
  const findings = new Set([...(https?.findings ?? []), ...(http?.findings ?? [])]);
  const warnings = new Set([...(https?.warnings ?? []), ...(http?.warnings ?? [])]);
  const names = new Set([https, http].map((word) => word?.routes?.origin.name));
  const name = [...names].filter((each) => each !== undefined).join(', ');
  const routes = routesOf(https?.routes?.value.https, http?.routes?.value.http);
  return {
    ...(name !== '' && { routes: { value: routes, origin: { layer: 'variable', name } } }),
    findings: [...findings],
    warnings: [...warnings],
  };
}

function fromVariables(names: readonly string[], env: Variables): ProxyWord | undefined {
  for (const name of names) {
    const text = env[name]?.trim();
    if (text !== undefined && text !== '') return readWord(text, { layer: 'variable', name });
  }
  return undefined;
}

function routesOf(https: ForwardProxy | undefined, http: ForwardProxy | undefined): ProxyRoutes {
  return { ...(https !== undefined && { https }), ...(http !== undefined && { http }) };
}

interface ResolvedBypass {
  readonly list?: Sourced<readonly string[]>;
  readonly warnings: readonly string[];
}

/** In a variable that all programs read, an entry for another one's eyes is no mistake. */
function resolveBypass({ bypass, env }: ProxyInputs): ResolvedBypass {
  if (bypass !== undefined) {
    const list = { value: bypass.value as readonly string[], origin: bypass.origin };
    return { list, warnings: [] };
  }
  const name = BYPASS_VARIABLES.find((each) => env[each]?.trim());
  if (name === undefined) return { warnings: [] };
  const entries = env[name]!.split(/[\s,]+/).filter((entry) => entry !== '');
  return {
    list: { value: entries.filter(isBypassEntry), origin: { layer: 'variable', name } },
    warnings: entries
      .filter((entry) => !isBypassEntry(entry))
      .map((entry) => `${name}: '${entry}' is no host, network or *; it exempts nothing`),
  };
}
