/**
 * The last good set of configurations on disk, so that a machine that starts while the control
 * plane is away goes on with its rules. It belongs to one machine and one endpoint: a copied
 * disk must not make a machine run another one's rules.
 */
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentConfiguration } from '@dcr-agent/schema';
import { reasonOf } from '../errors.ts';
import type { Log } from '../host/log.ts';
import { writeFileAtomically } from '../host/write-file-atomically.ts';
import { parseAgentConfigurations } from './configurations-answer.ts';

const VERSION = 1;

export interface CachedConfigurations {
  /** Whose rules they are. */
  readonly resourceId: string;
  /** The configured endpoint. */
  readonly endpoint: string;
  /** The endpoint that gave the answer. */
  readonly activeEndpoint: string;
  readonly savedAtMs: number;
  readonly configurations: readonly AgentConfiguration[];
}

export class ConfigurationCache {
  readonly #path: string;
  readonly #log: Log;

  constructor(stateDir: string, log: Log) {
    this.#path = join(stateDir, 'configuration.json');
    this.#log = log;
  }

  /** What was saved for this machine and endpoint. Never rejects; sets a damaged file aside. */
  async load(resourceId: string, endpoint: string): Promise<CachedConfigurations | undefined> {
    let saved: CachedConfigurations;
    try {
      saved = readCache(await readFile(this.#path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') await this.#setAside(error);
      return undefined;
    }
    if (
      saved.resourceId.toLowerCase() !== resourceId.toLowerCase() ||
      saved.endpoint !== endpoint
    ) {
      const { resourceId: of, endpoint: from } = saved;
      this.#log.warn({ of, from }, 'the kept rules are of another machine or endpoint; not used');
      return undefined;
    }
    return saved;
  }

  /** Never rejects: rules that cannot be kept are in force all the same. */
  async save(cached: CachedConfigurations): Promise<void> {
    try {
      await writeFileAtomically(this.#path, JSON.stringify({ version: VERSION, ...cached }));
    } catch (error) {
      const facts = { path: this.#path, reason: reasonOf(error) };
      this.#log.warn(facts, 'the rules cannot be kept on disk; they are in force');
    }
  }

  async #setAside(error: unknown): Promise<void> {
    const aside = `${this.#path}.damaged`;
    const isMoved = await rename(this.#path, aside).then(
      () => true,
      () => false,
    );
    this.#log.warn(
      { path: this.#path, reason: reasonOf(error), ...(isMoved && { movedTo: aside }) },
      'the kept rules cannot be read; waiting for the control plane',
    );
  }
}

/** Throws when the text is not a cache of this version. */
function readCache(text: string): CachedConfigurations {
  const json = JSON.parse(text) as Partial<CachedConfigurations> & { version?: number };
  const { version, resourceId, endpoint, activeEndpoint, savedAtMs } = { ...json };
  if (version !== VERSION) throw new Error(`version ${version} is not ${VERSION}`);
  if (
    typeof resourceId !== 'string' ||
    typeof endpoint !== 'string' ||
    typeof activeEndpoint !== 'string' ||
    typeof savedAtMs !== 'number'
  ) {
    throw new Error('members are missing');
  }
  const { configurations } = parseAgentConfigurations(json);
  return { resourceId, endpoint, activeEndpoint, savedAtMs, configurations };
}
