/**
 * The last good text of every rule file, kept in the state directory: a folder that is away when
 * the agent starts, or a file that was broken meanwhile, does not take a rule with it. Kept for
 * one folder; another one starts from nothing.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../errors.ts';
import type { Log } from '../host/log.ts';
import { writeFileAtomically } from '../host/write-file-atomically.ts';

const VERSION = 1;

/** Texts by the names of their files. */
export type RuleTexts = ReadonlyMap<string, string>;

export class KeptRuleFiles {
  readonly #path: string;
  readonly #folder: string;
  readonly #log: Log;
  #saved = '';

  constructor(stateDir: string, folder: string, log: Log) {
    this.#path = join(stateDir, 'rule-files.json');
    this.#folder = folder;
    this.#log = log;
  }

  /** Never rejects; what cannot be read is as good as nothing. */
  async load(): Promise<RuleTexts> {
    try {
      const text = await readFile(this.#path, 'utf8');
      const texts = readTexts(text, this.#folder);
      this.#saved = text;
      return texts;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#complain(error, 'read');
      return new Map();
    }
  }

  /** Never rejects: rules that cannot be kept are in force all the same. */
  async save(texts: RuleTexts): Promise<void> {
    const kept = { version: VERSION, folder: this.#folder, files: Object.fromEntries(texts) };
    const text = `${JSON.stringify(kept)}\n`;
    if (text === this.#saved) return;
    try {
      await writeFileAtomically(this.#path, text);
      this.#saved = text;
    } catch (error) {
      this.#complain(error, 'kept');
    }
  }

  #complain(error: unknown, what: string): void {
    const facts = { path: this.#path, reason: reasonOf(error) };
    this.#log.warn(facts, `the last good form of the rule files cannot be ${what}`);
  }
}

function readTexts(text: string, folder: string): RuleTexts {
  const kept = { ...(JSON.parse(text) as object) } as {
    version?: unknown;
    folder?: unknown;
    files?: unknown;
  };
  if (kept.version !== VERSION) throw new Error(`version ${kept.version} is not ${VERSION}`);
  if (kept.folder !== folder) return new Map();
  const files = Object.entries({ ...(kept.files as object) });
  return new Map(files.filter((file): file is [string, string] => typeof file[1] === 'string'));
}
