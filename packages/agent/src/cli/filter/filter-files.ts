/** The options of `dcr-agent filter` → a run. */
import type { StringCase } from '@dcr-agent/schema/event-queries';
import { systemClock } from '../../host/clock.ts';
import { printable } from '../../host/printable.ts';
import { EXIT } from '../exit-codes.ts';
import { EVENT_LOGS, findInputFiles } from '../files/input-files.ts';
import type { explainOutput } from './explain/explain-output.ts';
import { countOutput, type FilterOutput, idsOutput, xmlOutput } from './filter-output.ts';
import type { FilterQuery } from './filter-query.ts';
import { matchesOutput } from './matches-output.ts';
import { PrintTo } from './print-to.ts';
import { Progress, type Terminal } from './progress.ts';
import { readNow } from './read-now.ts';
import { readQueries } from './read-queries.ts';
import { runFilter } from './run-filter.ts';
import { readWrittenQuery } from './written-query.ts';

export interface FilterOptions {
  readonly query: readonly string[];
  readonly queries: readonly string[];
  readonly queryList: readonly string[];
  readonly output: string;
  readonly stream: string;
  readonly now?: string;
  readonly exactCase?: boolean;
  readonly verify?: boolean;
  readonly explain?: boolean;
  readonly crossCheck?: boolean;
}

const STANDARD_OUTPUT = 1;
/** Errors, and warnings, that are told one by one. */
const TOLD_MAX = 100;

/** The streams of a process take a while to set up, so they are asked for when they are needed. */
const TERMINAL: Terminal = {
  isThere: () => process.stderr.isTTY === true,
  write: (text) => void process.stderr.write(text),
};

/** Returns the exit code. */
export async function filterFiles(
  paths: readonly string[],
  options: FilterOptions,
): Promise<number> {
  const nowMs = readNow(options.now);
  const say = (line: string): void => {
    process.stderr.write(`dcr-agent: ${printable(line)}\n`);
  };
  const stringCase: StringCase = options.exactCase ? 'exact' : 'ignore';
  const { queries, errors, warnings } = await readQueries(options, stringCase);
  for (const line of [...firstOf(errors, 'errors'), ...firstOf(warnings, 'warnings')]) say(line);
  const isAnyGiven = options.query.length + options.queries.length + options.queryList.length > 0;
  if (isAnyGiven && queries.length === 0) {
    if (errors.length === 0) say('there is no query in the files given');
    return EXIT.badData;
  }
  const asked = isAnyGiven ? queries : everyEvent(stringCase);
  const input = findInputFiles(paths, EVENT_LOGS);
  for (const line of firstOf(input.errors, 'errors')) say(line);
  const out = new PrintTo(STANDARD_OUTPUT, 'standard output');
  let fileNow = '';
  const isOneFile = input.files.length === 1;
  const report = { nowMs, stringCase, fileNow: () => fileNow };
  const output =
    (await reportOf(options, out.print, asked, report)) ??
    (await outputOf(options, out, asked, () => fileNow, isOneFile));
  const total = input.files.reduce((sum, { size }) => sum + size, 0);
  const code = await runFilter({
    files: input.files,
    queries: asked,
    nowMs,
    verify: options.verify === true,
    output,
    progress: new Progress(TERMINAL, total, () => systemClock.monotonic()),
    stdin: () => process.stdin,
    complain(line) {
      out.flush();
      say(line);
    },
    fileBegins(name) {
      fileNow = name;
    },
  });
  out.flush();
  if (errors.length + input.errors.length > 0) return EXIT.badData;
  return code === EXIT.ok && output.hasFindings?.() ? EXIT.findings : code;
}

/** Those that are told one by one, and how many more there are. */
function firstOf(lines: readonly string[], what: string): readonly string[] {
  if (lines.length <= TOLD_MAX) return lines;
  return [...lines.slice(0, TOLD_MAX), `${lines.length - TOLD_MAX} more ${what}`];
}

/** What is printed instead of events; `undefined` where events are asked for. */
async function reportOf(
  { explain, crossCheck }: FilterOptions,
  ...given: Parameters<typeof explainOutput>
): Promise<FilterOutput | undefined> {
  if (explain) return (await import('./explain/explain-output.ts')).explainOutput(...given);
  if (!crossCheck) return undefined;
  return (await import('./cross-check-output.ts')).crossCheckOutput(...given);
}

async function outputOf(
  { output, stream }: FilterOptions,
  { print, write }: PrintTo,
  queries: readonly FilterQuery[],
  fileNow: () => string,
  isOneFile: boolean,
): Promise<FilterOutput> {
  const ids = queries.map(({ id }) => id);
  switch (output) {
    case 'xml':
      return xmlOutput(print);
    case 'ids':
      return idsOutput(print, fileNow, isOneFile);
    case 'count':
      return countOutput(print, ids);
    case 'matches':
      return matchesOutput(print, queries);
    default: {
      const { rowsOutput } = await import('./rows-output.ts');
      return rowsOutput(write, stream);
    }
  }
}

/** What is selected without a query. */
function everyEvent(stringCase: StringCase): readonly FilterQuery[] {
  return readWrittenQuery({ id: '*', place: '', text: '*' }, stringCase).queries;
}
