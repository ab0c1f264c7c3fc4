/** A durable buffer, its lanes and real destinations, before servers that a test controls. */
import type { TestContext } from 'node:test';
import type { DurableBuffer } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { createDelivery, type Delivery } from '../../packages/agent/src/delivery/delivery.ts';
import { openDestination } from '../../packages/agent/src/destinations/kinds.ts';
import { createNetwork, type NetworkOptions } from '../../packages/agent/src/host/network.ts';
import type { AccessTokens } from '../../packages/agent/src/identity/access-token.ts';
import { bufferOnDisk } from './buffer-on-disk.ts';
import {
  type DestinationSubject,
  destinationContext,
  plannedDestination,
} from './destination-subjects.ts';
import { createFakeHost, type FakeHost } from './fake-host.ts';
import { createFakeTokens } from './fake-tokens.ts';
import { fillBuffer } from './fill-buffer.ts';

export interface DeliveryBench {
  readonly host: FakeHost;
  readonly buffer: DurableBuffer;
  /** Of the buffer; nobody else may have it open. */
  readonly database: string;
  readonly delivery: Delivery;
  readonly subject: DestinationSubject;
}

export interface DeliveryBenchOptions {
  readonly network?: NetworkOptions;
  /** Tokens that are never refused, when nothing is said. */
  readonly tokens?: (host: FakeHost) => AccessTokens;
}

/** `servers`: origin by destination id. Stopped with the test; the clock is a manual one. */
export async function openDeliveryBench(
  t: TestContext,
  subject: DestinationSubject,
  servers: Readonly<Record<string, string>>,
  options: DeliveryBenchOptions = {},
): Promise<DeliveryBench> {
  const network = createNetwork(options.network);
  const disk = await bufferOnDisk(t);
  const host = createFakeHost({ network, clock: disk.host.clock });
  const buffer = disk.open();
  const context = destinationContext(host, options.tokens?.(host) ?? createFakeTokens());
  const delivery = createDelivery({
    buffer,
    host,
    open: (planned) => openDestination(planned, context),
  });
  t.after(async () => {
    await delivery.stop();
    await network.destroy();
  });
  await delivery.setDestinations(
    Object.entries(servers).map(([id, origin]) => plannedDestination(subject, origin, id)),
  );
  return { host, buffer, database: disk.database, delivery, subject };
}

/** Stores the records as one sealed batch for these destinations. */
export function fillBench(
  { buffer, subject: { kind, stream, solution } }: DeliveryBench,
  records: readonly unknown[],
  destinations: readonly string[],
): Promise<void> {
  return fillBuffer(buffer, records, {
    destinations,
    protocol: kind.protocol,
    stream,
    ...(solution !== undefined && { solution }),
  });
}
