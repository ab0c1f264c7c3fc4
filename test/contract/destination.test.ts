/** What every kind of destination promises, against a server that answers as told. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import type { SealedBatch } from '../../packages/agent/src/buffer/durable-buffer.ts';
import type {
  DeliveryOutcome,
  Destination,
} from '../../packages/agent/src/destinations/destination.ts';
import { DESTINATION_KINDS } from '../../packages/agent/src/destinations/kinds.ts';
import { AgentError } from '../../packages/agent/src/errors.ts';
import { createNetwork } from '../../packages/agent/src/host/network.ts';
import {
  DESTINATION_SUBJECTS,
  type DestinationSubject,
  destinationContext,
  plannedDestination,
  TOKEN_URI,
} from '../support/destination-subjects.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { createFakeTokens, type FakeTokens } from '../support/fake-tokens.ts';
import { numbered } from '../support/fill-buffer.ts';
import { encodeFragment } from '../support/fragments.ts';
import {
  type Behaviour,
  type IngestionServer,
  type ReceivedPost,
  startIngestionServer,
} from '../support/ingestion-server.ts';

interface Bench {
  readonly server: IngestionServer;
  readonly destination: Destination;
  readonly tokens: FakeTokens;
}

async function createBench(
  t: TestContext,
  subject: DestinationSubject,
  answer: (post: ReceivedPost, index: number) => Behaviour = () => ({ status: 204 }),
): Promise<Bench> {
  const server = await startIngestionServer(answer);
  const tokens = createFakeTokens();
  return { server, tokens, destination: open(t, subject, server.origin, tokens, server) };
}

function open(
  t: TestContext,
  subject: DestinationSubject,
  origin: string,
  tokens: FakeTokens,
  server?: AsyncDisposable,
): Destination {
  const network = createNetwork({ headersTimeoutMs: 200, bodyTimeoutMs: 200 });
  t.after(async () => {
    await network.destroy();
    await server?.[Symbol.asyncDispose]();
  });
  const context = destinationContext(createFakeHost({ network }), tokens);
  return subject.kind.open(plannedDestination(subject, origin), context);
}

function createBatch({ kind, stream, solution }: DestinationSubject, count = 3): SealedBatch {
  const records = numbered(count).map((record) => ({ ...record, text: 'naïve "quoted"\n' }));
  // Two fragments where there are enough records, as in a batch gathered from two appends.
  const fragments = [records.slice(0, 1), records.slice(1)]
    .filter((part) => part.length > 0)
    .map(encodeFragment);
  return {
    id: '99999999-8888-4777-8666-555555555555',
    outlet: {
      flow: 'dcr-1/source/stream',
      stream,
      protocol: kind.protocol,
      destinations: ['dcr-1/channel-1'],
      ...(solution !== undefined && { solution }),
    },
    recordCount: count,
    rawBytes: fragments.reduce((sum, { rawBytes }) => sum + rawBytes, 0),
    // When the test host's clock stands.
    createdAtMs: Date.parse('2025-03-01T10:11:12Z'),
    fragments,
  };
}

function reasonOf(outcome: DeliveryOutcome): string {
  return 'reason' in outcome ? outcome.reason : '';
}

const NEVER = new AbortController().signal;

test('every kind of destination is under this contract', () => {
  assert.deepEqual(
    DESTINATION_SUBJECTS.map(({ kind }) => kind),
    DESTINATION_KINDS,
  );
});

for (const subject of DESTINATION_SUBJECTS) {
  const contract = (name: string, run: (t: TestContext) => Promise<void>): void => {
    test(`${subject.kind.protocol}: ${name}`, run);
  };

  contract('a batch is posted with the exact path, headers and body', async (t) => {
    const { server, destination } = await createBench(t, subject);
    const batch = createBatch(subject);
    assert.deepEqual(await destination.deliver(batch, NEVER), { kind: 'delivered', status: 204 });

    const [post] = server.posts;
    assert.equal(post?.method, 'POST');
    assert.equal(post.url, subject.url);
    for (const [name, value] of Object.entries(subject.headers)) {
      assert.equal(post.headers[name], value, name);
    }
    assert.equal(post.headers.authorization, 'Bearer token-1');
    assert.equal(post.headers['x-ms-client-request-id'], batch.id);
    assert.equal(post.headers['content-length'], String(post.body.length));
    assert.ok(subject.isWrapped(post.body), 'the body is wrapped as its header says');
    const records = numbered(3).map((record) => ({ ...record, text: 'naïve "quoted"\n' }));
    assert.deepEqual(post.json, subject.envelope(records));
  });

  contract('a resend has the same batch id and body and a new request id', async (t) => {
    const { server, destination } = await createBench(t, subject, (_, index) => ({
      status: index === 0 ? 503 : 200,
    }));
    const batch = createBatch(subject);
    assert.equal((await destination.deliver(batch, NEVER)).kind, 'retry');
    assert.equal((await destination.deliver(batch, NEVER)).kind, 'delivered');
    const [first, second] = server.posts;
    assert.equal(
      first?.headers['x-ms-client-request-id'],
      second?.headers['x-ms-client-request-id'],
    );
    assert.notEqual(first?.headers['x-request-id'], second?.headers['x-request-id']);
    assert.deepEqual(first?.body, second?.body);
  });

  contract('the token comes from the channel when it issues one', async (t) => {
    const { destination, tokens } = await createBench(t, subject);
    await destination.deliver(createBatch(subject), NEVER);
    assert.deepEqual(tokens.calls, [{ of: TOKEN_URI, kind: 'ingestion', refresh: false }]);
  });

  contract("without a token endpoint the machine's own token is used", async (t) => {
    const server = await startIngestionServer(() => ({ status: 200 }));
    const network = createNetwork();
    t.after(async () => {
      await network.destroy();
      await server[Symbol.asyncDispose]();
    });
    const tokens = createFakeTokens();
    const { tokenEndpointUri: _, ...planned } = plannedDestination(subject, server.origin);
    const context = destinationContext(createFakeHost({ network }), tokens);
    await subject.kind.open(planned, context).deliver(createBatch(subject), NEVER);
    assert.deepEqual(tokens.calls, [{ of: subject.audience, kind: 'machine', refresh: false }]);
  });

  for (const status of [401, 403]) {
    contract(`${status} is answered once with a fresh token`, async (t) => {
      const { server, destination, tokens } = await createBench(t, subject, (post) => ({
        status: post.headers.authorization === 'Bearer token-2' ? 200 : status,
      }));
      const outcome = await destination.deliver(createBatch(subject), NEVER);
      assert.equal(outcome.kind, 'delivered');
      assert.equal(server.posts.length, 2);
      assert.deepEqual(
        tokens.calls.map(({ refresh }) => refresh),
        [false, true],
      );
    });
  }

  contract('a token refused twice is unauthorized, with the code of the service', async (t) => {
    const { server, destination } = await createBench(t, subject, () => ({
      status: 403,
      body: JSON.stringify({ error: { code: 'OperationFailed', message: 'No role on dcr-1.' } }),
    }));
    assert.deepEqual(await destination.deliver(createBatch(subject), NEVER), {
      kind: 'unauthorized',
      status: 403,
      reason: 'HTTP 403 OperationFailed',
      detail: 'No role on dcr-1.',
    });
    assert.equal(server.posts.length, 2);
  });

  contract('without any token nothing is sent and the batch is to be tried again', async (t) => {
    const server = await startIngestionServer(() => ({ status: 200 }));
    const tokens = createFakeTokens(
      () => new AgentError('CREDENTIAL_UNAVAILABLE', 'the metadata service does not answer'),
    );
    const destination = open(t, subject, server.origin, tokens, server);
    assert.deepEqual(await destination.deliver(createBatch(subject), NEVER), {
      kind: 'retry',
      reason: 'no token: the metadata service does not answer',
    });
    assert.equal(server.posts.length, 0);
  });

  // The clock of the test host stands at 2025-03-01T10:11:12Z.
  const waits: readonly [header: string, afterMs: number | undefined][] = [
    ['17', 17_000],
    ['Sat, 01 Mar 2025 10:13:12 GMT', 120_000],
    ['864000', 3_600_000],
    ['-5', undefined],
    ['Sat, 01 Mar 2025 00:00:00 GMT', undefined],
  ];
  for (const [header, afterMs] of waits) {
    contract(
      `429 with Retry-After ${header} waits ${afterMs ?? 'as the lane likes'}`,
      async (t) => {
        const { destination } = await createBench(t, subject, () => ({
          status: 429,
          headers: { 'retry-after': header },
        }));
        assert.deepEqual(await destination.deliver(createBatch(subject), NEVER), {
          kind: 'retry',
          status: 429,
          reason: 'HTTP 429',
          ...(afterMs !== undefined && { afterMs }),
        });
      },
    );
  }

  contract(
    'a body of a megabyte is sent, envelope and all, and one byte more is not',
    async (t) => {
      const { server, destination } = await createBench(t, subject);
      const batchOf = (bytes: number): SealedBatch => {
        const room = bytes - subject.frameBytes - '""""'.length;
        const texts = ['x'.repeat(room - 9), 'y'.repeat(9)];
        // Two fragments have a comma between them, which is sent too.
        const fragments = texts.map((text) => encodeFragment([text]));
        const rawBytes = fragments.reduce((sum, fragment) => sum + fragment.rawBytes, 0);
        return { ...createBatch(subject), fragments, rawBytes, recordCount: 2 };
      };
      assert.equal((await destination.deliver(batchOf(1_000_001), NEVER)).kind, 'split');
      assert.equal(server.posts.length, 0);
      assert.equal((await destination.deliver(batchOf(1_000_000), NEVER)).kind, 'delivered');
      assert.equal(Buffer.byteLength(server.posts[0]?.text ?? ''), 1_000_000);
      const { fragments, ...single } = batchOf(1_100_000);
      const outcome = await destination.deliver(
        { ...single, fragments: fragments.slice(0, 1), recordCount: 1 },
        NEVER,
      );
      assert.equal(outcome.kind, 'rejected');
      assert.equal(server.posts.length, 1);
    },
  );

  contract('413 asks for halves, and rejects a single record', async (t) => {
    const { destination } = await createBench(t, subject, () => ({ status: 413 }));
    assert.equal((await destination.deliver(createBatch(subject, 2), NEVER)).kind, 'split');
    assert.equal((await destination.deliver(createBatch(subject, 1), NEVER)).kind, 'rejected');
  });

  contract('a redirect is not followed: the token stays where it belongs', async (t) => {
    const { server, destination } = await createBench(t, subject, () => ({
      status: 307,
      headers: { location: 'http://127.0.0.1:1/elsewhere' },
    }));
    const outcome = await destination.deliver(createBatch(subject), NEVER);
    assert.equal(outcome.kind, 'retry');
    assert.match(reasonOf(outcome), /redirects to 127\.0\.0\.1:1, which is not followed/);
    assert.equal(server.posts.length, 1);
  });

  const failures: readonly [Behaviour, RegExp][] = [
    ['reset', /^connection (reset|closed before the answer was complete): http/],
    ['stop midway', /^connection (reset|closed before the answer was complete): http/],
    ['hang', /^no answer in time: http/],
  ];
  for (const [behaviour, words] of failures) {
    contract(`a service that answers by "${behaviour}" is tried again`, async (t) => {
      const { destination } = await createBench(t, subject, () => behaviour);
      const outcome = await destination.deliver(createBatch(subject), NEVER);
      assert.equal(outcome.kind, 'retry');
      assert.match(reasonOf(outcome), words);
    });
  }

  contract('a service that is not there is tried again', async (t) => {
    const server = await startIngestionServer(() => ({ status: 200 }));
    await server[Symbol.asyncDispose]();
    const destination = open(t, subject, server.origin, createFakeTokens());
    const outcome = await destination.deliver(createBatch(subject), NEVER);
    assert.match(reasonOf(outcome), /^connection refused: http:\/\/127\.0\.0\.1:\d+\//);
  });

  contract('a port that does not speak TLS is said to be one', async (t) => {
    const server = await startIngestionServer(() => ({ status: 200 }));
    const origin = server.origin.replace('http:', 'https:');
    const destination = open(t, subject, origin, createFakeTokens(), server);
    const outcome = await destination.deliver(createBatch(subject), NEVER);
    assert.match(reasonOf(outcome), /^TLS: the port does not speak TLS: https/);
  });

  contract('an endless answer is cut off', async (t) => {
    let written = 0;
    const server = createServer((_, response) => {
      response.writeHead(503);
      const write = (): void => {
        if (response.destroyed) return;
        written += 65_536;
        response.write('x'.repeat(65_536), write);
      };
      write();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    t.after(() => server.close());
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const origin = `http://127.0.0.1:${address.port}`;
    const destination = open(t, subject, origin, createFakeTokens());
    const outcome = await destination.deliver(createBatch(subject), NEVER);
    assert.equal(outcome.status, 503);
    assert.ok(written > 0);
  });

  contract('an abort ends the request and is not a delivery', async (t) => {
    const stop = new AbortController();
    const { destination } = await createBench(t, subject, () => {
      stop.abort();
      return 'hang';
    });
    const outcome = await destination.deliver(createBatch(subject), stop.signal);
    assert.equal(outcome.kind, 'retry');
  });

  contract('an echoed token does not reach reason or detail', async (t) => {
    const { destination } = await createBench(t, subject, (post) => ({
      status: 400,
      headers: { 'x-ms-error-code': post.headers.authorization ?? '' },
      body: `you sent ${post.headers.authorization}`,
    }));
    const outcome = await destination.deliver(createBatch(subject, 1), NEVER);
    assert.deepEqual(outcome, {
      kind: 'rejected',
      status: 400,
      reason: 'HTTP 400',
      detail: 'you sent Bearer [token]',
    });
  });

  contract('answers are read to their end, so that connections are used again', async (t) => {
    const { server, destination } = await createBench(t, subject, (_, index) => ({
      status: index % 2 === 0 ? 200 : 429,
      body: 'some words',
    }));
    for (let request = 0; request < 8; request += 1) {
      await destination.deliver(createBatch(subject), NEVER);
    }
    // The pool opens a second one when a request comes right after the last.
    assert.ok(server.connectionCount <= 2, `${server.connectionCount} connections`);
  });
}
