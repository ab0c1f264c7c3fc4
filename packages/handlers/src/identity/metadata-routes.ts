/**
 * Instance metadata and managed-identity tokens, as a virtual machine finds them.
 * Source: Microsoft Entra documentation, "How to use managed identities on a VM to acquire an
 * access token"; shapes and error names read 2026-11.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HandlersContext } from '../context.ts';
import { resourceParts } from '../control-plane/resource-path.ts';
import { isLoopback } from '../http/loopback.ts';
import { queryParameter } from '../http/query.ts';
import type { StoredResource } from '../store/store.ts';
import { callingMachine, selectIdentity } from './identities.ts';
import { IdentityError } from './identity-error.ts';

const AUDIENCE_LENGTH_MAX = 2048;

export function registerMetadata(app: FastifyInstance, context: HandlersContext): void {
  void app.register((scope, _options, done) => {
    scope.setErrorHandler(sendIdentityError);
    scope.addHook('onRequest', async (request) => requireMetadataCaller(request, context));
    for (const prefix of ['', '/machines/:machine']) {
      scope.get(`${prefix}/metadata/identity/oauth2/token`, (request, reply) =>
        sendToken(request, reply, context),
      );
      scope.get(`${prefix}/metadata/instance`, async (request) => ({
        compute: await computeOf(request, context),
        network: { interface: [] },
      }));
      scope.get(`${prefix}/metadata/instance/compute`, (request) => computeOf(request, context));
    }
    done();
  });
}

/** What keeps a token from those who can only make a machine's programs send requests. */
function requireMetadataCaller(request: FastifyRequest, context: HandlersContext): void {
  if (request.headers.metadata?.toString().toLowerCase() !== 'true') {
    throw new IdentityError(400, 'bad_request_102', 'Required metadata header not specified.');
  }
  if (request.headers['x-forwarded-for'] !== undefined) {
    throw new IdentityError(
      400,
      'invalid_request',
      'A request that was forwarded is refused; ask without a proxy.',
    );
  }
  if (context.allowRemoteIdentity || isLoopback(request.ip)) return;
  throw new IdentityError(
    403,
    'unauthorized_client',
    `Tokens are given on this machine only, ${request.ip} is another; start the server with --allow-remote-identity to give them to anyone who can reach it.`,
  );
}

function requireVersion(request: FastifyRequest): void {
  if (queryParameter(request, 'api-version')) return;
  throw new IdentityError(
    400,
    'invalid_request',
    "Required query variable 'api-version' is missing; append e.g. 'api-version=2018-02-01'.",
  );
}

async function sendToken(
  request: FastifyRequest,
  reply: FastifyReply,
  context: HandlersContext,
): Promise<FastifyReply> {
  requireVersion(request);
  const resource = queryParameter(request, 'resource') ?? '';
  if (!URL.canParse(resource) || resource.length > AUDIENCE_LENGTH_MAX) {
    throw new IdentityError(
      400,
      'invalid_resource',
      "Query variable 'resource' must be the URI of the service the token is for, e.g. https://monitor.azure.com/",
    );
  }
  const machine = await callingMachine(machineInPath(request), context);
  const identity = selectIdentity(request, machine);
  const issuer = `${context.url()}/identity`;
  const { token, notBeforeS, expiresAtS } = await context.machineTokens.issue(
    identity,
    resource,
    issuer,
  );
  const lifetime = String(expiresAtS - notBeforeS);
  return reply.header('cache-control', 'no-store').send({
    access_token: token,
    client_id: identity.clientId,
    expires_in: lifetime,
    expires_on: String(expiresAtS),
    ext_expires_in: lifetime,
    not_before: String(notBeforeS),
    resource,
    token_type: 'Bearer',
  });
}

async function computeOf(request: FastifyRequest, context: HandlersContext): Promise<object> {
  requireVersion(request);
  const machine = await callingMachine(machineInPath(request), context);
  const { subscriptionId, resourceGroup, name } = resourceParts(machine.id);
  return {
    azEnvironment: 'AzurePublicCloud',
    location: locationOf(machine) ?? context.region,
    name,
    osType: osTypeOf(machine),
    resourceGroupName: resourceGroup,
    resourceId: machine.id,
    subscriptionId,
    tagsList: [],
    vmId: machine.immutableId,
    vmScaleSetName: '',
  };
}

function locationOf(machine: StoredResource): string | undefined {
  const { location } = JSON.parse(machine.body) as { location?: unknown };
  return typeof location === 'string' ? location : undefined;
}

/** As the machine was registered; else as this server's, which is where its callers run. */
function osTypeOf(machine: StoredResource): string {
  const { properties } = JSON.parse(machine.body) as { properties?: { osType?: unknown } };
  if (typeof properties?.osType === 'string') return properties.osType;
  return process.platform === 'win32' ? 'Windows' : 'Linux';
}

function machineInPath(request: FastifyRequest): string | undefined {
  return (request.params as { machine?: string }).machine;
}

function sendIdentityError(error: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
  // Injected faults and bugs are for the app's own handler.
  if (!(error instanceof IdentityError)) throw error;
  request.log.info({ status: error.status, code: error.error }, error.message);
  return reply.code(error.status).send(error.body());
}
