/** Where the agent listens for syslog: as it says itself, or else as it is configured. */
import type { ResolvedConfig } from '../../config/resolve-config.ts';
import type { AgentStatus } from '../../health/status.ts';
import { type FoundAgent, findAgent } from '../find-agent.ts';
import { parseAddress, type TcpAddress } from './daemon.ts';

export interface AgentAddress {
  /** As a daemon on this machine reaches it; `undefined` where there is none over TCP. */
  readonly address: TcpAddress | undefined;
  /** `the running agent` or `the configuration` */
  readonly from: string;
  readonly found: FoundAgent;
}

/** The agent's word counts more than the configuration's: a port that is taken is not used. */
export async function findAgentAddress(resolved: ResolvedConfig): Promise<AgentAddress> {
  const found = await findAgent(resolved);
  const [running] = found.status === undefined ? [] : tcpAddressesOf(found.status);
  if (running !== undefined) {
    return { address: reachable(running), from: 'the running agent', found };
  }
  const configured = resolved.config.sources.syslog.tcp.map(parseAddress).find(Boolean);
  return { address: configured && reachable(configured), from: 'the configuration', found };
}

/** Those the source listens on now, in its order, those of this machine only first. */
export function tcpAddressesOf({ sources }: AgentStatus): TcpAddress[] {
  const facts = sources.find(({ key }) => key === 'syslog')?.facts;
  const bound = Array.isArray(facts?.tcp) ? (facts.tcp as unknown[]) : [];
  const addresses = bound.flatMap((at) => {
    const { address, port } = at as { address?: unknown; port?: unknown };
    const isAddress = typeof address === 'string' && typeof port === 'number';
    return isAddress ? [{ host: address, port }] : [];
  });
  return addresses.toSorted((a, b) => Number(!isLoopback(a)) - Number(!isLoopback(b)));
}

/** An agent that listens on all addresses is reached by this machine's own. */
export function reachable({ host, port }: TcpAddress): TcpAddress {
  return { host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host, port };
}

function isLoopback({ host }: TcpAddress): boolean {
  return host.startsWith('127.') || host === '::1';
}
