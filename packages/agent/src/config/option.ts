/** What is known of an option, and what its flag and its variable are called. */
import type { OptionType } from './option-types.ts';

export interface Option {
  /** Where it stands in the configuration file, dots between the levels. */
  readonly path: string;
  readonly type: OptionType;
  readonly default?: unknown;
  /** Its default with `delivery.profile: legacy`. */
  readonly legacy?: unknown;
  /** What holds without a value, where that is no fixed value. */
  readonly otherwise?: string;
  /** One sentence fragment, for `--help` and the table. */
  readonly help: string;
  /** Flag without dashes; by default the path in kebab-case. */
  readonly flag?: string;
  /** A variable of another program's that is obeyed too, after the agent's own. */
  readonly alsoVariable?: string;
}

export const VARIABLE_PREFIX = 'DCR_AGENT_';

/** `control.pollIntervalSeconds` → `DCR_AGENT_CONTROL_POLL_INTERVAL_SECONDS` */
export function variableOf(option: Option): string {
  return VARIABLE_PREFIX + wordsOf(option.path).join('_').toUpperCase();
}

/** `control.pollIntervalSeconds` → `control-poll-interval-seconds` */
export function flagOf(option: Option): string {
  return option.flag ?? wordsOf(option.path).join('-').toLowerCase();
}

/** A path has few words, none of them with two capitals in a row. */
function wordsOf(path: string): string[] {
  return path.split(/[.]|(?=[A-Z])/);
}
