/**
 * The files of a rule folder and what was last good in each. What is wrong with a file is
 * logged once per content, with file, line and column.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentConfiguration, formatDiagnostic } from '@dcr-agent/schema';
import { reasonOf } from '../errors.ts';
import type { Log } from '../host/log.ts';
import type { KeptRuleFiles, RuleTexts } from './kept-rule-files.ts';
import { readRuleText } from './read-rule-text.ts';
import type { RefusedRule } from './rule-feed.ts';
import { type LocalDestinations, readRuleFile } from './rule-file.ts';

const FILE_BYTES_MAX = 4 * 1_048_576;

export interface RuleFilesOptions {
  readonly folder: string;
  readonly destinations: LocalDestinations;
  readonly log: Log;
  /** What was good before the agent started. */
  readonly kept: KeptRuleFiles;
}

export interface FolderReading {
  /** The last good form of every file. */
  readonly files: readonly NamedConfiguration[];
  /** Files that cannot be used as they are now, by path. */
  readonly wrong: readonly RefusedRule[];
}

export interface NamedConfiguration {
  readonly name: string;
  readonly configuration: AgentConfiguration;
}

interface FileState {
  /** Of the content last read, or the reason why there is none. */
  readonly fingerprint: string;
  readonly good: GoodRule | undefined;
  readonly wrong?: string;
}

interface GoodRule {
  readonly configuration: AgentConfiguration;
  readonly text: string;
}

export class RuleFiles {
  readonly #options: RuleFilesOptions;
  #files: ReadonlyMap<string, FileState> = new Map();

  constructor(options: RuleFilesOptions) {
    this.#options = options;
  }

  /** What was good when the agent ran last, for files that cannot be read now. Never rejects. */
  async restore(): Promise<readonly NamedConfiguration[]> {
    const { kept, destinations } = this.#options;
    const files = new Map<string, FileState>();
    for (const [name, text] of await kept.load()) {
      const { configuration } = readRuleFile(name, text, destinations);
      // Not the fingerprint of the text: what is wrong with it is to be told once more.
      if (configuration !== undefined)
        files.set(name, { fingerprint: '', good: { configuration, text } });
    }
    this.#files = files;
    return configurationsOf(files);
  }

  /** In the order of names. Rejects when the folder cannot be listed. */
  async read(): Promise<FolderReading> {
    const names = (await readdir(this.#options.folder)).filter(isRuleFile).sort();
    const files = new Map<string, FileState>();
    for (const name of names) {
      const state = await this.#readFile(name, this.#files.get(name));
      if (state !== undefined) files.set(name, state);
    }
    this.#files = files;
    await this.#options.kept.save(goodTexts(files));
    return {
      files: configurationsOf(files),
      wrong: [...files].flatMap(([name, { wrong }]) =>
        wrong === undefined ? [] : [{ rule: join(this.#options.folder, name), reason: wrong }],
      ),
    };
  }

  /** The file's state now; `undefined` when it vanished meanwhile. */
  async #readFile(name: string, former: FileState | undefined): Promise<FileState | undefined> {
    const path = join(this.#options.folder, name);
    let text: string;
    try {
      text = await readRuleText(path, FILE_BYTES_MAX);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      const reason = `${path}: ${reasonOf(error)}`;
      return former?.fingerprint === reason ? former : this.#refuse(path, reason, reason, former);
    }
    const fingerprint = createHash('sha256').update(text).digest('hex');
    if (fingerprint === former?.fingerprint) return former;
    return this.#readText(name, path, text, fingerprint, former);
  }

  #readText(
    name: string,
    path: string,
    text: string,
    fingerprint: string,
    former: FileState | undefined,
  ): FileState {
    const { destinations, log } = this.#options;
    const { configuration, diagnostics } = readRuleFile(name, text, destinations);
    for (const diagnostic of diagnostics) {
      const level = diagnostic.severity === 'error' ? 'error' : 'warn';
      log[level]({ code: diagnostic.code }, formatDiagnostic(diagnostic, path));
    }
    const error = diagnostics.find(({ severity }) => severity === 'error');
    const wrong = error && formatDiagnostic(error, path);
    if (configuration === undefined) {
      return this.#refuse(path, wrong ?? `${path}: no rule`, fingerprint, former);
    }
    return { fingerprint, good: { configuration, text }, ...(wrong !== undefined && { wrong }) };
  }

  #refuse(
    path: string,
    wrong: string,
    fingerprint: string,
    former: FileState | undefined,
  ): FileState {
    const message = former?.good
      ? 'a rule file is wrong; its last good form stays in force'
      : 'a rule file is wrong; it is not used';
    this.#options.log.error({ path, reason: wrong }, message);
    return { fingerprint, good: former?.good, wrong };
  }
}

function configurationsOf(files: ReadonlyMap<string, FileState>): NamedConfiguration[] {
  return [...files].flatMap(([name, { good }]) =>
    good === undefined ? [] : [{ name, configuration: good.configuration }],
  );
}

function goodTexts(files: ReadonlyMap<string, FileState>): RuleTexts {
  return new Map(
    [...files].flatMap(([name, { good }]) => (good === undefined ? [] : [[name, good.text]])),
  );
}

/** Hidden files are editors' and volumes' own. */
function isRuleFile(name: string): boolean {
  return name.endsWith('.json') && !name.startsWith('.');
}
