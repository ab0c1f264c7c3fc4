/** A file that cannot be opened or read. */
import { AgentError, reasonOf } from '../errors.ts';

export function unavailable(path: string, cause: unknown): AgentError {
  const message = `cannot open ${path}: ${reasonOf(cause)}`;
  return new AgentError('SOURCE_UNAVAILABLE', message, { cause });
}
