/** Makes the parts, connects them, listens. */

import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { registerAdmin } from './admin/admin-routes.ts';
import type { HandlersContext } from './context.ts';
import { registerControlPlane } from './control-plane/arm-routes.ts';
import { RuleCache } from './control-plane/rule-cache.ts';
import { HandlerError, reasonOf } from './errors.ts';
import { Faults, registerFaults } from './faults.ts';
import { createApp } from './http/create-app.ts';
import { isLoopback } from './http/loopback.ts';
import { registerDiscovery } from './identity/discovery-routes.ts';
import { createIngestionTokens } from './identity/ingestion-tokens.ts';
import { loadKeyFiles } from './identity/key-files.ts';
import { createMachineTokens } from './identity/machine-tokens.ts';
import { registerMetadata } from './identity/metadata-routes.ts';
import { registerLogsIngestion } from './ingestion/logs-ingestion-routes.ts';
import { registerMetrics } from './ingestion/metrics/metrics-routes.ts';
import { registerOds } from './ingestion/ods-routes.ts';
import { DEFAULTS, type HandlersOptions } from './options.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import type { Store } from './store/store.ts';

export interface RunningHandlers {
  /** Base URL of every endpoint, no slash at the end. */
  readonly url: string;
  /** Bearer token of the ARM and admin routes. */
  readonly adminToken: string;
  /** Finishes what is being answered, then closes the store. Calling twice is safe. */
  close(): Promise<void>;
}

const STORE_FILE = 'handlers.sqlite';

/** Resolves once requests are answered. Throws a `HandlerError`. */
export async function startHandlers(options: HandlersOptions = {}): Promise<RunningHandlers> {
  const host = options.host ?? DEFAULTS.host;
  refuseRemote(host, options);
  const directory = options.dataDirectory;
  const keys = await loadKeyFiles(directory, options.ingestionKeyFile);
  const store = openSqliteStore(directory && join(directory, STORE_FILE));
  try {
    const { context, listeningAt } = await createContext(options, keys, store);
    const app = createApp(context.log);
    registerFaults(app, context.faults);
    registerControlPlane(app, context);
    registerMetadata(app, context);
    registerDiscovery(app, context);
    registerOds(app, context);
    registerLogsIngestion(app, context);
    registerMetrics(app, context);
    registerAdmin(app, context);
    app.addHook('onClose', () => store.close());
    listeningAt(await listen(app, host, options.port ?? DEFAULTS.port));
    return { url: context.url(), adminToken: keys.adminToken, close: () => app.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Tokens for whole fleets are given here: no one but this machine, unless that was asked for. */
function refuseRemote(host: string, options: HandlersOptions): void {
  if (options.allowRemote !== true && !isLoopback(host)) {
    throw new HandlerError(
      'ADDRESS_REFUSED',
      `'${host}' is not a loopback address; allow remote callers with --allow-remote, behind TLS and a firewall`,
    );
  }
  const isWildcard = ['0.0.0.0', '::', ''].includes(host);
  if (!isWildcard || options.publicUrl !== undefined) return;
  throw new HandlerError(
    'ADDRESS_REFUSED',
    `'${host}' is every address of this machine; say with --public-url which one agents are told, e.g. http://collector:7700`,
  );
}

async function createContext(
  options: HandlersOptions,
  keys: Awaited<ReturnType<typeof loadKeyFiles>>,
  store: Store,
): Promise<{ context: HandlersContext; listeningAt: (url: string) => void }> {
  const now = options.now ?? Date.now;
  const machineTokens = await createMachineTokens(
    keys.machineKeyPem,
    options.tokenLifetimeSeconds ?? DEFAULTS.tokenLifetimeSeconds,
    now,
  );
  const ingestionTokens = createIngestionTokens(
    keys.ingestionKey,
    machineTokens.tenantId,
    options.ingestionTokenLifetimeSeconds ?? DEFAULTS.ingestionTokenLifetimeSeconds,
    now,
  );
  let url = options.publicUrl?.replace(/\/+$/, '');
  const context: HandlersContext = {
    store,
    adminToken: keys.adminToken,
    machineTokens,
    ingestionTokens,
    rules: new RuleCache(),
    faults: new Faults(options.random ?? Math.random),
    log: options.log ?? pino({ level: 'silent' }),
    region: options.region ?? DEFAULTS.region,
    maxBodyBytes: options.maxBodyBytes ?? DEFAULTS.maxBodyBytes,
    enforceTimeWindow: options.enforceTimeWindow ?? false,
    allowRemoteIdentity: options.allowRemoteIdentity ?? false,
    now,
    url: () => url ?? '',
  };
  const listeningAt = (address: string) => {
    url ??= address;
  };
  return { context, listeningAt };
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw new HandlerError(
      'LISTEN_FAILED',
      `cannot listen on ${host}:${port}: ${reasonOf(error)}`,
      {
        cause: error,
      },
    );
  }
  const address = app.server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${address.port}`;
}
