/** What no value shows alone. */
import { resolve } from 'node:path';
import { reasonOf } from '../errors.ts';
import { checkEncryptedUrl } from '../host/encrypted-url.ts';
import type { AgentConfig } from './agent-config.ts';
import type { Origin } from './layers.ts';

/** One sentence per finding. */
export function checkTogether(config: AgentConfig, origins: ReadonlyMap<string, Origin>): string[] {
  return [
    ...identityFindings(config.identity, origins),
    ...workspaceFindings(config.workspaces),
    ...plainHttpFindings(config, origins),
    ...syslogTlsFindings(config.sources.syslog),
    ...syslogAddressFindings(config.sources.syslog),
  ];
}

/** What is odd and harmless, one sentence each. */
export function oddTogether({ rulesDir, control, sources }: AgentConfig): string[] {
  const { tls, tlsCertFile, tlsKeyFile, tlsClientCaFile } = sources.syslog;
  const hasTlsFile = (tlsCertFile ?? tlsKeyFile ?? tlsClientCaFile) !== undefined;
  return [
    ...(rulesDir !== undefined && control.endpoint !== undefined
      ? [`control.endpoint is not asked: rules come from the folder ${rulesDir}`]
      : []),
    ...(hasTlsFile && tls.length === 0
      ? ['the TLS files of sources.syslog are not used: sources.syslog.tls names no address']
      : []),
  ];
}

function syslogTlsFindings({
  tls,
  tlsCertFile,
  tlsKeyFile,
}: AgentConfig['sources']['syslog']): string[] {
  if (tls.length === 0 || (tlsCertFile !== undefined && tlsKeyFile !== undefined)) return [];
  const missing = [
    ...(tlsCertFile === undefined ? ['sources.syslog.tlsCertFile'] : []),
    ...(tlsKeyFile === undefined ? ['sources.syslog.tlsKeyFile'] : []),
  ];
  return [`sources.syslog.tls needs ${missing.join(' and ')}`];
}

/** The second would fail for ever; port 0 is another one each time. */
function syslogAddressFindings({
  tcp,
  tls,
  udp,
  unix,
}: AgentConfig['sources']['syslog']): string[] {
  const ofStreams = [...tcp, ...tls];
  const twice = (list: readonly string[]): string[] => [
    ...new Set(list.filter((each, at) => list.indexOf(each) < at && !/:0+$/.test(each))),
  ];
  return [
    ...twice(ofStreams).map((each) => `sources.syslog.tcp and tls have ${each} more than once`),
    ...twice(udp).map((each) => `sources.syslog.udp has ${each} more than once`),
    ...twice(unix.map((each) => resolve(each))).map(
      (each) => `sources.syslog.unix has ${each} more than once`,
    ),
  ];
}

function identityFindings(
  identity: AgentConfig['identity'],
  origins: ReadonlyMap<string, Origin>,
): string[] {
  const set = (['clientId', 'objectId', 'resourceId'] as const)
    .filter((name) => identity[name] !== undefined)
    .map((name) => `identity.${name} (${origins.get(`identity.${name}`)?.name})`);
  return set.length > 1 ? [`only one may name the identity: ${set.join(', ')}`] : [];
}

/** Refused here rather than at the first request, which may be much later. */
function plainHttpFindings(
  { control, ingestionEndpoint, workspaces, allowPlainHttp }: AgentConfig,
  origins: ReadonlyMap<string, Origin>,
): string[] {
  const urls: [string, string | undefined][] = [
    ['control.endpoint', control.endpoint],
    ['ingestionEndpoint', ingestionEndpoint],
    ...workspaces.map(({ endpoint }): [string, string | undefined] => ['workspaces', endpoint]),
  ];
  return urls.flatMap(([option, url]) => {
    if (url === undefined) return [];
    try {
      checkEncryptedUrl(url, { what: option, code: 'AGENT_CONFIG_INVALID', allowPlainHttp });
      return [];
    } catch (error) {
      const place = origins.get(option)?.name;
      return [`${place ? `${place}: ` : ''}${reasonOf(error)}`];
    }
  });
}

function workspaceFindings(workspaces: AgentConfig['workspaces']): string[] {
  const groups = Map.groupBy(workspaces, ({ resourceId }) => resourceId.toLowerCase());
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map(([first]) => `workspaces has ${first?.resourceId} more than once`);
}
