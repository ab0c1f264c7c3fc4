/**
 * Where other people's data lie that some tests read. The folder is beside the checkout and not
 * part of it: without it those tests skip, saying so; in CI its absence is a failure.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

/** Options for `test(name, options, fn)`: skips where the corpus is absent, outside CI. */
export function corpusOptions(folder: string): { skip: string | false } {
  if (existsSync(root + folder)) return { skip: false };
  if (process.env.CI === 'true') throw new Error(`corpus folder ${root}${folder} is missing`);
  return { skip: `corpus folder ${root}${folder} is not here` };
}

export function corpusPath(relative: string): string {
  return root + relative;
}
