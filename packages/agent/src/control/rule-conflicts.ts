/**
 * Two files with the same rule id are both refused: which one is meant cannot be known. What
 * ran under the id before goes on, so that a copy made beside a rule does not stop it. Pure.
 */
import type { AgentConfiguration } from '@dcr-agent/schema';
import type { NamedConfiguration } from './rule-files.ts';

export interface ResolvedConflicts {
  readonly configurations: readonly AgentConfiguration[];
  /** One sentence per id that several files claim. */
  readonly conflicts: readonly string[];
}

export function resolveConflicts(
  files: readonly NamedConfiguration[],
  running: readonly AgentConfiguration[],
): ResolvedConflicts {
  const idOf = ({ configurationId }: AgentConfiguration): string => configurationId.toLowerCase();
  const conflicts: string[] = [];
  const configurations = [...Map.groupBy(files, (file) => idOf(file.configuration))].flatMap(
    ([id, claims]) => {
      if (claims.length === 1) return claims.map(({ configuration }) => configuration);
      const former = running.filter((configuration) => idOf(configuration) === id);
      const names = claims.map(({ name }) => name).join(', ');
      const fate = former.length > 0 ? 'what ran before stays in force' : 'none of them is used';
      conflicts.push(`the files ${names} have the same rule id ${id}; ${fate}`);
      return former;
    },
  );
  return { configurations, conflicts };
}
