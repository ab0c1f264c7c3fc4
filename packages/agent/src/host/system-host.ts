/** The real outside world. */
import { randomUUID } from 'node:crypto';
import { systemClock } from './clock.ts';
import type { Host } from './host.ts';
import { createNetwork, type NetworkOptions } from './network.ts';
import { createPinoLog, type LogOptions } from './pino-log.ts';

/** The log goes to stderr. */
export function createSystemHost(log: LogOptions, network: NetworkOptions = {}): Host {
  return {
    clock: systemClock,
    random: () => Math.random(),
    guid: () => randomUUID(),
    network: createNetwork(network),
    log: createPinoLog(log, (line) => void process.stderr.write(line)),
  };
}
