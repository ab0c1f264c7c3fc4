/** `dcr-agent syslog-profile`: who sends which syslog to a running agent, and what collects it. */
import { type Command, InvalidArgumentError } from 'commander';
import type { SyslogProfile } from '../syslog-profile.ts';
import { askAgent, refusalOf } from './ask-agent.ts';
import { complain, printJson, printLines } from './books/print.ts';
import { columns } from './columns.ts';
import { EXIT } from './exit-codes.ts';
import { findAgent } from './find-agent.ts';
import { readConfig } from './read-config.ts';

interface ProfileOptions {
  readonly for: number;
  readonly json?: true;
}

/** Beyond the time that is asked for. */
const ANSWER_MS_MAX = 30_000;
/** A timer of the agent may be this much too fast, and no more. */
const EARLY_SECONDS = 0.1;

export function addSyslogProfileCommand(program: Command): void {
  program
    .command('syslog-profile')
    .summary('show who sends which syslog, and what collects it')
    .description(
      'Listens to what the running agent receives, and prints by host, program, facility, severity and format how many messages came and which data source collects them.\nNothing is sampled; the agent takes longer for each message meanwhile, and none at other times.\nExits 69 when no agent answers, or when it does not collect syslog.',
    )
    .option('--for <time>', 'how long: 60s, 5m, 1h at most', duration, 60)
    .option('--json', 'print JSON')
    .option('--control-socket <path>', 'control socket of the agent')
    .option('--config <file>', 'agent configuration file')
    .option('--state-dir <folder>', 'state directory of the agent')
    .addHelpText('after', '\nExample:\n  dcr-agent syslog-profile --for 60s')
    .action(async ({ for: seconds, json, ...places }: ProfileOptions) => {
      const { path, refusals } = await findAgent(readConfig(places));
      if (path === undefined) {
        complain(`no agent answers: ${refusals.join('; ')}`);
        process.exitCode = EXIT.unavailable;
        return;
      }
      complain(`listening for ${seconds} s`);
      const profile = await askProfile(path, seconds);
      if (profile instanceof Error) {
        complain(profile.message);
        process.exitCode = EXIT.unavailable;
        return;
      }
      if (profile.seconds < seconds - EARLY_SECONDS) {
        complain(`the agent stopped after ${Math.round(profile.seconds)} s; until then came:`);
      }
      if (json) printJson(profile);
      else printLines(profileLines(profile));
    });
}

async function askProfile(socket: string, seconds: number): Promise<SyslogProfile | Error> {
  const path = `/syslog-profile?seconds=${seconds}`;
  const timeoutMs = seconds * 1_000 + ANSWER_MS_MAX;
  try {
    const answer = await askAgent(socket, { method: 'GET', path, timeoutMs });
    if (answer.status !== 200) return refusalOf(answer);
    return answer.body as unknown as SyslogProfile;
  } catch (error) {
    return error as Error;
  }
}

const HEAD = [
  'HOST',
  'PROGRAM',
  'FACILITY',
  'SEVERITY',
  'FORMAT',
  'COUNT',
  'PER S',
  'COLLECTED BY',
];

/** The table for people. */
export function profileLines(profile: SyslogProfile): string[] {
  const { seconds, messages, uncollected, rows, others, othersUncollected } = profile;
  const total = `${messages === 1 ? 'one message' : `${messages} messages`} in ${Math.round(seconds)} s`;
  if (messages === 0) return [`${total}: none came, or none was let through to the agent`];
  const table = rows.map((row) => [
    row.host || '-',
    row.program || '-',
    row.facility,
    row.severity || '-',
    row.format,
    String(row.count),
    row.perSecond.toFixed(2),
    row.collectedBy.join(' ') || (row.refusal === undefined ? 'none' : `none: ${row.refusal}`),
  ]);
  return [
    ...columns([HEAD, ...table]),
    '',
    `${total}, ${uncollected} of them not collected`,
    ...(others === 0
      ? []
      : [
          `${others} of these are in no row above, ${othersUncollected} of them not collected: they are of too many kinds`,
        ]),
  ];
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
const SECONDS_MAX = 3_600;

/** Seconds. */
function duration(text: string): number {
  const [, digits, unit = 's'] = /^(\d{1,5})([smh])?$/.exec(text) ?? [];
  const seconds = Number(digits) * UNITS[unit]!;
  if (seconds >= 1 && seconds <= SECONDS_MAX) return seconds;
  throw new InvalidArgumentError('it must be a time such as 60s or 5m, from 1s to 1h.');
}
