/** IPv4 and IPv6 addresses as numbers. IPv6 texts are shortened as RFC 5952 asks for. */
export type Family = 'v4' | 'v6';

/** `first` has no bits behind the first `bits` of them. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly bits: number;
}

/** Bits of an address. */
export function widthOf(family: Family): number {
  return family === 'v4' ? 32 : 128;
}

/** `undefined`: the text is not `address/bits`. */
export function parseRange(text: string): AddressRange | undefined {
  const { address = '', bits = '' } =
    /^(?<address>[^/]+)\/(?<bits>\d{1,3})$/.exec(text)?.groups ?? {};
  const family = address.includes(':') ? 'v6' : 'v4';
  const number = family === 'v6' ? parseV6(address) : parseV4(address);
  const count = Number(bits);
  if (bits === '' || number === undefined || count > widthOf(family)) return undefined;
  const hostBits = BigInt(widthOf(family) - count);
  return { family, first: (number >> hostBits) << hostBits, bits: count };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  const isRight = parts.length === 4 && parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256);
  return isRight ? join(parts.map(Number), 8n) : undefined;
}

function parseV6(text: string): bigint | undefined {
  const [left = '', right, ...more] = text.split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  const missing = 8 - before.length - after.length;
  if (more.length > 0 || (right === undefined ? missing !== 0 : missing < 1)) return undefined;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return join(
    groups.map((group) => Number.parseInt(group, 16)),
    16n,
  );
}

function join(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((sum, part) => (sum << bits) | BigInt(part), 0n);
}

/** As it is usually written. */
export function addressText(address: bigint, family: Family): string {
  if (family === 'v4') return split(address, 4, 8n).join('.');
  const groups = split(address, 8, 16n).map((group) => group.toString(16));
  // The longest run of zeros becomes '::', the first of two.
  const runs = groups.join(':').match(/\b0(:0)+\b/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups.join(':');
  const at = groups.join(':').search(new RegExp(`\\b${longest}\\b`));
  const text = groups.join(':');
  const before = text.slice(0, at).replace(/:$/, '');
  const after = text.slice(at + longest.length).replace(/^:/, '');
  return `${before}::${after}`;
}

/** The address whose first `bits` bits are set. */
export function maskText(family: Family, bits: number): string {
  const width = BigInt(widthOf(family));
  const host = width - BigInt(bits);
  return addressText((((1n << width) - 1n) >> host) << host, family);
}

function split(address: bigint, count: number, bits: bigint): number[] {
  const mask = (1n << bits) - 1n;
  return Array.from({ length: count }, (_, i) => {
    return Number((address >> (bits * BigInt(count - 1 - i))) & mask);
  });
}
