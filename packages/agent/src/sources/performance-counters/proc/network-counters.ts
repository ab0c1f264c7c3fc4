/** What network interfaces did since they came up, from /proc/net/dev. Source: proc_pid_net(5). */
import { wholeNumbers } from './named-numbers.ts';

export interface NetworkCounters {
  readonly name: string;
  readonly receivedBytes: number;
  readonly receivedPackets: number;
  readonly receiveErrors: number;
  readonly receiveDrops: number;
  readonly sentBytes: number;
  readonly sentPackets: number;
  readonly sendErrors: number;
  readonly sendDrops: number;
}

export function parseNetworkCounters(text: string): readonly NetworkCounters[] {
  return text.split('\n').flatMap((line): NetworkCounters[] => {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    const numbers = wholeNumbers(
      line
        .slice(colon + 1)
        .trim()
        .split(/ +/),
    );
    if (name === '' || numbers === undefined || numbers.length < 12) return [];
    const [receivedBytes = 0, receivedPackets = 0, receiveErrors = 0, receiveDrops = 0] = numbers;
    const [sentBytes = 0, sentPackets = 0, sendErrors = 0, sendDrops = 0] = numbers.slice(8);
    return [
      {
        name,
        ...{ receivedBytes, receivedPackets, receiveErrors, receiveDrops },
        ...{ sentBytes, sentPackets, sendErrors, sendDrops },
      },
    ];
  });
}
