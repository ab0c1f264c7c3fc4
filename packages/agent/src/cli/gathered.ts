/** Options that may be given again. */
import { Option } from 'commander';

/** `flags` as commander has them: `--queries <file>`. The values come as a list. */
export function gathered(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((value: string, before: readonly string[]) => [...before, value])
    .default([]);
}

/** Of every command that reads documents which may be templates. */
export function parametersOption(): Option {
  const description = 'values for the parameters of templates, as deployments take them';
  return gathered('--parameters <file>', description);
}
