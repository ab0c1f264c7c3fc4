/** The real outside world. */
import { randomUUID } from 'node:crypto';
import { systemClock } from './clock.ts';
import type { Host } from './host.ts';
import { createNetwork } from './network.ts';
import { createPinoLog, type LogOptions } from './pino-log.ts';

/** The log goes to stderr. */
export function createSystemHost(log: LogOptions): Host {
  return {
    clock: systemClock,
    random: () => Math.random(),
    guid: () => randomUUID(),
    network: createNetwork(),
    log: createPinoLog(log, (line) => void process.stderr.write(line)),
  };
}
