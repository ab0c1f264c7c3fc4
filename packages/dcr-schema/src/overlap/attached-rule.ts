/** The rules of one machine, as an operator attaches them. */
import type { Rule } from '../rule/rule.ts';
import { nameOf } from '../rule/text/show.ts';

export interface AttachedRule {
  readonly rule: Rule;
  /** What messages call it: the name of its file. */
  readonly source: string;
}

/** `'rules/security.json'`. */
export function shownRule(attached: AttachedRule | undefined): string {
  return nameOf(attached?.source ?? '');
}

/** Rules for different operating systems never run on one machine. */
export function canRunTogether(a: Rule, b: Rule): boolean {
  const [kindOfA, kindOfB] = [osOf(a), osOf(b)];
  return kindOfA === null || kindOfB === null || kindOfA === kindOfB;
}

/** Does it tell an agent what to collect? */
export function collects({ kind }: Rule): boolean {
  return kind === undefined || kind === '' || osOf({ kind }) !== null;
}

function osOf({ kind }: Pick<Rule, 'kind'>): string | null {
  const os = kind?.toLowerCase();
  return os === 'linux' || os === 'windows' ? os : null;
}
