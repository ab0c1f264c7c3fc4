/** Whether transformations have a function. */
import { nearest } from '../rule/did-you-mean.ts';
import { nameOf } from '../rule/text/show.ts';
import type { Checking } from './checking.ts';
import type { Mention } from './expression.ts';
import {
  DOCUMENTED_SPELLINGS,
  FOREIGN_NAMES,
  REFUSED_FUNCTIONS,
  TRANSFORM_FUNCTIONS,
} from './known-functions.ts';
import { AGGREGATIONS, isKustoFunction, OTHER_FUNCTIONS } from './kusto-functions.ts';

/** Letter case counts in names of functions. */
export function checkCall(checking: Checking, { name, unit }: Mention): void {
  if (TRANSFORM_FUNCTIONS.has(name) || checking.lets.has(name)) return;
  const instead = REFUSED_FUNCTIONS.get(name) ?? insteadOfAggregation(name);
  if (instead !== undefined) {
    const message = `transformations do not have the function ${nameOf(name)}`;
    checking.report({ code: 'TRANSFORM_FUNCTION_UNSUPPORTED', unit, message, hint: instead }, name);
  } else if (isKustoFunction(name)) {
    const message = `the function ${nameOf(name)} is not documented for transformations`;
    const documented = DOCUMENTED_SPELLINGS.get(name);
    const hint =
      documented === undefined ? 'try the rule before relying on it' : `write ${documented}`;
    checking.report({ code: 'TRANSFORM_FUNCTION_UNLISTED', unit, message, hint }, name);
  } else {
    const code = 'TRANSFORM_FUNCTION_UNKNOWN';
    if (!checking.wants(code, name)) return;
    const message = `there is no function ${nameOf(name)}`;
    const meant = FOREIGN_NAMES.get(name.toLowerCase()) ?? meantFunction(checking, name);
    const finding = { code, unit, message } as const;
    const hint = meant === undefined ? undefined : `did you mean '${meant}'?`;
    checking.report(hint === undefined ? finding : { ...finding, hint }, name);
  }
}

function insteadOfAggregation(name: string): string | undefined {
  if (name === 'min' || name === 'max') return `of several values of one record: ${name}_of`;
  return AGGREGATIONS.has(name) ? 'a transformation sees one record at a time' : undefined;
}

function meantFunction(checking: Checking, name: string): string | undefined {
  return (
    nearestOfMany(name, [...TRANSFORM_FUNCTIONS.keys(), ...checking.lets.keys()]) ??
    nearestOfMany(name, [...OTHER_FUNCTIONS])
  );
}

/** `nearest` looks at a limited number of candidates; these are more, but of a fixed number. */
function nearestOfMany(name: string, candidates: readonly string[]): string | undefined {
  const alike = candidates.filter((known) => Math.abs(known.length - name.length) <= 3);
  const best: string[] = [];
  for (let i = 0; i < alike.length; i += SLICE) {
    const found = nearest(name, alike.slice(i, i + SLICE));
    if (found !== undefined) best.push(found);
  }
  return nearest(name, best);
}

/** What `nearest` looks at, at most. */
const SLICE = 64;
