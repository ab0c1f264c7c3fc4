/**
 * What the metadata service said last, kept in the state directory: an agent that starts while
 * the service is away goes on with its rules. It is used only when the service does not answer,
 * and only for the service it came from, so a copied disk does not make one machine another.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../errors.ts';
import type { Log } from '../host/log.ts';
import { writeFileAtomically } from '../host/write-file-atomically.ts';
import type { Compute } from './instance-metadata.ts';

const VERSION = 1;

export class RememberedMachine {
  readonly #path: string;
  readonly #log: Log;

  constructor(stateDir: string, log: Log) {
    this.#path = join(stateDir, 'machine.json');
    this.#log = log;
  }

  /** Never rejects; a file that cannot be read is as good as none. */
  async load(address: string): Promise<Compute | undefined> {
    try {
      return readMachine(await readFile(this.#path, 'utf8'), address);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#complain(error, 'read');
      return undefined;
    }
  }

  /** Never rejects: a machine that cannot be remembered is known all the same. */
  async save(address: string, compute: Compute): Promise<void> {
    const text = `${JSON.stringify({ version: VERSION, address, compute })}\n`;
    try {
      if ((await readFile(this.#path, 'utf8').catch(() => '')) === text) return;
      await writeFileAtomically(this.#path, text);
    } catch (error) {
      this.#complain(error, 'kept');
    }
  }

  #complain(error: unknown, what: string): void {
    const facts = { path: this.#path, reason: reasonOf(error) };
    this.#log.warn(facts, `what the metadata service said of this machine cannot be ${what}`);
  }
}

function readMachine(text: string, address: string): Compute | undefined {
  const kept = { ...(JSON.parse(text) as object) } as {
    version?: unknown;
    address?: unknown;
    compute?: Partial<Compute>;
  };
  if (kept.version !== VERSION) throw new Error(`version ${kept.version} is not ${VERSION}`);
  const { resourceId, location, azEnvironment, vmId } = kept.compute ?? {};
  if (typeof resourceId !== 'string') throw new Error('it names no resource id');
  if (kept.address !== address) return undefined;
  return {
    resourceId,
    ...(typeof location === 'string' && { location }),
    ...(typeof azEnvironment === 'string' && { azEnvironment }),
    ...(typeof vmId === 'string' && { vmId }),
  };
}
