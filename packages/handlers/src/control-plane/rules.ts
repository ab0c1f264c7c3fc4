/**
 * `Microsoft.Insights/dataCollectionRules`. A rule is parsed before it is stored: what is kept
 * here can be configured.
 */
import { randomBytes } from 'node:crypto';
import { type Diagnostic, parseRule } from '@dcr-agent/schema';
import type { HandlersContext } from '../context.ts';
import { ArmError } from '../http/arm-error.ts';
import { type JsonObject, objectMember } from '../http/json.ts';
import type { StoredResource } from '../store/store.ts';
import { configureStoredRule } from './configure-stored-rule.ts';
import type { PutRequest, ResourceDraft, ResourceType } from './resource-type.ts';
import { toRuleBody } from './rule-body.ts';
import { findTransformations } from './transformations.ts';

export const rules: ResourceType = {
  kind: 'rule',
  owns: (type) => type.toLowerCase() === 'microsoft.insights/datacollectionrules',
  check: async (request) => checkRule(request),
  properties: (resource, body, context) => ({
    ...objectMember(body, 'properties'),
    immutableId: resource.immutableId,
    provisioningState: 'Succeeded',
    ...(isDirect(body) && { endpoints: { logsIngestion: context.url() } }),
  }),
  beforeDelete: deleteAssociations,
  afterPut: reportUnresolved,
};

function isDirect(body: JsonObject): boolean {
  return typeof body.kind === 'string' && body.kind.trim().toLowerCase() === 'direct';
}

function checkRule({ text, body: written, existing }: PutRequest): ResourceDraft {
  const { rule, diagnostics } = parseRule(text);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (rule === undefined || errors.length > 0) {
    throw new ArmError('InvalidPayload', 'Data collection rule is invalid', {
      details: errors.map(toDetail),
    });
  }
  const body = toRuleBody(written);
  const transformations = findTransformations(body);
  if (transformations.length > 0) {
    throw new ArmError(
      'InvalidTransformQuery',
      'This handler cannot evaluate transformations yet, so it would store rows the rule did ' +
        `not ask for. Remove ${transformations.join(', ')}, or write 'source'.`,
      {
        details: transformations.map((target) => ({
          code: 'InvalidTransformQuery',
          message: 'Transformations are not supported by this handler.',
          target,
        })),
      },
    );
  }
  return {
    body,
    immutableId: existing?.immutableId ?? `dcr-${randomBytes(16).toString('hex')}`,
  };
}

/** With the code and target that the service answers, where these are known. */
function toDetail(diagnostic: Diagnostic): { code: string; message: string; target: string } {
  const { code, pointer, position: at, service } = diagnostic;
  const place = at === undefined ? '' : ` at line ${at.line}, column ${at.column}`;
  const hint = diagnostic.hint === undefined ? '' : ` (${diagnostic.hint})`;
  return {
    code: service?.code ?? code,
    message: `${code}${place}: ${diagnostic.message}${hint}`,
    target: service?.target ?? pointer,
  };
}

async function deleteAssociations(
  resource: StoredResource,
  { store }: HandlersContext,
  options: { readonly deleteAssociations: boolean },
): Promise<void> {
  const associations = await store.listResources({ kind: 'association', target: resource.id });
  if (associations.length > 0 && !options.deleteAssociations) {
    throw new ArmError(
      'ResourceInUse',
      `Rule '${resource.name}' is associated with ${associations.length} resource(s), first '${associations[0]?.scope}'; add deleteAssociations=true to delete the associations with it.`,
    );
  }
  for (const association of associations) await store.deleteResource(association.id);
}

/** What the rule names and this server does not have is served without, so it has to be said. */
async function reportUnresolved(resource: StoredResource, context: HandlersContext): Promise<void> {
  const { diagnostics } = await configureStoredRule(resource, context);
  for (const { code, message } of diagnostics) {
    context.log.warn({ rule: resource.id, code }, message);
  }
}
