/** `--input KIND=PATH` → what is to be replayed. */
import { statSync } from 'node:fs';
import { didYouMean } from '@dcr-agent/schema';
import { type InputKind, inputKindOf, type ReplayInput } from '../../replay/replay-input.ts';
import type { ReplayedRule } from '../../replay/rule-plan.ts';
import {
  EVENT_LOGS,
  findInputFiles,
  type InputFiles,
  type WantedFiles,
} from '../files/input-files.ts';

/** Short names, and those of rules, in lower case. */
export const INPUT_KINDS: ReadonlyMap<string, InputKind> = new Map([
  ['events', 'windowsEventLogs'],
  ['windowseventlogs', 'windowsEventLogs'],
  ['syslog', 'syslog'],
  ['text', 'text'],
  ['json', 'json'],
  ['iis', 'iisLogs'],
  ['iislogs', 'iisLogs'],
  ['firewall', 'windowsFirewallLogs'],
  ['windowsfirewalllogs', 'windowsFirewallLogs'],
]);
const SHORT_KINDS = 'events, syslog, text, json, iis, firewall';

export interface ReadInputs {
  readonly inputs: readonly ReplayInput[];
  /** Mistakes of the command line. */
  readonly mistakes: readonly string[];
  /** What is not there, or cannot be read. */
  readonly missing: readonly string[];
}

/** `rules`: all that may read the inputs, of both versions. */
export function readInputs(options: readonly string[], rules: readonly ReplayedRule[]): ReadInputs {
  const inputs: ReplayInput[] = [];
  const mistakes: string[] = [];
  const missing: string[] = [];
  for (const option of options) {
    const equals = option.indexOf('=');
    const [word, path] = [option.slice(0, Math.max(0, equals)), option.slice(equals + 1)];
    if (word === '' || path === '') {
      mistakes.push(`--input ${option}: write KIND=PATH, such as events=Security.evtx`);
      continue;
    }
    const target = targetOf(word, rules);
    if (typeof target === 'string') {
      mistakes.push(`--input ${option}: ${target}`);
      continue;
    }
    const { files, errors, problems } = filesOf(target.kind, path);
    for (const error of errors) missing.push(`--input ${option}: ${error}`);
    if (path === '-' && inputs.some((input) => input.path === '-')) {
      mistakes.push(`--input ${option}: standard input is given to another kind already`);
    }
    inputs.push({ ...target, path, files, ...(problems.length > 0 && { problems }) });
  }
  return { inputs, mistakes, missing };
}

type Target = Pick<ReplayInput, 'kind' | 'dataSource'>;

/** A text says what is wrong. */
function targetOf(word: string, rules: readonly ReplayedRule[]): Target | string {
  const sources = rules.flatMap(({ rule }) => rule.dataSources);
  const kind = INPUT_KINDS.get(word.toLowerCase());
  if (kind !== undefined) {
    const isAny = sources.some((dataSource) => inputKindOf({ dataSource }) === kind);
    return isAny ? { kind } : `the rules have no data source that reads ${nameOf(kind)}`;
  }
  const named = sources.filter(({ name }) => name === word);
  const kinds = new Set(named.map((dataSource) => inputKindOf({ dataSource })));
  const [only = null] = kinds;
  if (kinds.size > 1) return `data sources of several kinds are named '${word}'; name the kind`;
  if (only !== null) return { kind: only, dataSource: word };
  if (named.length > 0) return `records of data source '${word}' cannot be replayed from a file`;
  const names = sources.map(({ name }) => name);
  const meant = didYouMean(word, [...INPUT_KINDS.keys(), ...names]);
  const hint = meant === undefined ? '' : `; ${meant}`;
  return `'${word}' is no kind (${SHORT_KINDS}) and no data source of the rules${hint}`;
}

function nameOf(kind: InputKind): string {
  return kind === 'text' || kind === 'json' ? `log files of format ${kind}` : kind;
}

interface FoundFiles extends InputFiles {
  readonly problems: readonly string[];
}

/** In a folder, what cannot be read costs itself only. */
function filesOf(kind: InputKind, path: string): FoundFiles {
  const isEvents = kind === 'windowsEventLogs';
  const { files, errors } = findInputFiles([path], isEvents ? EVENT_LOGS : ANY_FILE);
  if (!isFolder(path)) return { files, errors, problems: [] };
  const isForeign = ({ name }: { readonly name: string }): boolean =>
    !isEvents && FOREIGN_FILE.test(name);
  const read = files.filter((file) => !isForeign(file));
  const passedOver = files
    .filter(isForeign)
    .map(({ name }) => `${name}: passed over, as it is ${foreignText(name)}`);
  const problems = [...errors, ...passedOver];
  return read.length === 0
    ? { files: [], errors: problems, problems: [] }
    : { files: read, errors: [], problems };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Rotated logs that were packed, and event logs, beside logs of text. */
const FOREIGN_FILE = /\.(?:gz|evtx)$/i;

function foreignText(name: string): string {
  return /gz$/i.test(name) ? 'packed; unpack it first' : 'an event log';
}

/** Hidden files are editors' and shells' own. */
const ANY_FILE: WantedFiles = { name: /^[^.]/, what: 'visible' };
