/** The options of `dcr-agent replay` → a replay, and its report. */
import { readTime } from '@dcr-agent/schema/event-queries';
import { isAgentError } from '../../errors.ts';
import { systemClock } from '../../host/clock.ts';
import { printable } from '../../host/printable.ts';
import { type Replayed, replay } from '../../replay/replay.ts';
import { emptyParts, type ReplayReport, reportOf } from '../../replay/report.ts';
import { readParameters } from '../documents/read-parameters.ts';
import { EXIT } from '../exit-codes.ts';
import { PrintTo } from '../filter/print-to.ts';
import { Progress, type Terminal } from '../filter/progress.ts';
import { readInputs } from './read-inputs.ts';
import { type ReadRules, readRules } from './read-rules.ts';
import { reportText } from './report-text.ts';

export interface ReplayCommandOptions {
  readonly input: readonly string[];
  readonly against: readonly string[];
  readonly parameters: readonly string[];
  readonly rows: string;
  readonly received?: string;
  readonly denyEmpty?: boolean;
  readonly json?: boolean;
}

const STANDARD_OUTPUT = 1;
const ROWS_MAX = 1_000;

const TERMINAL: Terminal = {
  isThere: () => process.stderr.isTTY === true,
  write: (text) => void process.stderr.write(text),
};

/** Returns the exit code. */
export async function runReplay(
  files: readonly string[],
  options: ReplayCommandOptions,
): Promise<number> {
  const rowsMax = /^\d{1,4}$/.test(options.rows) ? Number(options.rows) : Number.NaN;
  if (!(rowsMax <= ROWS_MAX)) {
    return refuse(EXIT.usage, [`--rows: '${options.rows}' is no whole number up to ${ROWS_MAX}`]);
  }
  const received = options.received === undefined ? undefined : readTime(options.received);
  if (received === null) {
    const hint = 'write it as 2025-06-09T00:00:00Z, in UTC where no zone is given';
    return refuse(EXIT.usage, [`--received: '${options.received}' is not a time; ${hint}`]);
  }
  if (options.input.length === 0) {
    return refuse(EXIT.usage, ['there is nothing to replay: name it with --input KIND=PATH']);
  }
  const { parameters, errors } = readParameters(options.parameters);
  if (errors.length > 0) return refuse(EXIT.noInput, errors);
  const now = readRules(files, { parameters });
  const old = readRules(options.against, { parameters });
  const code = ruleMistakes(now, old);
  if (code !== EXIT.ok) return code;
  const { inputs, mistakes, missing } = readInputs(options.input, [...now.rules, ...old.rules]);
  if (mistakes.length > 0) return refuse(EXIT.usage, mistakes);
  if (missing.length > 0) return refuse(EXIT.noInput, missing);
  const total = inputs.flatMap((input) => input.files).reduce((sum, { size }) => sum + size, 0);
  const progress = new Progress(TERMINAL, total, () => systemClock.monotonic());
  let replayed: Replayed;
  try {
    replayed = await replay({
      rules: now.rules,
      ...(options.against.length > 0 && { against: old.rules }),
      ...(received !== undefined && { receivedMs: received.epochMs }),
      ...{ inputs, progress, samplesMax: rowsMax },
      stdin: () => process.stdin,
      complain(line) {
        progress.clear();
        say(line);
      },
    });
  } catch (error) {
    if (!isAgentError(error, 'AGENT_CONFIG_INVALID')) throw error;
    progress.clear();
    return refuse(EXIT.usage, [error.message]);
  }
  progress.clear();
  const report = reportOf(replayed, options.against);
  print(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report));
  if (replayed.inputs.some(({ isUnreadable }) => isUnreadable)) return EXIT.badData;
  if (now.hasErrors || old.hasErrors) return EXIT.findings;
  return options.denyEmpty === true ? denyEmpty(report) : EXIT.ok;
}

/** Says what is wrong with the rules; not `ok` where there is nothing to replay. */
function ruleMistakes(now: ReadRules, old: ReadRules): number {
  const findings = [...now.findings, ...old.findings];
  for (const line of findings) process.stderr.write(`${printable(line)}\n`);
  const unreadable = [...now.unreadable, ...old.unreadable];
  if (unreadable.length > 0) return refuse(EXIT.noInput, unreadable);
  const isAnyLost = [now, old].some(({ hasErrors, rules }) => hasErrors && rules.length === 0);
  return isAnyLost ? EXIT.findings : EXIT.ok;
}

function denyEmpty(report: ReplayReport): number {
  const empty = emptyParts(report);
  for (const part of empty) say(part);
  return empty.length > 0 ? EXIT.findings : EXIT.ok;
}

function refuse(code: number, lines: readonly string[]): number {
  for (const line of lines) say(line);
  return code;
}

function say(line: string): void {
  process.stderr.write(`dcr-agent: ${printable(line)}\n`);
}

function print(text: string): void {
  const out = new PrintTo(STANDARD_OUTPUT, 'standard output');
  out.print(text);
  out.flush();
}
