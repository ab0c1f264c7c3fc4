/** Where others learn to verify machine tokens. Source: OpenID Connect Discovery 1.0 §3, §4. */
import type { FastifyInstance } from 'fastify';
import type { HandlersContext } from '../context.ts';

export function registerDiscovery(app: FastifyInstance, context: HandlersContext): void {
  app.get('/identity/.well-known/openid-configuration', async () => ({
    issuer: `${context.url()}/identity`,
    jwks_uri: `${context.url()}/identity/keys`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['token'],
    subject_types_supported: ['pairwise'],
  }));
  app.get('/identity/keys', async () => ({ keys: [context.machineTokens.jwk] }));
}
