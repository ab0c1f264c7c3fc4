/** JSON that the agent itself has stored: what does not parse is damage, not a bug. */
import { AgentError } from '../errors.ts';

/** Throws `BUFFER_CORRUPT` for anything but JSON for which `is` holds. */
export function parseStored<T>(text: string, is: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AgentError('BUFFER_CORRUPT', 'A stored text is damaged', { cause: error });
  }
  if (!is(value)) throw new AgentError('BUFFER_CORRUPT', 'A stored value is damaged');
  return value;
}
