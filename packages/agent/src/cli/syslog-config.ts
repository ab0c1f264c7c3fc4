/** `dcr-agent syslog-config`: points the syslog daemon of this machine at the agent. */
import { readFileSync } from 'node:fs';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { AgentError, reasonOf } from '../errors.ts';
import { complain, printJson, printLines } from './books/print.ts';
import { EXIT } from './exit-codes.ts';
import { readConfig } from './read-config.ts';
import { findAgentAddress } from './syslog-config/agent-address.ts';
import { type CheckReport, checkForwarding } from './syslog-config/check.ts';
import {
  addressText,
  DAEMON_NAMES,
  DAEMONS,
  type DaemonName,
  parseAddress,
  parseQueueFolder,
  type TcpAddress,
} from './syslog-config/daemon.ts';
import { rsyslogDropIn } from './syslog-config/rsyslog-drop-in.ts';
import { syslogNgDropIn } from './syslog-config/syslog-ng-drop-in.ts';
import { readSyslogNgMain, sourceToForward } from './syslog-config/syslog-ng-main.ts';

interface PlaceOptions {
  readonly controlSocket?: string;
  readonly config?: string;
  readonly stateDir?: string;
  readonly mainConfig?: string;
}

interface PrintOptions extends PlaceOptions {
  readonly address?: TcpAddress;
  readonly source?: string;
  readonly queueDir?: string;
}

interface CheckCommandOptions extends PlaceOptions {
  readonly file?: string;
  readonly json?: true;
}

export function addSyslogConfigCommand(program: Command): void {
  const group = program
    .command('syslog-config')
    .summary('point rsyslog or syslog-ng at the agent')
    .description(
      'Prints what makes the syslog daemon of this machine forward to the agent, and checks it.\nChanges nothing by itself.',
    );
  addPrintCommand(group);
  addCheckCommand(group);
}

function addPrintCommand(group: Command): void {
  const command = group
    .command('print')
    .summary('print the drop-in for the daemon')
    .description(
      'Prints the file that makes the daemon forward everything to the agent over TCP, with a queue on the disk.\nThe address is the one the running agent listens on, or else the configured one.\nExits 78 when the configuration of the daemon does not tell what has to be known.',
    )
    .addArgument(daemonArgument())
    .option('--address <host:port>', 'where the agent listens', tcpAddress)
    .option('--source <name>', 'syslog-ng: the source to forward', sourceName)
    .option('--queue-dir <folder>', 'where the daemon keeps its queue', queueFolder);
  addPlaceOptions(command)
    .addHelpText(
      'after',
      `\nExample:\n  dcr-agent syslog-config print rsyslog | sudo tee ${DAEMONS.rsyslog.dropIn}`,
    )
    .action(async (daemon: DaemonName, options: PrintOptions) => {
      const address = options.address ?? (await addressInUse(options));
      const { queueDir } = options;
      if (daemon === 'rsyslog') process.stdout.write(rsyslogDropIn(address, queueDir));
      else process.stdout.write(syslogNgDropIn(address, sourceOf(options), queueDir));
    });
}

function addCheckCommand(group: Command): void {
  const command = group
    .command('check')
    .summary('check that the daemon forwards to the agent')
    .description(
      'Tells whether the drop-in is installed and sends to the agent that runs, with a queue on the disk, and whether the daemon accepts its configuration.\nExits 1 with findings, 69 when something cannot be told.',
    )
    .addArgument(daemonArgument())
    .option('--file <path>', 'the drop-in, where it is not in its usual place')
    .option('--json', 'print JSON');
  addPlaceOptions(command)
    .addHelpText('after', '\nExample:\n  dcr-agent syslog-config check rsyslog')
    .action(async (daemon: DaemonName, options: CheckCommandOptions) => {
      const { dropIn, mainConfiguration } = DAEMONS[daemon];
      const report = await checkForwarding({
        daemon,
        file: options.file ?? dropIn,
        mainConfiguration: options.mainConfig ?? mainConfiguration,
        agent: await findAgentAddress(readConfig(placesOf(options))),
        env: process.env,
      });
      if (options.json) printJson(report);
      else printLines(reportLines(report));
      if (report.findings.length > 0) process.exitCode = EXIT.findings;
      else if (report.untold.length > 0) process.exitCode = EXIT.unavailable;
    });
}

function daemonArgument(): Argument {
  return new Argument('<daemon>', 'the daemon of this machine').choices(DAEMON_NAMES);
}

function addPlaceOptions(command: Command): Command {
  return command
    .option('--main-config <path>', 'main configuration file of the daemon')
    .option('--control-socket <path>', 'control socket of the agent')
    .option('--config <file>', 'agent configuration file')
    .option('--state-dir <folder>', 'state directory of the agent');
}

/** Those of the agent's own options that are given. */
function placesOf({ controlSocket, config, stateDir }: PlaceOptions): Record<string, string> {
  return {
    ...(controlSocket !== undefined && { controlSocket }),
    ...(config !== undefined && { config }),
    ...(stateDir !== undefined && { stateDir }),
  };
}

async function addressInUse(options: PlaceOptions): Promise<TcpAddress> {
  const { address, from, found } = await findAgentAddress(readConfig(placesOf(options)));
  if (address === undefined) {
    const message =
      'no port is known: sources.syslog.tcp names none that is fixed, and no running agent tells';
    throw new AgentError('AGENT_CONFIG_INVALID', `${message}; name it with --address`);
  }
  if (from === 'the configuration') {
    const why = found.status === undefined ? 'no agent answers' : 'the agent does not listen yet';
    complain(`${why}: ${addressText(address)} is what is configured`);
  }
  return address;
}

function sourceOf({ mainConfig, source }: PrintOptions): string {
  const path = mainConfig ?? DAEMONS['syslog-ng'].mainConfiguration;
  try {
    return sourceToForward(readSyslogNgMain(readFileSync(path, 'utf8')), path, source);
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isAbsent && source !== undefined) return source;
    const advice = isAbsent
      ? '; name the file with --main-config, or the source with --source'
      : '';
    throw new AgentError('AGENT_CONFIG_INVALID', `${reasonOf(error)}${advice}`, { cause: error });
  }
}

function reportLines({ daemon, file, target, findings, untold }: CheckReport): string[] {
  const told = findings.flatMap(({ what, where, advice }) => [
    what,
    `  where: ${where}`,
    `  to do: ${advice}`,
  ]);
  const open = untold.map((reason) => `not known: ${reason}`);
  if (told.length + open.length > 0) return [...told, ...open];
  return [`${file} is well: ${daemon} forwards to ${target}, where the agent listens`];
}

function tcpAddress(text: string): TcpAddress {
  const address = parseAddress(text);
  if (address !== undefined) return address;
  throw new InvalidArgumentError('it must be an address such as 127.0.0.1:28330 or [::1]:28330.');
}

function sourceName(text: string): string {
  if (/^[\w.-]+$/.test(text)) return text;
  throw new InvalidArgumentError('it must be the name of a source, such as s_src.');
}

function queueFolder(text: string): string {
  const folder = parseQueueFolder(text);
  if (folder !== undefined) return folder;
  const rule = 'it must be an absolute path to a folder of its own, such as /var/spool/dcr-agent';
  throw new InvalidArgumentError(`${rule}, without blanks, quotes or backslashes.`);
}
