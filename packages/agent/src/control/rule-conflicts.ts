/**
 * Two files with the same rule id are both refused: which one is meant cannot be known. What
 * ran under the id before goes on, so that a copy made beside a rule does not stop it. Pure.
 */
import type { AgentConfiguration } from '@dcr-agent/schema';
import type { RefusedRule } from './rule-feed.ts';
import type { NamedConfiguration } from './rule-files.ts';

export interface ResolvedConflicts {
  readonly configurations: readonly AgentConfiguration[];
  /** One per id that several files claim. */
  readonly conflicts: readonly RefusedRule[];
}

export function resolveConflicts(
  files: readonly NamedConfiguration[],
  running: readonly AgentConfiguration[],
): ResolvedConflicts {
  const idOf = ({ configurationId }: AgentConfiguration): string => configurationId.toLowerCase();
  const conflicts: RefusedRule[] = [];
  const configurations = [...Map.groupBy(files, (file) => idOf(file.configuration))].flatMap(
    ([id, claims]) => {
      if (claims.length === 1) return claims.map(({ configuration }) => configuration);
      const former = running.filter((configuration) => idOf(configuration) === id);
      const names = claims.map(({ name }) => name).join(', ');
      const fate = former.length > 0 ? 'what ran before stays in force' : 'none of them is used';
      const reason = `the files ${names} have the same rule id ${id}; ${fate}`;
      conflicts.push({ rule: id, reason });
      return former;
    },
  );
  return { configurations, conflicts };
}
