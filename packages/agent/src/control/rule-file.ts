/**
 * One rule file → the configuration the control plane would send for it. This machine stands in
 * for the control plane: its own configuration says where workspaces are. Pure.
 */
import { createHash } from 'node:crypto';
import {
  type AgentConfiguration,
  configureRule,
  type Diagnostic,
  parseRule,
  type ResolvedWorkspace,
} from '@dcr-agent/schema';

/** Where the destinations of local rules are. */
export interface LocalDestinations {
  readonly workspaces: readonly (ResolvedWorkspace & { readonly resourceId: string })[];
  /** Base URL of the Logs Ingestion endpoint for all local rules. */
  readonly ingestionEndpoint?: string;
}

export interface RuleFileReading {
  /** Absent when the file holds no usable rule. */
  readonly configuration?: AgentConfiguration;
  readonly diagnostics: readonly Diagnostic[];
}

/** `name`: of the file, without its folder; names the rule when it has no immutable id. */
export function readRuleFile(
  name: string,
  text: string,
  destinations: LocalDestinations,
): RuleFileReading {
  const { rule, diagnostics } = parseRule(text);
  if (rule === undefined) return { diagnostics };
  const { workspaces, ingestionEndpoint } = destinations;
  const { configuration, diagnostics: unresolved } = configureRule(rule, {
    configurationId: rule.immutableId ?? localRuleId(name),
    eTag: digest(text + JSON.stringify(destinations)),
    workspace: (id) => workspaces.find(({ resourceId }) => isSameResource(resourceId, id)),
    ...(ingestionEndpoint !== undefined && { ingestionEndpoint }),
  });
  return { configuration, diagnostics: [...diagnostics, ...unresolved] };
}

/** In the form of an immutable id; stays the same when the content of the file changes. */
export function localRuleId(name: string): string {
  return `dcr-${digest(name)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** ARM ids are compared ignoring case. */
function isSameResource(a: string, b: string): boolean {
  const plain = (id: string): string => id.replace(/\/+$/, '').toLowerCase();
  return plain(a) === plain(b);
}
