/** The commands of `dcr-agent`. */
import { Command } from 'commander';
import { VERSION } from '../version.ts';

interface CommandEntry {
  readonly summary: string;
  /** Adds the command; loaded only when it is asked for, as some bring half of the agent. */
  load(): Promise<(program: Command) => void>;
}

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  run: {
    summary: 'run the agent',
    load: async () => (await import('./run.ts')).addRunCommand,
  },
  status: {
    summary: 'show what a running agent does',
    load: async () => (await import('./status.ts')).addStatusCommand,
  },
  audit: {
    summary: 'account for every record',
    load: async () => (await import('./audit.ts')).addAuditCommand,
  },
  buffer: {
    summary: 'look at what waits to be delivered, and repair it',
    load: async () => (await import('./buffer.ts')).addBufferCommand,
  },
  quarantine: {
    summary: 'look at what services refused, send it again or drop it',
    load: async () => (await import('./quarantine.ts')).addQuarantineCommand,
  },
  config: {
    summary: 'show the configuration',
    load: async () => (await import('./config.ts')).addConfigCommand,
  },
  'syslog-config': {
    summary: 'point rsyslog or syslog-ng at the agent',
    load: async () => (await import('./syslog-config.ts')).addSyslogConfigCommand,
  },
  'syslog-profile': {
    summary: 'show who sends which syslog, and what collects it',
    load: async () => (await import('./syslog-profile.ts')).addSyslogProfileCommand,
  },
  validate: {
    summary: 'check rules before they are deployed',
    load: async () => (await import('./validate.ts')).addValidateCommand,
  },
  explain: {
    summary: 'say in words what rules do',
    load: async () => (await import('./explain.ts')).addExplainCommand,
  },
  filter: {
    summary: 'select events of log files by XPath',
    load: async () => (await import('./filter.ts')).addFilterCommand,
  },
  replay: {
    summary: 'show what rules make of captured inputs',
    load: async () => (await import('./replay.ts')).addReplayCommand,
  },
};

/**
 * The program for a command line, of which `args` are the arguments. Throws a `CommanderError`
 * where commander would end the process; commands do the same.
 */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('dcr-agent')
    .description(
      'Collects what Data Collection Rules ask for and delivers it to every destination they name.',
    )
    .version(VERSION)
    .showHelpAfterError('(--help tells more)')
    .exitOverride();
  // `help run` names its command second.
  const asked = args.filter((arg) => Object.hasOwn(COMMANDS, arg)).slice(0, 1);
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    if (asked.includes(name)) (await load())(program);
    else program.command(`${name} [options]`).summary(summary);
  }
  return program;
}
