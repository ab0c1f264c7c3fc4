import type { FastifyRequest } from 'fastify';
import { ArmError } from './arm-error.ts';

/** One query parameter, its name in any letter case as ARM reads them; the first of several. */
export function queryParameter(request: FastifyRequest, name: string): string | undefined {
  const query = request.query as Readonly<Record<string, string | readonly string[]>>;
  for (const key of Object.keys(query)) {
    if (key.toLowerCase() !== name.toLowerCase()) continue;
    const value = query[key];
    return typeof value === 'string' ? value : value?.[0];
  }
  return undefined;
}

/** Any version is accepted; which one is asked for decides nothing here. */
export function requireApiVersion(request: FastifyRequest): void {
  const version = queryParameter(request, 'api-version');
  if (version !== undefined && version !== '') return;
  throw new ArmError(
    'MissingApiVersionParameter',
    "The api-version query parameter is required; append e.g. '?api-version=2023-03-11'.",
  );
}
