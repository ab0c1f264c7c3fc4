/** Exit codes of every command. Source: sysexits(3), with 1 for findings. */
import { CommanderError } from 'commander';
import { type ErrorCode, isAgentError, reasonOf } from '../errors.ts';

export const EXIT = {
  ok: 0,
  findings: 1,
  usage: 64,
  badData: 65,
  noInput: 66,
  unavailable: 69,
  bug: 70,
  io: 74,
  permission: 77,
  configuration: 78,
} as const;

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  AGENT_CONFIG_INVALID: EXIT.configuration,
  MACHINE_UNKNOWN: EXIT.configuration,
  METADATA_UNAVAILABLE: EXIT.unavailable,
  BUFFER_LOCKED: EXIT.unavailable,
  BUFFER_TOO_NEW: EXIT.configuration,
  BUFFER_TOO_OLD: EXIT.configuration,
  BUFFER_ABSENT: EXIT.noInput,
  LISTEN_FAILED: EXIT.unavailable,
  BUFFER_IO: EXIT.io,
  BUFFER_FULL: EXIT.io,
  BUFFER_CORRUPT: EXIT.badData,
  RULES_UNUSABLE: EXIT.bug,
};

const FORBIDDEN_HINT =
  'Run it as a user who may, or name another place; `dcr-agent run --help` tells how.';

/** The code a process ends with after this error, whatever was thrown. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (isAgentError(error, 'AGENT_CONFIG_INVALID')) return EXIT.configuration;
  if (isForbidden(error)) return EXIT.permission;
  if (isAgentError(error)) return BY_CODE[error.code] ?? EXIT.unavailable;
  return isSystemError(error) ? EXIT.io : EXIT.bug;
}

/** What to say of it on stderr; a stack only for what is our own mistake. */
export function lastWords(error: unknown): string {
  if (error instanceof CommanderError) return '';
  const code = exitCodeOf(error);
  if (code === EXIT.permission) return `dcr-agent: ${reasonOf(error)}\n${FORBIDDEN_HINT}`;
  if (code !== EXIT.bug) return `dcr-agent: ${reasonOf(error)}`;
  const stack = error instanceof Error ? error.stack : String(error);
  return `dcr-agent: this is a bug, please report it\n${stack}`;
}

/** The system refused it to this user, at the bottom of whatever was made of that. */
function isForbidden(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isSystemError(error) && (error.code === 'EACCES' || error.code === 'EPERM')) return true;
  return isForbidden(error.cause);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && /^E[A-Z\d]+$/.test(error.code);
}
