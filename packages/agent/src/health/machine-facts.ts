/** What heartbeat rows and syslog items say about this machine. */
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces, platform, release } from 'node:os';
import type { MachineFacts } from '../pipeline/heartbeat-stage.ts';
import { type OsRelease, parseOsRelease } from './os-release.ts';

/** Never throws: a sandbox may hide the network and the system's name. */
export function readMachineFacts(agentId: string, agentVersion: string): MachineFacts {
  const addresses = externalAddresses();
  const { name = platform(), version = release() } = osRelease();
  const [major = '', minor = ''] = version.split('.');
  return {
    computer: hostname(),
    hostIp: addresses.find((address) => address.includes('.')) ?? 'Unknown IP',
    agentId,
    agentVersion,
    osType: platform() === 'win32' ? 'Windows' : 'Linux',
    osName: name,
    osMajorVersion: major,
    osMinorVersion: minor,
    privateIps: addresses.filter(isPrivateAddress),
  };
}

function externalAddresses(): string[] {
  try {
    return Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal }) => !internal)
      .map(({ address }) => address);
  } catch {
    return [];
  }
}

function osRelease(): OsRelease {
  try {
    return parseOsRelease(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return {};
  }
}

/** Source: RFC 1918 §3 and RFC 4193 §3. */
export function isPrivateAddress(address: string): boolean {
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)/i.test(address);
}
