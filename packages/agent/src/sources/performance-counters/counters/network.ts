/**
 * Network: counts since an interface came up, as the reference agent sends them. The whole machine
 * is its real interfaces: what passes a bridge or a tunnel is seen there once more.
 */
import type { Facts, NetworkInterface } from '../facts.ts';
import type { NetworkCounters } from '../proc/network-counters.ts';
import { WHOLE_MACHINE } from '../whole-machine.ts';
import type { CounterDefinition, Group } from './definition.ts';

export const NETWORK_COUNTERS: readonly CounterDefinition[] = [
  count('Total Bytes Received', (i) => i.receivedBytes),
  count('Total Bytes Transmitted', (i) => i.sentBytes),
  count('Total Bytes', (i) => i.receivedBytes + i.sentBytes),
  count('Total Packets Received', (i) => i.receivedPackets),
  count('Total Packets Transmitted', (i) => i.sentPackets),
  count('Total Rx Errors', (i) => i.receiveErrors),
  count('Total Tx Errors', (i) => i.sendErrors),
  // Packets that were dropped, by that name, in the reference agent.
  count('Total Collisions', (i) => i.receiveDrops + i.sendDrops),
];

function count(counter: string, value: (counters: NetworkCounters) => number): CounterDefinition {
  return {
    object: 'Network',
    counter,
    needs: ['interfaces'],
    read: ({ now }) =>
      groupsOf(now).map(({ instance, members }) => ({
        instance,
        value: members.reduce((sum, { counters }) => sum + value(counters), 0),
      })),
  };
}

function groupsOf({ interfaces }: Facts): readonly Group<NetworkInterface>[] {
  const up = (interfaces ?? []).filter(({ isUp }) => isUp);
  if (up.length === 0) return [];
  return [
    ...up.map((member) => ({ instance: member.counters.name, members: [member] })),
    { instance: WHOLE_MACHINE, members: realOnes(up) },
  ];
}

/** A container has none that is real to it. */
export function realOnes(up: readonly NetworkInterface[]): readonly NetworkInterface[] {
  const real = up.filter(({ isVirtual }) => !isVirtual);
  return real.length > 0 ? real : up;
}
