/** `dcr-agent filter`: the events of log files that queries select, without an agent. */
import { type Command, Option } from 'commander';
import type { FilterOptions } from './filter/filter-files.ts';
import { gathered } from './gathered.ts';

const OUTPUTS = ['ndjson', 'xml', 'ids', 'count', 'matches'];
const STREAMS = ['Microsoft-WindowsEvent', 'Microsoft-Event', 'Microsoft-SecurityEvent'];

export function addFilterCommand(program: Command): void {
  program
    .command('filter')
    .summary('select events of log files by XPath')
    .description(
      'Prints the events of .evtx and event XML files that any of the queries selects; without a query, every event.\nA refused query or an unreadable file is told on stderr, the rest goes on, and the exit code is 65.',
    )
    .argument('<file...>', 'log files, folders of them, or - for event XML on standard input')
    .addOption(gathered('-q, --query <query>', 'Channel!XPath, or an XPath for every channel'))
    .addOption(
      gathered('--queries <file>', 'table of queries: tabs, header with id, channel, query'),
    )
    .addOption(
      gathered('--query-list <file>', 'structured query (<QueryList>), as Event Viewer has'),
    )
    .addOption(
      new Option('-o, --output <form>', 'what to print of them').choices(OUTPUTS).default('ndjson'),
    )
    .addOption(
      new Option('--stream <stream>', 'the table that ndjson rows are for')
        .choices(STREAMS)
        .default('Microsoft-WindowsEvent'),
    )
    .option(
      '--now <time>',
      'what timediff measures to, such as 2025-06-09T00:00:00Z, 2025-06-09T14:30+02:00 or 2025-06-09; UTC without a zone',
    )
    .option('--exact-case', 'compare texts with regard to case')
    .option('--verify', 'check the checksums of .evtx files; damage ends with 65')
    .addOption(
      new Option(
        '--explain',
        'print how the queries were asked, and what each condition kept',
      ).conflicts(['output', 'stream']),
    )
    .addOption(
      new Option(
        '--cross-check',
        'ask an independent XPath engine as well, and tell where it differs; then exits 1',
      ).conflicts(['output', 'stream', 'explain']),
    )
    .addHelpText(
      'after',
      `
Outputs:
  ndjson   one row per line, as the stream's table has it
  xml      one <Event> after the other, as Windows exports it
  ids      the EventRecordID of each event
  count    how many events each query selects
  matches  one JSON line per file and query: {"file","query","of","matched","ids":[…]}

Explanations tell for each condition of a query how many events fulfil it alone, and how
many are left with what stands before it; and where none is, which event comes nearest.

Examples:
  dcr-agent filter Security.evtx -q 'Security!*[System[EventID=4625]]'
  dcr-agent filter logs/ --queries rules.tsv --output matches
  wevtutil qe System /f:xml | dcr-agent filter - -q '*[System[Level<=2]]' --output count`,
    )
    .action(async (paths: string[], options: FilterOptions) => {
      // Loaded only here, so that help and mistakes need not wait for it.
      const { filterFiles } = await import('./filter/filter-files.ts');
      process.exitCode = await filterFiles(paths, options);
    });
}
