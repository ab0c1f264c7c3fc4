/** A real HTTP server on this machine that answers what a test tells it to, and remembers. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export interface LocalRequest {
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface LocalAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
}

export interface LocalServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly requests: LocalRequest[];
  /** May be exchanged at any time. A promise that never settles is a server that hangs. */
  answer: (request: LocalRequest) => LocalAnswer | Promise<LocalAnswer>;
}

/** Closed when the test ends, open connections included. */
export async function startLocalServer(
  t: TestContext,
  answer: LocalServer['answer'] = () => ({ status: 404 }),
): Promise<LocalServer> {
  const server = createServer(async ({ url = '', headers }, response) => {
    const request = { url, headers };
    local.requests.push(request);
    const { status, headers: own, body } = await local.answer(request);
    response.writeHead(status, { ...own });
    response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const local: LocalServer = { url: `http://127.0.0.1:${port}`, requests: [], answer };
  return local;
}

/** Answers in turn; the last one for ever. */
export function inTurn(...answers: readonly LocalAnswer[]): LocalServer['answer'] {
  let next = 0;
  return () => {
    const answer = answers[Math.min(next, answers.length - 1)]!;
    next += 1;
    return answer;
  };
}
