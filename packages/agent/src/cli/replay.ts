/** `dcr-agent replay`: what rules make of captured inputs, without an agent and without a cloud. */
import type { Command } from 'commander';
import { gathered, parametersOption } from './gathered.ts';
import type { ReplayCommandOptions } from './replay/run-replay.ts';

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .summary('show what rules make of captured inputs')
    .description(
      'Runs rules over captured inputs with the code of the agent, and reports what is kept, what it comes to in tables and on the wire, and what matches nothing.\nNothing is sent.',
    )
    .argument(
      '<rule...>',
      'files of rules, or of templates and policies that hold them; together they are the rules of one machine',
    )
    .addOption(gathered('-i, --input <kind=path>', 'captured records; may be given again'))
    .addOption(
      gathered('--against <rule>', 'compare with these rules: what appears, what vanishes'),
    )
    .addOption(parametersOption())
    .option('--rows <n>', 'sample rows of a flow, and examples of a change', '3')
    .option(
      '--received <time>',
      'when everything was received, such as 2025-06-09T00:00:00Z; otherwise as it was written',
    )
    .option('--deny-empty', 'exit 1 when a query or a flow that has input matches nothing')
    .option('--json', 'the whole report as JSON')
    .addHelpText(
      'after',
      `
Kinds of input, each with a file, a folder of files, or - for standard input:
  events    .evtx and event XML; an event goes to the flows of its own channel
  syslog    as a daemon writes it to a file, or as it was sent: lines or counted frames
  text      log files of format text; records are told apart as the data source says
  json      log files of format json, an object on each line
  iis       logs of web servers, W3C format
  firewall  logs of the Windows firewall
Instead of a kind, the name of a data source gives it the records alone: orders=app.log.
Of several data sources of text, a file is for those whose filePatterns name it.

Sizes per day are extrapolated from the time that the records themselves cover, and left out where
that is under a minute or not known. What is billed is estimated from what Azure publishes of it.
Where records carry no year or no time, --received gives one; without it the same input still
gives the same report.

Exit codes: 0; 1 for mistakes in a rule, and with --deny-empty; 64 for mistakes of the command line;
65 for an input that cannot be read as its kind; 66 for a missing rule or input.

Examples:
  dcr-agent replay rule.json -i events=Security.evtx -i syslog=/var/log/messages
  dcr-agent replay new.json --against old.json -i orders=app.log --rows 10
  dcr-agent replay rule.json -i events=logs/ --deny-empty --json`,
    )
    .action(async (files: string[], options: ReplayCommandOptions) => {
      // Loaded only here, so that help and mistakes need not wait for it.
      const { runReplay } = await import('./replay/run-replay.ts');
      process.exitCode = await runReplay(files, options);
    });
}
