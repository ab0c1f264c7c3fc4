/** Whether what is sent to an address comes to where somebody listens on this machine. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { TcpAddress } from './daemon.ts';

const LOOPBACK = ['127.0.0.1', '::1'];

/** `host` may be a name; one that is not known reaches nobody. */
export async function isReached(listening: TcpAddress, target: TcpAddress): Promise<boolean> {
  if (listening.port !== target.port) return false;
  const addresses = await addressesOf(target.host);
  return addresses.some((address) => isHeard(listening.host, address));
}

function isHeard(listening: string, address: string): boolean {
  if (listening === '::') return isOwn(address);
  if (listening === '0.0.0.0') return isIP(address) === 4 && isOwn(address);
  return listening === address;
}

function isOwn(address: string): boolean {
  if (address === '::1' || address.startsWith('127.')) return true;
  if (address === '::' || address === '0.0.0.0') return true;
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.some((at) => at.address === address);
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host.toLowerCase()];
  if (host === 'localhost') return LOOPBACK;
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
