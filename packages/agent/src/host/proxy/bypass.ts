/**
 * Which hosts are asked without a proxy. One entry is one of
 *
 *   *                        every host
 *   name                     the host and every name below it; so do .name and *.name
 *   192.0.2.7, 2001:db8::1   an address; brackets are allowed
 *   192.0.2.0/24             addresses, by CIDR
 *   name:port, address:port  likewise, on that port only
 *
 * Names are compared as they are asked for: looking up addresses is the proxy's work, so a network
 * matches only what is asked for by address.
 */
import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** `hostname` as `URL` normalises it, with or without brackets. */
export type Bypass = (hostname: string, port: number) => boolean;

/**
 * This machine, Azure's metadata service and its wire server. The first would be another machine
 * behind a proxy, and the metadata service refuses what has passed one. Source: Microsoft Learn,
 * "Azure Instance Metadata Service"; "What is IP address 168.63.129.16?".
 */
const ALWAYS: readonly string[] = [
  'localhost',
  '127.0.0.0/8',
  '::1',
  '169.254.169.254',
  '168.63.129.16',
];

/** Entries that are none of the forms exempt nothing. */
export function compileBypass(entries: readonly string[]): Bypass {
  const tests = [...ALWAYS, ...entries].map(entryTest).filter((test) => test !== undefined);
  return (hostname, port) => {
    const host = hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
    return tests.some((test) => test(host, port));
  };
}

export function isBypassEntry(text: string): boolean {
  return entryTest(text) !== undefined;
}

function entryTest(entry: string): Bypass | undefined {
  if (entry === '*') return () => true;
  if (isIP(entry) !== 0) return addressTest(entry);
  if (entry.includes('/')) return networkTest(entry);
  const [, bracketed, plain, portText] =
    /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const host = bracketed ?? plain ?? '';
  const isAddress = isIP(host) !== 0;
  if (bracketed !== undefined && !isAddress) return undefined;
  const test = isAddress ? addressTest(host) : nameTest(host);
  if (test === undefined || portText === undefined) return test;
  return (name, port) => port === Number(portText) && test(name, port);
}

function nameTest(text: string): Bypass | undefined {
  const name = domainToASCII(text.replace(/^\*?\./, '').replace(/\.$/, ''));
  if (!/^[\w-]+(\.[\w-]+)*$/.test(name)) return undefined;
  return (host) => host === name || host.endsWith(`.${name}`);
}

function addressTest(address: string): Bypass {
  const list = new BlockList();
  list.addAddress(address, familyOf(address));
  return listTest(list);
}

function networkTest(text: string): Bypass | undefined {
  const [, address = '', prefix = ''] = /^\[?([\da-f:.]+)\]?\/(\d{1,3})$/i.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(prefix) > (family === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), familyOf(address));
  return listTest(list);
}

/** A list knows that `::ffff:192.0.2.7` is `192.0.2.7`. */
function listTest(list: BlockList): Bypass {
  return (host) => isIP(host) !== 0 && list.check(host, familyOf(host));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
