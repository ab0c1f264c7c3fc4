/** What no value shows alone. */
import type { AgentConfig } from './agent-config.ts';
import type { Origin } from './layers.ts';

/** One sentence per finding. */
export function checkTogether(
  { identity, workspaces }: AgentConfig,
  origins: ReadonlyMap<string, Origin>,
): string[] {
  return [...identityFindings(identity, origins), ...workspaceFindings(workspaces)];
}

function identityFindings(
  identity: AgentConfig['identity'],
  origins: ReadonlyMap<string, Origin>,
): string[] {
  const set = (['clientId', 'objectId', 'resourceId'] as const)
    .filter((name) => identity[name] !== undefined)
    .map((name) => `identity.${name} (${origins.get(`identity.${name}`)?.name})`);
  return set.length > 1 ? [`only one may name the identity: ${set.join(', ')}`] : [];
}

function workspaceFindings(workspaces: AgentConfig['workspaces']): string[] {
  const groups = Map.groupBy(workspaces, ({ resourceId }) => resourceId.toLowerCase());
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map(([first]) => `workspaces has ${first?.resourceId} more than once`);
}
