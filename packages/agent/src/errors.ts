/**
 * Errors that are thrown: the agent cannot go on with something. Match on `code`, not on class
 * or text. What the author of a rule got wrong is a `Diagnostic`, what a service refused is a
 * `DeliveryOutcome`; neither is thrown.
 */

export const ERROR_CODES = {
  AGENT_CONFIG_INVALID: 'The agent configuration is wrong or cannot be read.',
  BUFFER_FULL: 'The durable buffer has reached its quota.',
  BUFFER_CORRUPT: 'The durable buffer is damaged.',
  BUFFER_CLOSED: 'The durable buffer was used after it was closed.',
  BUFFER_LOCKED: 'Another agent uses this state directory.',
  BUFFER_IO: 'The durable buffer cannot be written.',
  BUFFER_TOO_NEW: 'The durable buffer was written by a newer agent.',
  BUFFER_TOO_OLD: 'The durable buffer was written by an older agent and is not migrated yet.',
  BUFFER_ABSENT: 'There is no buffer, batch or entry of the name that was given.',
  CREDENTIAL_UNAVAILABLE: 'No token could be obtained for the machine.',
  CONTROL_PLANE_REFUSED: 'The control plane refused the request.',
  CONTROL_PLANE_UNREACHABLE: 'The control plane did not answer.',
  SOURCE_UNAVAILABLE: 'A source cannot be opened or read.',
  DESTINATION_UNUSABLE: 'A destination cannot be sent to as the rule describes it.',
  LISTEN_FAILED: 'An address could not be listened on.',
  RULES_UNUSABLE: 'A set of rules could not be put in force.',
  METADATA_UNAVAILABLE: 'The metadata service did not say which machine this is.',
  PROXY_REFUSED: 'The proxy does not let the agent through.',
  PROXY_FAILED: 'The proxy, or the host behind it, cannot be reached.',
  CERTIFICATE_REFUSED: 'A server or proxy did not prove who it is.',
  MACHINE_UNKNOWN: 'The resource id of this machine is not known.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export class AgentError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AgentError';
    this.code = code;
  }
}

export function isAgentError(error: unknown, code?: ErrorCode): error is AgentError {
  return error instanceof AgentError && (code === undefined || error.code === code);
}

/** The message of whatever was thrown, with its cause when that says more. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  return cause === undefined || error.message.includes(cause)
    ? error.message
    : `${error.message}: ${cause}`;
}

/** What the system or Node.js calls an error that it reports, such as `ENOENT`. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Whether an error says that there is no such file or directory. */
export function isAbsence(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
