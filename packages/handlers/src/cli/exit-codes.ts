/** Source: sysexits.h, as far as the commands need it. */
export const EXIT = {
  ok: 0,
  usage: 64,
  badData: 65,
  noInput: 66,
  unavailable: 69,
  bug: 70,
  io: 74,
  permission: 77,
  configuration: 78,
} as const;

/** Ends a command: what to say on standard error, and how. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}
