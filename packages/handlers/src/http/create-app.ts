/**
 * The HTTP server without a single route: bodies arrive as bytes, paths match in any letter
 * case, and whatever goes wrong leaves as an ARM error, down to garbage on the socket.
 */

import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { ArmError } from './arm-error.ts';
import type { ErrorCode } from './error-codes.ts';

/** A slow sender is cut off; nothing an agent sends takes this long. */
const REQUEST_TIMEOUT_MS = 120_000;

/** Longer than any resource id, so that one fits into a path segment. */
const PARAMETER_LENGTH_MAX = 2048;

export function createApp(log: FastifyBaseLogger): FastifyInstance {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: () => randomUUID(),
    routerOptions: {
      caseSensitive: false,
      // Azure's SDK for JavaScript puts a slash behind every URL it is given.
      ignoreTrailingSlash: true,
      maxParamLength: PARAMETER_LENGTH_MAX,
    },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request) => {
    throw new ArmError('NotFound', `There is nothing at ${request.method} ${pathOf(request)}.`);
  });
  return app;
}

/** Path without the query, which may carry ids nobody needs in a log. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

function sendError(
  error: FastifyError | ArmError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const answer = error instanceof ArmError ? error : translate(error, request);
  const facts = { method: request.method, path: pathOf(request), status: answer.status };
  if (answer.code === 'InternalServerError') request.log.error({ ...facts, err: error }, 'failed');
  else request.log.info({ ...facts, code: answer.code }, answer.message);
  return reply.code(answer.status).headers(answer.headers()).send(answer.body());
}

const FRAMEWORK_ERRORS: ReadonlyMap<string, ErrorCode> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'RequestEntityTooLarge'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'UnsupportedMediaType'],
  ['FST_ERR_BAD_URL', 'InvalidRequestUri'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'InvalidRequestUri'],
]);

function translate(error: FastifyError, request: FastifyRequest): ArmError {
  const code = FRAMEWORK_ERRORS.get(error.code);
  if (code === 'RequestEntityTooLarge') {
    const limit = request.routeOptions.bodyLimit;
    return new ArmError(code, `The body is larger than the ${limit} bytes accepted here.`);
  }
  if (code !== undefined) return new ArmError(code, `${error.message}.`);
  const isRefusal = error.statusCode !== undefined && error.statusCode < 500;
  if (isRefusal) return new ArmError('InvalidRequestContent', `${error.message}.`);
  return new ArmError(
    'InternalServerError',
    `The request failed and nothing was stored; the server's log has request ${request.id}.`,
  );
}

/** What is not HTTP at all never reaches a route. */
function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = new ArmError(
    'InvalidRequestContent',
    `The request is not HTTP: ${error.message}.`,
  );
  const body = JSON.stringify(refusal.body());
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Content-Type: application/json\r\nConnection: close\r\n\r\n${body}`,
  );
}
