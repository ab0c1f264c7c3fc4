/** What stops the handlers from starting. Match on `code`; the message says what to do. */

export const START_ERROR_CODES = {
  ADDRESS_REFUSED: 'The host is not a loopback address and remote callers were not allowed.',
  LISTEN_FAILED: 'The address could not be listened on.',
  DATA_IN_USE: 'Another dcr-handler uses this data directory.',
  DATA_UNUSABLE: 'The data directory or a file in it cannot be read or written.',
  DATA_NEWER: 'The data directory was written by a newer version.',
  KEY_INVALID: 'A key file holds something else.',
} as const;

export type StartErrorCode = keyof typeof START_ERROR_CODES;

export class HandlerError extends Error {
  readonly code: StartErrorCode;

  constructor(code: StartErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'HandlerError';
    this.code = code;
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
