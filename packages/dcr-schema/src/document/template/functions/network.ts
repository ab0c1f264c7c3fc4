/** Address ranges. Source: "CIDR functions for ARM templates". */
import type { Value } from '../value.ts';
import { type AddressRange, addressText, maskText, parseRange, widthOf } from './address.ts';
import {
  type FunctionCall,
  numberAt,
  ofAnything,
  ofWhole,
  type TemplateFunction,
  textAt,
} from './function.ts';

function parseCidr(call: FunctionCall, args: readonly Value[]): Value {
  const range = parseRange(textAt(args, 0));
  if (range === undefined) return notARange(call, args);
  const { family, first, bits } = range;
  const last = first + sizeOf(range) - 1n;
  const [low, high] = usable(range);
  const text = (address: bigint): Value => call.text(addressText(address, family));
  return call.object([
    ['network', text(first)],
    ['netmask', call.text(maskText(family, bits))],
    ...(family === 'v4' ? ([['broadcast', text(last)]] as const) : []),
    ['firstUsable', text(low)],
    ['lastUsable', text(high)],
    ['cidr', call.scalar(bits)],
  ]);
}

function cidrSubnet(call: FunctionCall, args: readonly Value[]): Value {
  const range = parseRange(textAt(args, 0));
  if (range === undefined) return notARange(call, args);
  const { family, first, bits } = range;
  const [newBits, index] = [numberAt(args, 1), numberAt(args, 2)];
  if (newBits < bits || newBits > widthOf(family)) {
    return call.refuse(`a range of /${bits} has no subnets of /${newBits}`, 1);
  }
  const count = 1n << BigInt(newBits - bits);
  if (index < 0 || BigInt(index) >= count) {
    return call.refuse(`a range of /${bits} has ${count} subnets of /${newBits}`, 2);
  }
  const address = first + (BigInt(index) << BigInt(widthOf(family) - newBits));
  return call.text(`${addressText(address, family)}/${newBits}`);
}

function cidrHost(call: FunctionCall, args: readonly Value[]): Value {
  const range = parseRange(textAt(args, 0));
  if (range === undefined) return notARange(call, args);
  const index = numberAt(args, 1);
  const address = range.first + 1n + BigInt(index);
  const [, high] = usable(range);
  if (index < 0 || address > high) return call.refuse(`the range has no host ${index}`, 1);
  return call.text(addressText(address, range.family));
}

function notARange(call: FunctionCall, args: readonly Value[]): Value {
  const shown = JSON.stringify(textAt(args, 0).slice(0, 60));
  return call.refuse(`${shown} is not an address range, as 10.0.0.0/24 is`, 0);
}

function sizeOf({ family, bits }: AddressRange): bigint {
  return 1n << BigInt(widthOf(family) - bits);
}

/** In IPv4 the first address names the network and the last reaches everyone in it. */
function usable(range: AddressRange): readonly [bigint, bigint] {
  const { family, first } = range;
  const last = first + sizeOf(range) - 1n;
  const isReserved = family === 'v4' && sizeOf(range) > 2n;
  return isReserved ? [first + 1n, last - 1n] : [first, last];
}

/** With their signatures. */
export const NETWORK_FUNCTIONS: readonly TemplateFunction[] = [
  ofWhole('parseCidr', 'text', parseCidr),
  ofWhole('cidrSubnet', 'text integer integer', cidrSubnet),
  ofWhole('cidrHost', 'text integer', cidrHost),
  ofAnything('parseUri', 'any', (call) => call.unknown('parseUri() is not evaluated')),
  ofAnything('buildUri', 'any', (call) => call.unknown('buildUri() is not evaluated')),
];
