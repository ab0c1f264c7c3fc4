import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULTS, type HandlersOptions } from '../options.ts';
import { defaultDataDirectory, forgetRunning, noteRunning } from './data-directory.ts';
import { plainLogStream } from './plain-log.ts';

interface ServeOptions {
  readonly data?: string;
  readonly host: string;
  readonly port: number;
  readonly region: string;
  readonly publicUrl?: string;
  readonly allowRemote?: boolean;
  readonly allowRemoteIdentity?: boolean;
  readonly ingestionKey?: string;
  readonly timeWindow?: boolean;
  readonly maxBody: number;
  readonly logLevel: string;
  readonly json?: boolean;
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run every endpoint an agent talks to, in one process')
    .option(
      '--data <dir>',
      `where rules, rows and keys are kept (default: ${defaultDataDirectory()})`,
    )
    .option('--host <address>', 'address to listen on', DEFAULTS.host)
    .option('--port <number>', 'port to listen on, 0 for a free one', portNumber, DEFAULTS.port)
    .option('--region <name>', 'location of resources that name none', DEFAULTS.region)
    .option('--public-url <url>', 'base URL agents are told, behind a proxy or with 0.0.0.0')
    .option('--allow-remote', 'accept a --host that others can reach; put TLS in front of it')
    .option('--allow-remote-identity', 'give machine tokens to callers from other machines')
    .option('--ingestion-key <file>', 'key of ingestion tokens, shared between servers')
    .option('--time-window', 'as the service: replace times older than 2 days or ahead by 1')
    .option('--max-body <bytes>', 'limit of an ODS body', byteCount, DEFAULTS.maxBodyBytes)
    .addOption(
      new Option('--log-level <level>', 'what is logged').choices(LOG_LEVELS).default('info'),
    )
    .option('--json', 'write the address and the log as JSON lines')
    .addHelpText('after', '\nExample:\n  dcr-handler serve --data ./handler-data --port 7700')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  // The other commands do without a server; loading one would double the time they take.
  const [{ pino }, { startHandlers }] = await Promise.all([import('pino'), import('../server.ts')]);
  const dataDirectory = resolve(options.data ?? defaultDataDirectory());
  const destination = options.json ? process.stderr : plainLogStream(process.stderr);
  const log = pino({ level: options.logLevel, base: null }, destination);
  // Before the start, or a signal right after the announcement would end the process unheard.
  const stopped = stopSignal();
  const handlers = await startHandlers({ ...toHandlersOptions(options), dataDirectory, log });
  try {
    await noteRunning(dataDirectory, handlers.url);
    announce({ url: handlers.url, data: dataDirectory }, options);
    log.info({ signal: await stopped }, 'stopping');
  } finally {
    await forgetRunning(dataDirectory);
    await handlers.close();
  }
}

function announce(started: { url: string; data: string }, { json }: ServeOptions): void {
  const line = json
    ? JSON.stringify(started)
    : `dcr-handler listening on ${started.url} (data in ${started.data})`;
  process.stdout.write(`${line}\n`);
}

function toHandlersOptions(options: ServeOptions): HandlersOptions {
  return {
    host: options.host,
    port: options.port,
    region: options.region,
    maxBodyBytes: options.maxBody,
    allowRemote: options.allowRemote ?? false,
    allowRemoteIdentity: options.allowRemoteIdentity ?? false,
    enforceTimeWindow: options.timeWindow ?? false,
    ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }),
    ...(options.ingestionKey !== undefined && { ingestionKeyFile: options.ingestionKey }),
  };
}

/** A second signal ends the process the usual way: nothing listens for it any more. */
function stopSignal(): Promise<string> {
  return new Promise((stopped) => {
    const stop = (signal: string) => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      stopped(signal);
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
  });
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}

function byteCount(text: string): number {
  const bytes = Number(text);
  if (/^\d+$/.test(text) && bytes >= 1024 && bytes <= 268_435_456) return bytes;
  throw new InvalidArgumentError('It must be a number of bytes from 1024 to 268435456.');
}
