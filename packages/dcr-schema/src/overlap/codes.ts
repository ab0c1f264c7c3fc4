/**
 * What can be said of several rules of one machine. Codes are stable, texts are not. All of them
 * are warnings: each rule by itself is good.
 */
export const OVERLAP_CODES = {
  OVERLAP_EVENTS: {
    meaning: 'two data sources send the same Windows events to the same table',
    hint: 'they are stored and billed twice; narrow one query so that no event fulfils both, or drop one',
  },
  OVERLAP_SYSLOG: {
    meaning: 'two data sources send the same syslog messages to the same table',
    hint: 'they are stored and billed twice; keep facilities or levels apart',
  },
  OVERLAP_FILES: {
    meaning: 'two data sources read the same log files into the same table',
    hint: 'their lines are stored and billed twice; keep the patterns apart',
  },
  OVERLAP_COUNTERS: {
    meaning: 'two data sources send the same performance counter to the same table',
    hint: 'its samples are stored and billed twice; leave the counter to one of them',
  },
  OVERLAP_RULE_NAME: {
    meaning: 'two rules have the same name',
    hint: 'give each rule its own name, or remove the copy',
  },
  AZURE_STREAM_MANY_WORKSPACES: {
    meaning: 'a stream of log files is sent to more than one workspace',
    hint: 'Azure takes a text or JSON stream into one workspace only; declare another stream for the other',
  },
  AZURE_RULES_PER_MACHINE: {
    meaning: 'a machine has more rules than Azure lets be associated with one',
    hint: 'put several of them into one rule',
  },
} as const;

export type OverlapCode = keyof typeof OVERLAP_CODES;
