/** One HTTP GET, bounded in time and size. Redirects are not followed. */
import type { Dispatcher } from 'undici';
import type { Clock } from './clock.ts';

export interface HttpGet {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly network: Dispatcher;
  readonly clock: Clock;
  /** For the whole exchange, the body included. */
  readonly timeoutMs: number;
  readonly bytesMax: number;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; values of a repeated header joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, read as UTF-8. */
  readonly text: string;
}

/**
 * Resolves with whatever was answered. Rejects with an `Error` whose message says why there is
 * no whole answer: the network, the time limit, the size limit, or the caller's signal.
 */
export async function httpGet(options: HttpGet): Promise<HttpAnswer> {
  const abort = new AbortController();
  const stop = (): void => abort.abort(new Error('called off'));
  if (options.signal.aborted) stop();
  options.signal.addEventListener('abort', stop, { once: true });
  void options.clock.sleep(options.timeoutMs, abort.signal).then(() => {
    abort.abort(new Error(`no complete answer within ${options.timeoutMs / 1000} s`));
  });
  try {
    const { origin, pathname, search } = new URL(options.url);
    const response = await options.network.request({
      origin,
      path: `${pathname}${search}`,
      method: 'GET',
      headers: { ...options.headers },
      signal: abort.signal,
    });
    const text = await readBody(response.body, options.bytesMax);
    return { status: response.statusCode, headers: plainHeaders(response.headers), text };
  } catch (error) {
    throw new Error(networkReason(error), { cause: error });
  } finally {
    options.signal.removeEventListener('abort', stop);
    abort.abort();
  }
}

/** Leaving the loop early destroys the connection, which is what an endless body deserves. */
async function readBody(body: AsyncIterable<Buffer>, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`the answer is larger than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

function plainHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = [value].flat().join(', ');
  }
  return plain;
}

/** A name with several addresses fails with one error per address and no message of its own. */
function networkReason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map((each) => networkReason(each)).join(', ');
  }
  return error instanceof Error ? error.message : String(error);
}
