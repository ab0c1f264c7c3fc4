/**
 * The agent's own log, as the rest of the agent sees it. An entry is a sentence for the
 * operator and the facts beside it; records and secrets never go into it.
 */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  /** Nothing is lost, but someone should look. */
  warn(facts: object, message: string): void;
  /** Someone must act. */
  error(facts: object, message: string): void;
  child(facts: object): Log;
}

export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
