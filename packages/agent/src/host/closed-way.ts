/** Whether a request failed because the way to the service is closed until someone acts. */
import { type ErrorCode, isAgentError } from '../errors.ts';

/** A proxy that refuses, a certificate that is not accepted: asking again at once is no use. */
const CLOSED: ReadonlySet<ErrorCode> = new Set(['PROXY_REFUSED', 'CERTIFICATE_REFUSED']);

/** Looks into causes, too. */
export function isWayClosed(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (isAgentError(error) && CLOSED.has(error.code)) || isWayClosed(error.cause);
}
