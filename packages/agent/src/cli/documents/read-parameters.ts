/**
 * Files with values for the parameters of templates, as deployments take them:
 * `{"parameters": {"name": {"value": …}}}`, or the names and values alone.
 */
import { isObject, type Json, parseJson } from '@dcr-agent/schema/documents';
import { reasonOf } from '../../errors.ts';
import { decodeText } from './decode-text.ts';
import { readWhole } from './read-whole.ts';

export interface ReadParameters {
  readonly parameters: ReadonlyMap<string, Json>;
  /** What could not be used, one sentence each. */
  readonly errors: readonly string[];
}

const NO_PARAMETERS =
  'it holds no object of parameters; write {"parameters": {"name": {"value": …}}}';

/** Of two files that give one parameter the later wins. */
export function readParameters(files: readonly string[]): ReadParameters {
  const parameters = new Map<string, Json>();
  const errors: string[] = [];
  for (const file of files) {
    try {
      const decoded = decodeText(readWhole(file));
      if ('reason' in decoded) throw new Error(decoded.reason);
      for (const [name, value] of valuesIn(decoded.text)) parameters.set(name, value);
    } catch (error) {
      errors.push(`${file}: ${reasonOf(error)}`);
    }
  }
  return { parameters, errors };
}

function valuesIn(text: string): [string, Json][] {
  const { value, problem } = parseJson(text);
  if (problem !== undefined) throw new Error(problem);
  if (!isObject(value)) throw new Error(NO_PARAMETERS);
  const { parameters: all = value } = value;
  if (!isObject(all)) throw new Error(NO_PARAMETERS);
  return Object.entries(all).flatMap(([name, given]): [string, Json][] => {
    if (name === '$schema' || name === 'contentVersion') return [];
    if (!isObject(given)) return [[name, given]];
    // A reference to a secret is known when it is deployed.
    if (given.reference !== undefined && given.value === undefined) return [];
    return [[name, given.value ?? given]];
  });
}
